"""The questionnaire as a workbook on its pages: download, upload, dry run, applying and undoing."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from assessments.forms import answers as forms
from assessments.models import AnswerImport, AnswerRevision, Assessment
from assessments.workbooks import plan
from tests import factories, workbooks
from tests.assessments.workbooks.copies import answer, applied, begun, downloaded, filled
from tests.assessments.workbooks.texts import NOTES

ONE, TWO = "pr1-thing-1", "pr1-thing-2"


def upload(client, assessment, content, name="ours.xlsx", **options):
    address = reverse("workbook", args=[assessment.pk])
    return client.post(address, {"workbook": SimpleUploadedFile(name, content)}, **options)


def dry_run(client, assessment, rows, content=None):
    """The page that an upload leads to."""
    return upload(client, assessment, filled(assessment, rows, content), follow=True)


def sent(page):
    """What the browser sends of the boxes that are ticked."""
    found = page.context["plan"]
    return {
        "accept": [entry.tick for entry in found.changing if entry.accepted],
        "overwrite": [entry.tick for entry in found.conflicting if entry.overwritten],
    }


def address(name, done):
    return reverse(name, args=[done.assessment_id, done.pk])


def go(client, page, **changed):
    return client.post(address("workbook-apply", page.context["done"]), sent(page) | changed, follow=True)


# ---- out --------------------------------------------------------------------------------------------------------


def test_everybody_who_sees_the_assessment_downloads_it_under_a_telling_name(sign_in, vera, assessment):
    response = sign_in(vera).get(reverse("workbook-file", args=[assessment.pk]))
    day = timezone.localdate()
    assert (
        response["Content-Disposition"]
        == f"attachment; filename=\"questionnaire-leeds-{day}.xlsx\"; filename*=UTF-8''Questionnaire%20Leeds%20{day}.xlsx"
    )
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"PK")


def test_the_task_list_leads_there_and_to_the_upload_for_those_who_may(sign_in, bob, vera, assessment):
    page = sign_in(bob).get(reverse("assessment", args=[assessment.pk])).text
    assert reverse("workbook-file", args=[assessment.pk]) in page
    assert reverse("workbook", args=[assessment.pk]) in page
    page = sign_in(vera).get(reverse("assessment", args=[assessment.pk])).text
    assert reverse("workbook-file", args=[assessment.pk]) in page
    assert f'"{reverse("workbook", args=[assessment.pk])}"' not in page


# ---- in ---------------------------------------------------------------------------------------------------------


def test_an_upload_shows_what_would_change_and_saves_nothing(sign_in, bob, assessment):
    answer(assessment, TWO).record_choice("1", by=bob, version=0)
    page = dry_run(sign_in(bob), assessment, {ONE: {"level": "2"}, TWO: {"level": "3", "note": "Since May"}})
    assert "2 rows would change answers" in page.text
    assert f'id="accept-{answer(assessment, ONE).pk}" checked' in page.text
    assert "ours.xlsx" in page.text
    assert "Downloaded by Alice on" in page.text
    assert answer(assessment, ONE).choice == ""
    assert AnswerRevision.objects.count() == 1


def test_applying_saves_what_is_ticked_and_tells_how_much(sign_in, bob, assessment):
    client = sign_in(bob)
    page = dry_run(client, assessment, {ONE: {"level": "2"}, TWO: {"level": "3"}})
    done = go(client, page, accept=[f"{answer(assessment, TWO).pk}:0"])
    assert "1 row is saved." in done.text
    assert "1 row of this workbook is saved" in done.text
    assert "Applied by Bob on" in done.text
    assert (answer(assessment, ONE).choice, answer(assessment, TWO).choice) == ("", "3")


def test_applying_nothing_says_so_and_keeps_the_page(sign_in, bob, assessment):
    client = sign_in(bob)
    page = go(client, dry_run(client, assessment, {ONE: {"level": "2"}}), accept=[])
    assert page.status_code == 422
    assert "No row is ticked that would change anything" in page.text
    assert "checked" not in page.text


def test_a_second_click_changes_nothing_and_says_so(sign_in, bob, assessment):
    client = sign_in(bob)
    page = dry_run(client, assessment, {ONE: {"level": "2"}})
    go(client, page)
    assert "This workbook was applied already." in go(client, page).text
    assert answer(assessment, ONE).version == 1


def test_the_same_file_a_second_time_says_that_it_changes_nothing(sign_in, bob, assessment):
    client, content = sign_in(bob), filled(assessment, {ONE: {"level": "2"}})
    go(client, upload(client, assessment, content, follow=True))
    page = upload(client, assessment, content, follow=True)
    assert "This workbook changes nothing" in page.text
    assert "This very file was applied by Bob on" in page.text
    assert 'class="btn btn-primary"' not in page.text


def test_an_untouched_workbook_changes_nothing(sign_in, bob, assessment):
    page = upload(sign_in(bob), assessment, downloaded(assessment), follow=True)
    assert "What it says is what is saved here, row by row." in page.text


def test_refused_rows_are_told_with_row_and_column_and_hold_up_no_others(sign_in, bob, assessment):
    client = sign_in(bob)
    page = dry_run(client, assessment, {ONE: {"level": "seven"}, TWO: {"level": "2"}})
    assert "<td>E, Level</td>" in page.text
    assert "&#x27;seven&#x27; is not in the list." in page.text
    go(client, page)
    assert answer(assessment, TWO).choice == "2"


def test_a_conflict_shows_both_and_who_saved_and_stays_unticked(sign_in, alice, bob, assessment):
    content = downloaded(assessment)
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    client = sign_in(alice)
    page = dry_run(client, assessment, {ONE: {"level": "3"}}, content)
    assert "Saved here since the download" in page.text
    assert "Saved by Bob on" in page.text
    assert "Designed only" in page.text
    assert "checked" not in page.text
    row = answer(assessment, ONE)
    go(client, page, overwrite=[f"{row.pk}:1"])
    assert answer(assessment, ONE).choice == "3"


def test_what_is_saved_while_the_page_is_open_is_asked_about_again(sign_in, alice, bob, assessment):
    client = sign_in(alice)
    page = dry_run(client, assessment, {ONE: {"level": "3"}, TWO: {"level": "3"}})
    answer(assessment, ONE).record_choice("1", by=bob, version=0)
    again = go(client, page)
    assert again.status_code == 409
    assert "1 row was saved by somebody while you were looking, so nothing was applied yet." in again.text
    assert "saved while you were looking</strong>" in again.text
    assert sent(again) == {"accept": [f"{answer(assessment, TWO).pk}:0"], "overwrite": []}
    assert answer(assessment, TWO).choice == ""
    go(client, again)
    assert (answer(assessment, ONE).choice, answer(assessment, TWO).choice) == ("1", "3")


def test_a_busy_database_leaves_the_page_and_its_ticks(sign_in, bob, assessment, monkeypatch):
    monkeypatch.setattr(forms, "sleep", lambda seconds: None)
    client = sign_in(bob)
    page = dry_run(client, assessment, {ONE: {"level": "3"}})

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(AnswerImport, "take_turns", busy)
        again = go(client, page)
    assert (again.status_code, again["Retry-After"]) == (503, "5")
    assert sent(again) == sent(page)
    go(client, again)
    assert answer(assessment, ONE).choice == "3"


def test_ticks_that_no_page_sends_apply_nothing(sign_in, bob, assessment):
    client = sign_in(bob)
    page = dry_run(client, assessment, {ONE: {"level": "3"}})
    odd = ["x", "1:", "-1:0", "9" * 40 + ":0", "\x00", f"{answer(assessment, TWO).pk}:0"]
    assert go(client, page, accept=odd, overwrite=odd).status_code == 422
    assert AnswerRevision.objects.count() == 0


def test_hostile_notes_are_shown_as_text(sign_in, bob, assessment):
    keys = list(assessment.answers.in_order().values_list("requirement__key", flat=True))
    odd = [note for note in NOTES if len(note) < 200 and "\ud83d" not in note][-12:]
    rows = {key: {"note": f"<script>alert(1)</script>{note}"} for key, note in zip(keys, odd, strict=True)}
    client = sign_in(bob)
    page = dry_run(client, assessment, rows)
    assert "<script>alert" not in page.text
    done = go(client, page)
    assert "12 rows are saved." in done.text
    assert "<script>alert" not in done.text


def test_carried_over_answers_that_stay_are_confirmed_with_one_tick(sign_in, bob, assessment):
    row = answer(assessment, ONE)
    row.record_choice("2", by=bob, version=0)
    assessment.answers.filter(pk=row.pk).update(carried=True)
    client = sign_in(bob)
    page = dry_run(client, assessment, {})
    assert "This workbook changes nothing" in page.text
    assert "Unchanged: confirm 1 carried-over answer" in page.text
    assert f'name="confirm" value="{row.pk}:1" id="confirm">' in page.text
    assert "1 row is saved." in go(client, page, confirm=page.context["plan"].confirm_tick).text
    assert not answer(assessment, ONE).carried


def test_two_hundred_rows_fit_in_one_form(sign_in, alice, site):
    assessment = factories.started(site, factories.small_release(items=5, requirements=48), alice)
    keys = assessment.answers.values_list("requirement__key", flat=True)
    client = sign_in(alice)
    page = dry_run(client, assessment, {key: {"level": "3", "note": "x" * 2000} for key in keys})
    assert page.text.count('type="checkbox"') == 240
    assert "240 rows are saved." in go(client, page).text
    assert assessment.answers.filter(choice="3").count() == 240


def test_a_dry_run_takes_as_many_queries_for_one_row_as_for_many(
    sign_in, alice, assessment, django_assert_max_num_queries
):
    keys = list(assessment.answers.values_list("requirement__key", flat=True))
    client = sign_in(alice)
    for rows in (keys[:1], keys):
        page = dry_run(client, assessment, {key: {"level": "3", "note": "x"} for key in rows})
        with django_assert_max_num_queries(9):
            client.get(address("workbook-import", page.context["done"]))


# ---- refused ----------------------------------------------------------------------------------------------------


def test_no_file_an_empty_one_and_one_too_large_get_a_sentence(sign_in, bob, assessment, monkeypatch):
    client = sign_in(bob)
    page = client.post(reverse("workbook", args=[assessment.pk]))
    assert (page.status_code, "Choose the workbook you filled in." in page.text) == (422, True)
    assert "This file is empty." in upload(client, assessment, b"").text
    page = upload(client, assessment, b"PK" + bytes(10 * 1024 * 1024))
    assert "This file is larger than 10 MB, and no more is read." in page.text
    assert AnswerImport.objects.count() == 0


@pytest.mark.parametrize(("make", "sentence"), workbooks.FILES)
def test_a_crafted_file_gets_a_sentence_on_the_page(sign_in, bob, assessment, make, sentence):
    page = upload(sign_in(bob), assessment, make(downloaded(assessment)))
    assert page.status_code == 422
    assert sentence in page.text or "This file is empty." in page.text
    assert AnswerImport.objects.count() == AnswerRevision.objects.count() == 0


def test_a_workbook_of_another_assessment_is_refused(sign_in, bob, assessment, site, alice):
    other = factories.started(factories.SiteFactory(organisation=site.organisation, name="York"), by=alice)
    page = upload(sign_in(bob), assessment, downloaded(other))
    assert page.status_code == 422
    assert "This workbook is of another assessment, &#x27;York, CSP 1.0" in page.text


def test_an_assessment_for_reading_refuses_uploads_and_applying(sign_in, bob, assessment):
    done = begun(assessment, bob, {ONE: {"level": "3"}})
    content = downloaded(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(set_aside_at=timezone.now(), previous=assessment)
    client = sign_in(bob)
    page = upload(client, assessment, content, follow=True)
    assert "so nothing can be changed here." in page.text
    assert AnswerImport.objects.count() == 1
    assert "Apply the ticked rows" not in client.get(address("workbook-import", done)).text
    refused = client.post(address("workbook-apply", done), {"accept": [f"{answer(assessment, ONE).pk}:0"]})
    assert refused.status_code == 403
    assert answer(assessment, ONE).choice == ""


def test_a_dry_run_that_is_gone_leads_back_with_a_sentence(sign_in, alice, assessment, site):
    done = begun(assessment, alice, {ONE: {"level": "3"}})
    begun(assessment, alice, {ONE: {"level": "3"}})
    client = sign_in(alice)
    for name in ("apply", "undo"):
        page = client.post(address(f"workbook-{name}", done), follow=True)
        assert "That upload is not here any more" in page.text
    assert (
        "That upload is not here any more" in client.get(address("workbook-import", done), follow=True).text
    )


def test_a_dry_run_that_a_newer_upload_replaces_at_the_same_moment_leads_back_with_a_sentence(
    sign_in, bob, assessment, monkeypatch
):
    done = begun(assessment, bob, {ONE: {"level": "3"}})
    apply, client = plan.apply, sign_in(bob)

    def too_late(found, *args, **options):
        AnswerImport.objects.filter(pk=found.pk).delete()
        return apply(found, *args, **options)

    monkeypatch.setattr(plan, "apply", too_late)
    response = client.post(address("workbook-apply", done), follow=True)
    assert response.redirect_chain == [(reverse("workbook", args=[assessment.pk]), 302)]
    assert "That upload is not here any more" in response.content.decode()


def test_an_import_is_not_shown_through_another_assessment_of_the_organisation(
    sign_in, alice, site, assessment
):
    done = begun(assessment, alice, {ONE: {"level": "3"}})
    other = factories.started(factories.SiteFactory(organisation=site.organisation, name="York"), by=alice)
    page = sign_in(alice).get(reverse("workbook-import", args=[other.pk, done.pk]), follow=True)
    assert "That upload is not here any more" in page.text


# ---- and back ---------------------------------------------------------------------------------------------------


def test_undoing_says_what_went_back_and_names_what_was_left_alone(sign_in, alice, bob, assessment):
    done = applied(assessment, alice, {ONE: {"level": "3", "note": "At home"}, TWO: {"level": "3"}})
    answer(assessment, ONE).record_choice("2", by=bob, version=2)
    client = sign_in(alice)
    page = client.get(address("workbook-import", done))
    assert "2 rows go back to what they said before." in page.text
    assert "Saved by somebody since: an undo leaves it alone" in page.text
    page = client.post(address("workbook-undo", done), follow=True)
    assert "2 changes went back. 1 was saved by somebody since and was left alone." in page.text
    assert "This workbook was undone" in page.text
    assert [entry.answer.requirement.key for entry in page.context["left"]] == [ONE]
    assert answer(assessment, ONE).choice == "2"
    assert "This was undone already." in client.post(address("workbook-undo", done), follow=True).text


def test_who_applied_a_workbook_may_undo_it_and_other_contributors_may_not(
    sign_in, alice, bob, mark, acme, assessment
):
    bobs = applied(assessment, bob, {ONE: {"level": "3"}})
    alices = applied(assessment, alice, {TWO: {"level": "3"}})
    client = sign_in(bob)
    assert "Undo this workbook" not in client.get(address("workbook-import", alices)).text
    refused = client.post(address("workbook-undo", alices))
    assert (refused.status_code, "Somebody else applied this workbook." in refused.text) == (403, True)
    assert "1 change went back." in client.post(address("workbook-undo", bobs), follow=True).text
    assert "1 change went back." in sign_in(mark).post(address("workbook-undo", alices), follow=True).text


def test_a_dry_run_cannot_be_undone(sign_in, alice, assessment):
    done = begun(assessment, alice, {ONE: {"level": "3"}})
    response = sign_in(alice).post(address("workbook-undo", done))
    assert response["Location"] == reverse("workbook", args=[assessment.pk])


def test_where_everything_was_saved_since_there_is_nothing_to_undo(sign_in, alice, bob, assessment):
    done = applied(assessment, alice, {ONE: {"level": "3"}})
    answer(assessment, ONE).record_choice("2", by=bob, version=1)
    page = sign_in(alice).get(address("workbook-import", done)).text
    assert "There is nothing to undo" in page
    assert "Undo this workbook" not in page


def test_a_busy_database_undoes_nothing_and_says_so(sign_in, alice, assessment, monkeypatch):
    monkeypatch.setattr(forms, "sleep", lambda seconds: None)
    done = applied(assessment, alice, {ONE: {"level": "3"}})

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(AnswerImport, "take_turns", busy)
    page = sign_in(alice).post(address("workbook-undo", done))
    assert (page.status_code, "The database is busy." in page.text) == (503, True)
    assert answer(assessment, ONE).choice == "3"


def test_the_list_of_workbooks_is_as_quick_for_many_as_for_one(
    sign_in, alice, assessment, django_assert_num_queries
):
    client, page = sign_in(alice), reverse("workbook", args=[assessment.pk])
    applied(assessment, alice, {ONE: {"level": "3"}})
    client.get(page)
    with django_assert_num_queries(5):
        assert "1 change, applied by Alice on" in client.get(page).text
    old = timezone.now() - timedelta(days=3)
    AnswerImport.objects.bulk_create(
        AnswerImport(assessment=assessment, by=alice, file_name=f"{number}.xlsx", said={}, applied_at=old)
        for number in range(25)
    )
    with django_assert_num_queries(5):
        assert "Page 1 of 2" in client.get(page).text
    assert "Newer" in client.get(page, {"p": "2"}).text


def test_a_dry_run_is_not_among_what_was_applied(sign_in, alice, assessment):
    begun(assessment, alice, {ONE: {"level": "3"}})
    assert (
        "Workbooks applied so far" not in sign_in(alice).get(reverse("workbook", args=[assessment.pk])).text
    )


def test_plans_are_made_of_what_is_stored_at_that_moment(assessment, alice, bob):
    done = begun(assessment, alice, {ONE: {"level": "3"}})
    assert len(plan.plan(done).changing) == 1
    answer(assessment, ONE).record_choice("3", by=bob, version=0)
    assert plan.plan(done).entries == []
