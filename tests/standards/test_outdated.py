"""Own wording whose shipped text changed since: the list of it, and the way back of single texts."""

from django.urls import reverse

from standards.models import Requirement, Wording
from standards.outdated import outdated, unknown
from tests import factories
from tests.standards.desk import page
from tests.standards.workbooks import edit, own

KEY, OTHER = "pr1-thing-1", "pr1-thing-2"


# ---- the list ---------------------------------------------------------------------------------------------------


def test_requirements_shipped_anew_are_listed_with_their_own_texts(release):
    edit(KEY, why="Ours.", weight=3)
    edit(OTHER, why="Ours.")
    Requirement.objects.filter(key=KEY).update(why="Shipped anew.")
    (row,) = outdated(release)
    assert row.requirement.key == KEY
    assert [text.name for text in row.texts] == ["why", "weight"]
    assert not row.only_metrics


def test_wording_from_before_there_were_metrics_is_told_apart(release):
    edit(KEY, why="Ours.")
    edit(OTHER, why="Ours.")
    assert outdated(release) == [], "a requirement without metrics has the fingerprint it always had"
    Requirement.objects.filter(key=KEY).update(metrics="Abandonment: calls given up, of calls offered")
    Requirement.objects.filter(key=OTHER).update(metrics="Abandonment: calls", why="Shipped anew.")
    assert [row.only_metrics for row in outdated(release)] == [True, False]


def test_wording_without_a_fingerprint_is_counted(release):
    edit(KEY, why="Ours.")
    Wording.objects.update(written_against="")
    assert (outdated(release), unknown(release)) == ([], 1)
    assert unknown(factories.small_release(version="2.0")) == 0


def test_the_list_shows_own_texts_against_what_is_shipped_today(desk, release):
    edit(KEY, why="Ours.", scope="Every site.")
    edit(OTHER, why="Ours.")
    Requirement.objects.filter(key=KEY).update(why="Shipped anew.")
    text = desk.get(page("release_outdated", release.pk)).text
    assert "PR1a" in text
    assert "PR1b" not in text
    assert page("requirement_reset", Requirement.objects.get(key=KEY).pk, "scope") + "?list" in text
    assert page("release_outdated", release.pk) in desk.get(reverse("admin:index")).text


def test_the_list_says_where_only_metrics_came_since(desk, release):
    edit(KEY, why="Ours.")
    Requirement.objects.filter(key=KEY).update(metrics="Abandonment: calls given up")
    assert "Written before requirements had metrics" in desk.get(page("release_outdated", release.pk)).text


def test_the_list_says_when_there_is_nothing_to_look_at(desk, release):
    edit(KEY, why="Ours.")
    assert "Nothing to look at" in desk.get(page("release_outdated", release.pk)).text


# ---- single texts -----------------------------------------------------------------------------------------------


def test_a_single_text_is_set_back_with_history_and_the_others_stay(desk, requirement, edith):
    edit(KEY, why="Ours.", scope="Every site.", weight=3)
    address = page("requirement_reset", requirement.pk, "why")
    assert address in desk.get(page("requirement_change", requirement.pk)).text
    shown = desk.get(address)
    assert "Ours" in shown.text
    assert own(KEY)["why"] == "Ours."
    response = desk.post(address, {"seen": shown.context["seen"]})
    assert response.url == page("requirement_change", requirement.pk)
    assert own(KEY) == {"scope": "Every site.", "weight": 3}
    record = Wording.history.first()
    assert (record.history_user, record.history_change_reason) == (
        edith, "Why it matters set back to the shipped text",
    )  # fmt: skip


def test_setting_the_last_text_back_removes_the_wording(desk, requirement, release):
    edit(KEY, weight=3)
    shown = desk.get(page("requirement_reset", requirement.pk, "weight") + "?list")
    response = desk.post(
        page("requirement_reset", requirement.pk, "weight") + "?list", {"seen": shown.context["seen"]}
    )
    assert response.url == page("release_outdated", release.pk)
    assert not Wording.objects.exists()


def test_a_text_somebody_edited_meanwhile_is_not_set_back(desk, requirement):
    edit(KEY, why="Ours.")
    seen = desk.get(page("requirement_reset", requirement.pk, "why")).context["seen"]
    edit(KEY, why="Ron's.")
    response = desk.post(page("requirement_reset", requirement.pk, "why"), {"seen": seen})
    assert "Somebody changed the wording meanwhile" in response.text
    assert own(KEY) == {"why": "Ron's."}


def test_setting_back_what_is_as_shipped_changes_nothing(desk, requirement):
    shown = desk.get(page("requirement_reset", requirement.pk, "why"))
    assert "this text is as shipped" in shown.text
    desk.post(page("requirement_reset", requirement.pk, "why"), {"seen": shown.context["seen"]})
    assert Wording.history.count() == 0


def test_there_is_no_such_field_to_set_back(desk, requirement):
    assert desk.get(page("requirement_reset", requirement.pk, "key")).status_code == 404
