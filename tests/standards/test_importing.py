"""The pages on which own wording comes in from a workbook, goes back, and on which single texts are set back."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from standards.models import Release, Requirement, Wording, WordingImport
from standards.workbook.layout import STATE
from tests.standards.desk import page
from tests.standards.workbooks import OwnWording, edit, filled, own, template_of

KEY, OTHER = "pr1-thing-1", "pr1-thing-2"


def upload(client, release, content, name="ours.xlsx"):
    return client.post(page("release_wording", release.pk), {"workbook": SimpleUploadedFile(name, content)})


def dry_run(client, release, texts, content=None):
    return upload(client, release, filled(release, texts, content))


def go(client, release, shown, **data):
    """Imports what a dry run showed."""
    return client.post(
        page("release_apply", release.pk), {"kept": shown.context["kept"], **data}, follow=True
    )


def undo(client, release, done, shown=None):
    if shown is None:
        shown = client.get(page("release_import", release.pk, done.pk)).context["undoing"].digest
    return client.post(page("release_undo", release.pk, done.pk), {"shown": shown}, follow=True)


@pytest.fixture
def imported(desk, release):
    """Edith's import of two texts of one requirement and one of another."""
    texts = {KEY: {"why": "Ours.", "scope": "Every site."}, OTHER: {"why": "Ours."}}
    go(desk, release, dry_run(desk, release, texts))
    return WordingImport.objects.get()


# ---- download and upload ----------------------------------------------------------------------------------------


def test_the_desk_and_the_release_lead_to_the_workbook(desk, release):
    address = page("release_wording", release.pk)
    assert address in desk.get(reverse("admin:index")).text
    assert address in desk.get(page("release_change", release.pk)).text
    assert page("release_template", release.pk) in desk.get(address).text


def test_the_template_is_downloaded_as_a_file_and_comes_back_unchanged(desk, release):
    response = desk.get(page("release_template", release.pk))
    content = b"".join(response.streaming_content)
    assert response["Content-Disposition"] == 'attachment; filename="own-wording-small-1.0.xlsx"'
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "no-store" in response["Cache-Control"]
    shown = upload(desk, release, content)
    assert "This workbook changes nothing" in shown.text


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.xlsx", "This file is empty."),
        (b"x" * 20_000_000, "big.xlsx", "This file is larger than 5 MB, and no more is read."),
        (b"key;statement\n", "a.csv", "This is not an Excel workbook (.xlsx)."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "of the old kind (.xls)"),
    ],
)
def test_a_file_of_another_kind_gets_a_sentence_beside_the_field(desk, release, content, name, sentence):
    response = upload(desk, release, content, name)
    assert response.status_code == 200
    assert sentence in response.context["form"].errors["workbook"][0]
    assert sentence.replace("'", "&#x27;") in response.text


def test_no_file_at_all_gets_a_sentence(desk, release):
    response = desk.post(page("release_wording", release.pk), {})
    assert "Choose the workbook you filled in." in response.text


# ---- the dry run ------------------------------------------------------------------------------------------------


def test_the_dry_run_shows_every_change_word_by_word_and_stores_nothing(desk, release):
    edit(OTHER, why="Ours.")
    shown = dry_run(desk, release, {KEY: {"scope": "For every site, every month."}, OTHER: {"why": ""}})
    assert '<del><span class="visually-hidden">removed: </span>channel</del>' in shown.text
    assert '<ins><span class="visually-hidden">added: </span>site</ins>' in shown.text
    assert "as shipped again" in shown.text
    assert (shown.context["plan"].texts, shown.context["plan"].same) == (2, 10)
    assert own(OTHER) == {"why": "Ours."}
    assert not WordingImport.objects.exists()


def test_refused_rows_come_first_with_row_column_and_reason(desk, release):
    shown = dry_run(desk, release, {OTHER: {"statement": "x" * 201}, KEY: {"scope": "Every site."}})
    row = re.search(r"<tr>\s*<th scope=\"row\">3</th>(.*?)</tr>", shown.text, re.DOTALL)
    assert "E, Statement, own" in row[1]
    assert "at most 200 characters (it has 201)" in row[1]
    assert row.start() < shown.text.index("<h2>What would change</h2>")
    go(desk, release, shown)
    assert (own(KEY), own(OTHER)) == ({"scope": "Every site."}, {})


def test_html_in_a_workbook_is_shown_and_never_run(desk, release):
    content = filled(release, {KEY: {"why": "<script>alert(1)</script>"}, OTHER: {"weight": "<img src=x>"}})
    shown = upload(desk, release, content, "<b>name</b>.xlsx")
    assert "<script>alert" not in shown.text
    assert "<b>name" not in shown.text
    assert "&lt;script&gt;" in shown.text


def test_the_dry_run_costs_the_same_number_of_queries_however_long(
    desk, release, django_assert_max_num_queries
):
    keys = Requirement.objects.of(release).values_list("key", flat=True)
    content = filled(release, {key: {"why": "Ours."} for key in keys})
    with django_assert_max_num_queries(8):
        upload(desk, release, content)


def test_what_a_forged_workbook_says_of_itself_is_a_sentence_at_most(desk, release):
    copy = OwnWording(filled(release, {KEY: {"why": "Ours."}, OTHER: {"why": "Ours."}}))
    state = copy.sheets[STATE]
    state[0][4:6] = ["9" * 500, "9999-12-31T23:59:59-12:00"]
    for rows in (state, copy.rows):
        next(row for row in rows if row[0] == OTHER)[0] = "no\x00key"
    next(row for row in state if row[0] == KEY)[1] = "x" * 500
    shown = upload(desk, release, copy.saved())
    assert "is the key of no requirement" in shown.context["plan"].refused[0].sentence
    go(desk, release, shown)
    assert Wording.objects.get().written_against == ""


def test_a_text_too_large_for_one_page_is_refused_in_words(desk, release, monkeypatch):
    monkeypatch.setattr("standards.importing.KEPT_LIMIT", 100)
    response = upload(desk, release, filled(release, {KEY: {"why": "Ours."}}))
    assert response.url == page("release_wording", release.pk)
    assert "too much text for one go" in desk.get(response.url).text


def test_a_workbook_saved_by_another_program_is_read_too(desk, release):
    """Numbers as text, other sheets around ours, rows below the table."""
    copy = OwnWording(template_of(release)).write(KEY, "weight", "4")
    copy.sheets = {"Summary": [["x"]], **copy.sheets}
    copy.rows.append([])
    assert upload(desk, release, copy.saved()).context["plan"].texts == 1


# ---- import -----------------------------------------------------------------------------------------------------


def test_an_import_stores_what_the_dry_run_showed_and_leads_to_its_page(desk, release, edith, imported):
    assert own(KEY) == {"why": "Ours.", "scope": "Every site."}
    assert (imported.by, imported.file_name) == (edith, "ours.xlsx")
    assert Release.objects.get(pk=release.pk).revision == 1
    assert LogEntry.objects.get().change_message == "Imported own wording from ours.xlsx"
    text = desk.get(page("release_import", release.pk, imported.pk)).text
    assert "3 texts still are what this import wrote" in text
    assert "ours.xlsx" in desk.get(page("release_wording", release.pk)).text
    history = desk.get(page("requirement_history", Requirement.objects.get(key=KEY).pk)).text
    assert "Imported from ours.xlsx" in history


def test_a_second_click_changes_nothing_and_says_so(desk, release):
    shown = dry_run(desk, release, {KEY: {"why": "Ours."}})
    go(desk, release, shown)
    again = go(desk, release, shown)
    assert "This workbook was imported already" in again.text
    assert WordingImport.objects.count() == Wording.history.count() == 1


def test_wording_that_changed_meanwhile_shows_the_dry_run_anew(desk, release):
    shown = dry_run(desk, release, {KEY: {"why": "Ours."}, OTHER: {"why": "Ours."}})
    edit(KEY, why="Edited here.")
    anew = go(desk, release, shown)
    assert "so nothing was imported" in anew.text
    assert not WordingImport.objects.exists()
    assert [entry.requirement.key for entry in anew.context["plan"].conflicting] == [KEY]
    go(desk, release, anew, accept=[KEY])
    assert (own(KEY), own(OTHER)) == ({"why": "Ours."}, {"why": "Ours."})


def test_a_shipped_text_that_changed_meanwhile_shows_the_dry_run_anew(desk, release):
    shown = dry_run(desk, release, {KEY: {"why": "Ours."}})
    Requirement.objects.filter(key=KEY).update(why="Shipped anew.")
    assert "so nothing was imported" in go(desk, release, shown).text


def test_a_conflict_is_left_as_it_is_unless_ticked(desk, release, ron):
    edit(KEY, why="Ours.")
    content = filled(release, {KEY: {"why": "From the workbook."}})
    edit(KEY, why="Edited here.")
    Wording.history.update(history_user=ron)
    shown = upload(desk, release, content)
    assert "Last edited by Ron on" in shown.text
    assert f'name="accept" value="{KEY}"' in shown.text
    assert "Nothing was changed" in go(desk, release, shown).text
    go(desk, release, shown, accept=[KEY])
    assert own(KEY) == {"why": "From the workbook."}


@pytest.mark.parametrize("change", ["other release", "other words", "nothing"])
def test_what_no_dry_run_signed_is_not_imported(desk, release, draft, change):
    draft.publish()
    shown = dry_run(desk, release, {KEY: {"why": "Ours."}})
    kept = {
        "other release": shown.context["kept"],
        "other words": shown.context["kept"][:-3] + "abc",
        "nothing": "",
    }
    to = draft if change == "other release" else release
    response = desk.post(page("release_apply", to.pk), {"kept": kept[change]}, follow=True)
    assert "Nothing was imported. Upload the workbook again." in response.text
    assert not Wording.objects.exists()


def test_a_dry_run_of_the_day_before_yesterday_is_not_imported(desk, release, monkeypatch):
    shown = dry_run(desk, release, {KEY: {"why": "Ours."}})
    monkeypatch.setattr("standards.importing.KEPT_SECONDS", -1)
    assert "open for more than a day" in go(desk, release, shown).text
    assert signing.loads(shown.context["kept"], salt="standards.importing")["release"] == release.pk


# ---- undo -------------------------------------------------------------------------------------------------------


def test_an_import_is_undone_in_one_go_and_once(desk, release, edith, imported):
    response = undo(desk, release, imported)
    assert "3 texts went back." in response.text
    assert not Wording.objects.exists()
    imported.refresh_from_db()
    assert imported.undone_by == edith
    assert "This import was undone already" in undo(desk, release, imported).text
    assert "Undone by Edith on" in desk.get(page("release_import", release.pk, imported.pk)).text
    assert Wording.history.count() == 4


def test_what_was_undone_stays_undone_even_if_somebody_writes_the_same_again(desk, release, imported):
    undo(desk, release, imported)
    edit(KEY, why="Ours.")
    assert "This import was undone already" in undo(desk, release, imported).text
    assert own(KEY) == {"why": "Ours."}


def test_what_was_edited_since_is_listed_and_left_alone(desk, release, imported):
    edit(KEY, why="Edited since.")
    text = desk.get(page("release_import", release.pk, imported.pk)).text
    assert "Edited since, and left alone by an undo" in text
    response = undo(desk, release, imported)
    assert "2 texts went back. One was edited since and was left alone." in response.text
    assert own(KEY) == {"why": "Edited since."}


def test_nothing_is_undone_if_a_wording_changed_since_the_page_was_shown(desk, release, imported):
    shown = desk.get(page("release_import", release.pk, imported.pk)).context["undoing"].digest
    edit(KEY, why="Edited since.")
    assert "so nothing was undone" in undo(desk, release, imported, shown).text
    imported.refresh_from_db()
    assert imported.undone_at is None
    assert own(OTHER) == {"why": "Ours."}


def test_an_import_none_of_whose_texts_is_left_has_nothing_to_undo(desk, release, imported):
    Wording.objects.all().delete()
    assert "There is nothing to undo" in desk.get(page("release_import", release.pk, imported.pk)).text


# ---- who may ----------------------------------------------------------------------------------------------------


def addresses(release, done, requirement):
    return [
        page("release_wording", release.pk),
        page("release_template", release.pk),
        page("release_apply", release.pk),
        page("release_import", release.pk, done.pk),
        page("release_undo", release.pk, done.pk),
        page("release_outdated", release.pk),
        page("requirement_reset", requirement.pk, "why"),
    ]


def test_every_page_refuses_who_is_no_editor(sign_in, alice, release, requirement):
    done = WordingImport.objects.create(release=release, file_name="a.xlsx", changes={})
    Wording.objects.create(requirement=requirement, why="Ours.")
    client = sign_in(alice)
    for address in addresses(release, done, requirement):
        for method in (client.get, client.post):
            assert method(address, follow=True).status_code == 403, address
    assert Wording.objects.exists()


def test_a_draft_has_no_own_wording_to_import(desk, draft):
    done = WordingImport.objects.create(release=draft, file_name="a.xlsx", changes={})
    requirement = Requirement.objects.of(draft).first()
    for address in addresses(draft, done, requirement):
        assert desk.get(address).status_code == 404, address


def test_an_import_of_another_release_is_not_found(desk, release, draft, imported):
    draft.publish()
    assert desk.get(page("release_import", draft.pk, imported.pk)).status_code == 404
    assert desk.post(page("release_undo", draft.pk, imported.pk)).status_code == 404


def test_pages_carry_no_inline_style_or_script(desk, release, imported, requirement):
    shown = dry_run(desk, release, {KEY: {"why": "Other."}, OTHER: {"weight": 99}})
    texts = [shown.text] + [
        desk.get(address).text for address in addresses(release, imported, requirement) if "template" not in address
        and "apply" not in address and "undo" not in address
    ]  # fmt: skip
    for text in texts:
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
