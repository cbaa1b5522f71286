"""Own wording beside the shipped text: storing it, two editors at once, its history and the way back."""

import pytest

from assessments.models.assessments import asked_items
from standards.models import Release, Requirement, Wording
from tests.standards.desk import page, save


def fresh(requirement):
    return Requirement.objects.select_related("wording").get(pk=requirement.pk)


def version_of(requirement):
    return Wording.history.filter(requirement_id=requirement.pk).order_by("-history_id").first().history_id


def test_the_page_shows_shipped_text_beside_an_empty_field(desk, requirement):
    response = desk.get(page("requirement_change", requirement.pk))
    assert requirement.level_2 in response.text
    assert response.context["form"]["level_2"].value() in (None, "")


def test_own_wording_is_stored_in_force_and_counted(desk, edith, requirement, release):
    save(desk, requirement, statement="In our words", weight="5")
    own = fresh(requirement).wording
    assert fresh(requirement).words["statement"] == "In our words"
    assert fresh(requirement).weight_in_force == 5
    assert own.written_against == requirement.fingerprint
    assert own.history.get().history_user == edith
    assert Release.objects.get(pk=release.pk).revision == 1


def test_an_edit_reaches_the_cached_arithmetic(desk, requirement, release):
    before = asked_items(release.pk, Release.objects.get(pk=release.pk).revision)
    save(desk, requirement, weight="9")
    after = asked_items(release.pk, Release.objects.get(pk=release.pk).revision)
    assert before[0].requirements[0].weight == 1
    assert after[0].requirements[0].weight == 9


def test_line_ends_and_hidden_characters_are_cleaned(desk, requirement):
    save(desk, requirement, guidance="One.\r\n\r\n  Two\x00  words. \r\n", scope="A\r\nB \x0c C.")
    own = fresh(requirement).wording
    assert own.guidance == "One.\nTwo words."
    assert own.scope == "A B C."


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("statement", "x" * 201, "at most 200 characters (it has 201)"),
        ("why", "x" * 301, "at most 300 characters (it has 301)"),
        ("guidance", "x" * 4001, "at most 4000 characters (it has 4001)"),
        ("weight", "0", "greater than or equal to 1"),
        ("target_level", "4", "less than or equal to 3"),
        ("weight", "many", "whole number"),
    ],
)
def test_too_much_is_refused_beside_the_field(desk, requirement, field, value, sentence):
    response = save(desk, requirement, **{field: value})
    assert response.status_code == 200
    assert sentence in response.context["form"].errors[field][0]
    assert not Wording.objects.exists()


def test_a_text_equal_to_the_shipped_one_is_no_own_wording(desk, requirement):
    save(desk, requirement, statement=requirement.statement, weight="1")
    assert not Wording.objects.exists()


def test_saving_without_a_change_leaves_no_trace(desk, requirement, release):
    save(desk, requirement, why="Ours.")
    save(desk, requirement, why="Ours.", seen=version_of(requirement))
    assert Wording.history.count() == 1
    assert Release.objects.get(pk=release.pk).revision == 1


def test_emptying_every_field_brings_the_shipped_text_back_and_keeps_the_history(desk, requirement):
    save(desk, requirement, why="Ours.")
    save(desk, requirement, seen=version_of(requirement))
    assert not Wording.objects.exists()
    assert [record.history_type for record in Wording.history.all()] == ["-", "+"]
    assert "Set back to the shipped text" in desk.get(page("requirement_history", requirement.pk)).text


def test_saving_says_that_own_wording_still_stands_beside_a_changed_shipped_text(desk, requirement):
    save(desk, requirement, why="Ours.")
    Requirement.objects.filter(pk=requirement.pk).update(scope="Shipped anew.")
    save(desk, requirement, why="Ours.", seen=version_of(requirement))
    assert not fresh(requirement).wording.shipped_text_changed


def test_a_published_requirement_keeps_its_structure_whatever_is_posted(desk, requirement):
    before = Requirement.objects.filter(pk=requirement.pk).values().get()
    save(desk, requirement, why="Ours.", letter="z", key="other", critical="on", item="99", variants="")
    assert Requirement.objects.filter(pk=requirement.pk).values().get() == before


# Two editors


@pytest.fixture
def two_editors(client, edith, ron, requirement, sign_in):
    """Ron saved `why` while Edith had the page open."""
    sign_in(ron)
    save(client, requirement, why="Ron's why.")
    return sign_in(edith)


def test_the_second_editor_gets_a_sentence_and_sees_both(two_editors, requirement):
    response = save(two_editors, requirement, why="Edith's why.")
    assert "Ron saved this wording while you were editing it" in response.text
    assert response.context["form"]["why"].value() == "Edith's why."
    assert response.context["form"].theirs == {"why": "Ron's why."}
    assert fresh(requirement).words["why"] == "Ron's why."


def test_what_the_second_editor_had_not_touched_takes_the_newer_text(two_editors, requirement):
    response = save(two_editors, requirement, scope="Edith's scope.")
    form = response.context["form"]
    assert (form["why"].value(), form["scope"].value(), form.theirs) == ("Ron's why.", "Edith's scope.", {})


def test_saving_again_stores_what_the_page_showed(two_editors, requirement):
    response = save(two_editors, requirement, scope="Edith's scope.")
    form = response.context["form"]
    save(two_editors, requirement, **{name: form[name].value() or "" for name in form.fields})
    words = fresh(requirement).words
    assert (words["why"], words["scope"]) == ("Ron's why.", "Edith's scope.")


def test_the_second_editor_sees_a_reset_too(desk, requirement):
    save(desk, requirement, why="First.")
    seen = version_of(requirement)
    save(desk, requirement, seen=seen)
    response = save(desk, requirement, why="Second.", seen=seen)
    assert response.context["form"].theirs == {"why": "as shipped"}


# History


def test_the_history_tells_who_changed_which_words(desk, requirement):
    save(desk, requirement, scope="For every channel, every week.")
    save(desk, requirement, scope="For every site, every week.", seen=version_of(requirement))
    text = desk.get(page("requirement_history", requirement.pk)).text
    assert "Edith" in text
    assert '<del><span class="visually-hidden">removed: </span>channel</del>' in text
    assert '<ins><span class="visually-hidden">added: </span>site</ins>' in text
    assert '<ins><span class="visually-hidden">added: </span>week</ins>' in text


def test_going_back_asks_first_and_then_stores_the_old_version(desk, requirement):
    save(desk, requirement, why="First.")
    first = version_of(requirement)
    save(desk, requirement, why="Second.", scope="More.", seen=first)
    address = page("requirement_version", requirement.pk, first)
    shown = desk.get(address)
    assert [change.name for change in shown.context["changes"]] == ["scope", "why"]
    assert fresh(requirement).words["why"] == "Second."
    desk.post(address, {"seen": shown.context["seen"]})
    assert (fresh(requirement).words["why"], fresh(requirement).wording.scope) == ("First.", "")
    assert "Went back to the version of" in Wording.history.first().history_change_reason


def test_going_back_to_the_shipped_text_removes_the_wording(desk, requirement):
    save(desk, requirement, why="First.")
    desk.post(page("requirement_version", requirement.pk, 0), {"seen": version_of(requirement)})
    assert not Wording.objects.exists()


def test_going_back_is_refused_if_the_wording_changed_meanwhile(desk, requirement):
    save(desk, requirement, why="First.")
    response = desk.post(page("requirement_version", requirement.pk, 0), {"seen": "1000"})
    assert "Somebody changed the wording meanwhile" in response.text
    assert fresh(requirement).words["why"] == "First."


def test_a_version_of_another_requirement_is_not_found(desk, requirement, release):
    other = Requirement.objects.of(release).last()
    save(desk, other, why="Other.")
    assert desk.get(page("requirement_version", requirement.pk, version_of(other))).status_code == 404


def test_long_histories_come_in_pages(desk, requirement):
    own = Wording.objects.create(requirement=requirement, why="0")
    for number in range(25):
        own.why = str(number)
        own.save()
    assert "Page 1 of 2" in desk.get(page("requirement_history", requirement.pk)).text
    assert "Shipped text" in desk.get(page("requirement_history", requirement.pk), {"p": 2}).text
