import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.forms.assessments import AuditMonthForm
from assessments.models import Answer, Assessment
from standards.models import Requirement, Scoring, Standard, Wording
from tests import factories


@pytest.fixture
def scope(site):
    release = factories.small_release()
    return {"variant": release.variants.get().pk, "channels": ["phone"], "audit_month": "2031-10"}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2030-01-15 12:00", tick=True)


def test_before_starting_it_says_how_many_requirements_will_be_asked(sign_in, mark, site, scope):
    response = sign_in(mark).post(reverse("assessment-add", args=[site.pk]), scope | {"count": "1"})
    assert response.status_code == 200
    assert ">12</span> requirements will be asked" in response.content.decode()
    assert not Assessment.objects.exists()


def test_everything_the_site_offers_is_in_scope_until_somebody_unticks_it(sign_in, mark, site, scope):
    form = sign_in(mark).get(reverse("assessment-add", args=[site.pk])).context["form"]
    assert form["channels"].value() == site.channels == ["phone", "email", "chatbot"]


def test_requirements_for_channels_not_in_scope_are_not_asked(sign_in, mark, site, scope):
    Requirement.objects.filter(key="pr1-thing-1").update(human=False, automated=True)
    sign_in(mark).post(reverse("assessment-add", args=[site.pk]), scope)
    assessment = Assessment.objects.get()
    assert assessment.asked == 11
    assert not assessment.answers.filter(requirement__key="pr1-thing-1").exists()


def test_starting_leads_to_the_task_list_with_everything_open(sign_in, mark, site, scope):
    response = sign_in(mark).post(reverse("assessment-add", args=[site.pk]), scope, follow=True)
    assessment = Assessment.objects.get()
    assert assessment.audit_month == date(2031, 10, 1)
    assert response.redirect_chain[-1][0] == reverse("assessment", args=[assessment.pk])
    assert "You will be asked 12 requirements." in response.content.decode()


def test_a_double_click_starts_one_assessment(sign_in, mark, site, scope):
    client = sign_in(mark)
    for _ in range(2):
        response = client.post(reverse("assessment-add", args=[site.pk]), scope, follow=True)
    assert Assessment.objects.count() == 1
    assert "already started" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("variant", "", "Choose the kind of operation."),
        ("variant", "999999", "Select a valid choice"),
        ("channels", [], "Tick at least one channel"),
        ("channels", ["social"], "Select a valid choice"),
        ("audit_month", "next year", "is not a month"),
        ("audit_month", "2031-13", "is not a month"),
        ("audit_month", "2029-12", "This month has passed"),
        ("audit_month", "2099-01", "within the next ten years"),
    ],
)
def test_a_scope_that_makes_no_sense_gets_a_sentence(sign_in, mark, site, scope, field, value, sentence):
    response = sign_in(mark).post(reverse("assessment-add", args=[site.pk]), scope | {field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Assessment.objects.exists()


def test_continue_leads_to_the_first_open_requirement(sign_in, bob, assessment):
    response = sign_in(bob).get(reverse("assessment-continue", args=[assessment.pk]))
    assert response.url == reverse("item", args=[assessment.pk, "PR1"]) + "#a"


def test_continue_goes_on_after_what_was_answered_last(sign_in, bob, assessment):
    answer = assessment.answers.get(requirement__key="pr1-thing-3")
    answer.record_choice("2", by=bob, version=0)
    response = sign_in(bob).get(reverse("assessment-continue", args=[assessment.pk]))
    assert response.url == reverse("item", args=[assessment.pk, "PR1"]) + "#d"


def test_continue_comes_back_to_what_was_left_open(sign_in, bob, assessment):
    left = assessment.answers.get(requirement__key="pr2-thing-2")
    for answer in assessment.answers.exclude(pk=left.pk):
        answer.record_choice("1", by=bob, version=0)
    response = sign_in(bob).get(reverse("assessment-continue", args=[assessment.pk]))
    assert response.url == reverse("item", args=[assessment.pk, "PR2"]) + "#b"


def test_continue_leads_to_the_results_once_all_is_answered(sign_in, bob, assessment):
    Answer.objects.update(choice="3", answered_at="2030-01-01T00:00Z")
    response = sign_in(bob).get(reverse("assessment-continue", args=[assessment.pk]))
    assert response.url == reverse("results", args=[assessment.pk])


def test_the_task_list_tells_each_items_state(sign_in, bob, assessment):
    for answer in assessment.answers.filter(requirement__item__code="PR1"):
        answer.record_choice("3", by=bob, version=0)
    assessment.answers.filter(requirement__item__code="PF3").update(choice="na", reason="other")
    page = " ".join(sign_in(bob).get(reverse("assessment", args=[assessment.pk])).content.decode().split())
    assert "4 of 12 requirements answered" in page
    assert "Complete" in page
    assert "Next: 0 of 4" in page
    assert "Not applicable" in page


def test_the_task_list_can_show_only_what_is_open(sign_in, bob, assessment):
    for answer in assessment.answers.filter(requirement__item__code="PR1"):
        answer.record_choice("3", by=bob, version=0)
    page = sign_in(bob).get(reverse("assessment", args=[assessment.pk]), {"show": "open"}).content.decode()
    assert "Topic 2" in page
    assert reverse("item", args=[assessment.pk, "PR1"]) not in page


@pytest.mark.parametrize("size", [2, 8])
def test_the_task_list_asks_the_database_the_same_whatever_its_size(
    sign_in, alice, site, size, django_assert_num_queries
):
    assessment = factories.started(site, factories.small_release(items=size, requirements=size), by=alice)
    client = sign_in(alice)
    client.get(reverse("assessment", args=[assessment.pk]))  # the constants of the release stay in memory
    # session, user, assessment with its names, answers, reviews, checks, a newer release
    with django_assert_num_queries(7):
        client.get(reverse("assessment", args=[assessment.pk]))


def test_a_viewer_is_told_that_they_may_look(sign_in, vera, assessment):
    page = sign_in(vera).get(reverse("assessment", args=[assessment.pk])).content.decode()
    assert "You may look but not answer." in page
    assert "You review here" not in page
    assert reverse("assessment-continue", args=[assessment.pk]) not in page


def test_a_reviewer_is_told_what_they_can_do_as_long_as_there_is_something_to_do(sign_in, rita, assessment):
    def page():
        return sign_in(rita).get(assessment.get_absolute_url()).content.decode()

    told = "you can read and comment on every answer, and decide on what is sent for review"
    assert told in page()
    assert "You may look but not answer." not in page()
    assessment.answers.update(choice="2")
    assessment.rescore()
    assert told in page()  # reviews begin in earnest once all is answered
    Assessment.objects.update(set_aside_at=timezone.now())
    assert told not in page()


def test_nobody_else_who_may_decide_is_told_so(sign_in, alice, assessment):
    assert "You review here" not in sign_in(alice).get(assessment.get_absolute_url()).content.decode()


def test_the_audit_month_can_be_set_and_cleared(sign_in, mark, assessment):
    client = sign_in(mark)
    client.post(reverse("assessment-edit", args=[assessment.pk]), {"audit_month": "2031-03"})
    assessment.refresh_from_db()
    assert assessment.audit_month == date(2031, 3, 1)
    client.post(reverse("assessment-edit", args=[assessment.pk]), {"audit_month": ""})
    assessment.refresh_from_db()
    assert assessment.audit_month is None


def test_the_audit_month_is_set_beside_an_answer_saved_in_the_same_moment(
    sign_in, mark, bob, assessment, meanwhile
):
    answer = assessment.answers.first()
    meanwhile(AuditMonthForm, lambda: answer.record_choice("1", by=bob, version=0))
    sign_in(mark).post(reverse("assessment-edit", args=[assessment.pk]), {"audit_month": "2031-03"})
    stored = Assessment.objects.get(pk=assessment.pk)
    assert (stored.audit_month, stored.open, stored.saved_by) == (date(2031, 3, 1), assessment.asked - 1, bob)


def test_an_assessment_moved_on_in_the_same_moment_stays_so(sign_in, mark, assessment, meanwhile):
    rows, now = Assessment.objects.filter(pk=assessment.pk), timezone.now()
    meanwhile(AuditMonthForm, lambda: rows.update(continued_at=now))
    response = sign_in(mark).post(
        reverse("assessment-edit", args=[assessment.pk]), {"audit_month": "2031-03"}
    )
    assert response.status_code == 403
    assert "continued in a newer one" in response.text
    assert rows.values_list("continued_at", "audit_month").get() == (now, None)


def test_times_are_those_of_the_site(sign_in, bob, assessment, time_machine):
    time_machine.move_to("2030-07-01 12:00", tick=False)
    assessment.answers.first().record_choice("1", by=bob, version=0)
    page = sign_in(bob).get(reverse("assessment", args=[assessment.pk])).content.decode()
    assert "1 July 2030, 13:00" in page


def test_an_edited_weight_shows_in_lists_without_anybody_saving_an_answer(sign_in, alice, bob, assessment):
    for answer in assessment.answers.filter(requirement__item__code="PR1"):
        answer.record_choice("3" if answer.requirement.letter == "a" else "0", by=bob, version=0)
    before = Assessment.objects.get().score
    requirement = Requirement.objects.get(key="pr1-thing-1")
    Wording.objects.create(requirement=requirement, weight=9)
    assessment.release.note_edit()
    sign_in(alice).get(reverse("home"))
    after = Assessment.objects.get()
    assert after.score > before
    assert after.score == after.scores().overall.score


def test_before_any_release_is_published_nothing_can_be_started(sign_in, mark, site):
    factories.small_release(status="draft")
    response = sign_in(mark).get(reverse("assessment-add", args=[site.pk]), follow=True)
    assert response.redirect_chain == [(reverse("site", args=[site.pk]), 302)]
    assert "No standard is published here yet" in response.content.decode()


@pytest.mark.parametrize("asked_for", ["nonsense", "-1", "²", "draft"])
def test_a_release_nobody_offers_is_answered_with_the_newest(sign_in, mark, site, scope, asked_for):
    draft = factories.small_release(version="3.0", position=0, status="draft")
    wanted = draft.pk if asked_for == "draft" else asked_for
    page = sign_in(mark).get(reverse("assessment-add", args=[site.pk]), {"release": wanted})
    assert page.context["release"].version == "1.0"


def test_a_variant_of_another_release_starts_nothing(sign_in, mark, site, scope):
    other = factories.small_release(version="2.0", position=15)
    response = sign_in(mark).post(
        reverse("assessment-add", args=[site.pk]), scope | {"variant": other.variants.get().pk}
    )
    assert response.status_code == 422
    assert not Assessment.objects.exists()


def test_a_scope_that_asks_nothing_starts_nothing(sign_in, mark, site, scope):
    Requirement.objects.update(human=False)
    response = sign_in(mark).post(reverse("assessment-add", args=[site.pk]), scope)
    assert "Nothing would be asked" in response.content.decode()
    assert not Assessment.objects.exists()


def test_the_bar_of_the_task_list_aims_at_the_furthest_stage_its_answers_can_lead_to(
    sign_in, vera, assessment
):
    def target():
        return re.search(r"target (\d+)%", page(assessment)).group(1)

    def page(row):
        return client.get(reverse("assessment", args=[row.pk])).content.decode()

    client = sign_in(vera)
    assert target() == "80"
    Assessment.objects.update(quick=True)
    assert target() == "30"
    Standard.objects.update(leads_to_audit=False)
    Scoring.objects.create(release=assessment.release, practice_target=70)
    assessment.release.note_edit()
    assert target() == "70"


def test_the_task_list_of_a_self_check_names_its_standard(sign_in, vera, assessment):
    client, address = sign_in(vera), reverse("assessment", args=[assessment.pk])
    assert "Small Standard, started" not in client.get(address).content.decode()
    Standard.objects.update(leads_to_audit=False)
    assert "Small Standard, started" in client.get(address).content.decode()


def chosen(response):
    """Name -> value of the radio buttons that are pressed."""
    radios = re.findall(r'<input type="radio"[^>]*>', response.content.decode())
    pressed = [radio for radio in radios if "checked" in radio]
    return {re.search(r'name="(\w+)"', radio)[1]: re.search(r'value="(\w+)"', radio)[1] for radio in pressed}


def test_everything_is_asked_until_somebody_chooses_the_quick_scan(sign_in, mark, site, scope):
    client, address = sign_in(mark), reverse("assessment-add", args=[site.pk])
    assert chosen(client.get(address))["quick"] == "everything"
    counted = client.post(address, scope | {"quick": "quick", "count": "1"})
    assert chosen(counted)["quick"] == "quick"


def test_the_only_kind_of_operation_is_chosen_already(sign_in, mark, site, scope):
    client, address = sign_in(mark), reverse("assessment-add", args=[site.pk])
    assert chosen(client.get(address))["variant"] == str(scope["variant"])
    factories.VariantFactory(code="OSP", position=2)
    assert "variant" not in chosen(client.get(address))


# ---- beginning with the answers of another one


@pytest.fixture
def answered(assessment, alice):
    for answer in assessment.answers.all():
        answer.record_choice("2", by=alice, version=0)
    return Assessment.objects.get(pk=assessment.pk)


def round_of(assessment, **changed):
    return {
        "variant": assessment.variant_id,
        "quick": "everything",
        "channels": ["phone"],
        "begin_with": assessment.pk,
    } | changed


def test_a_new_assessment_begins_with_the_answers_of_the_last(sign_in, mark, answered):
    client, address = sign_in(mark), reverse("assessment-add", args=[answered.site_id])
    page = client.get(address, {"from": answered.pk}).content.decode()
    assert "Those of CSP 1.0, started" in page
    assert "None: every requirement is open" in page
    assert re.search(rf'value="{answered.pk}"[^>]* checked', page)
    response = client.post(address, round_of(answered), follow=True)
    page = response.content.decode()
    assert "12 answers wait to be confirmed." in page
    assert "Begun with the answers of the assessment started" in page
    successor = answered.successors.get()
    text = client.get(reverse("item", args=[successor.pk, "PR1"])).content.decode()
    assert text.count("Last time, ") == 4
    assert "Confirm all 4 carried-over answers" in text


def test_continue_leads_to_what_waits_to_be_confirmed_once_nothing_is_open(sign_in, mark, answered):
    client = sign_in(mark)
    client.post(reverse("assessment-add", args=[answered.site_id]), round_of(answered))
    successor = answered.successors.get()
    first = successor.answers.in_order().first()
    first.confirm(by=mark)
    place = client.get(reverse("assessment-continue", args=[successor.pk]))["Location"]
    assert place == reverse("item", args=[successor.pk, "PR1"]) + "#b"


def test_answers_of_another_kind_of_operation_are_refused_with_a_sentence(sign_in, mark, answered):
    other = factories.VariantFactory(release=answered.release, code="OSP", name="Outsourcer", position=2)
    address = reverse("assessment-add", args=[answered.site_id])
    response = sign_in(mark).post(address, round_of(answered, variant=other.pk))
    assert response.status_code == 422
    assert "Those answers are of another kind of operation (CSP)." in response.content.decode()


def test_answers_of_another_organisation_cannot_be_begun_with(sign_in, mark, answered, charlie):
    foreign = factories.SiteFactory(organisation=charlie.memberships.get().organisation)
    theirs = factories.started(foreign, answered.release, by=charlie)
    theirs.answers.first().record_choice("3", by=charlie, version=0)
    address = reverse("assessment-add", args=[answered.site_id])
    response = sign_in(mark).post(address, round_of(answered, begin_with=theirs.pk))
    assert response.status_code == 422
    assert not theirs.successors.exists()


def test_a_new_round_is_undone_by_its_button(sign_in, mark, answered):
    client = sign_in(mark)
    client.post(reverse("assessment-add", args=[answered.site_id]), round_of(answered))
    successor = answered.successors.get()
    assert "Undo the new round" in client.get(reverse("assessment", args=[successor.pk])).content.decode()
    client.post(reverse("assessment-move-undo", args=[successor.pk]))
    answered.refresh_from_db()
    assert not answered.reading_only
