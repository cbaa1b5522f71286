from datetime import UTC, datetime

from assessments.models import Answer
from assessments.models.progress import Place, mine, next_open, progress


def place(letter, choice="", minute=None):
    at = None if minute is None else datetime(2030, 1, 1, 12, minute, tzinfo=UTC)
    return Place("Processes", "PR", "PR1", "Forecasting", letter, letter, choice, at)


def test_nothing_answered_begins_at_the_top():
    assert next_open([place("a"), place("b")]).letter == "a"


def test_the_next_one_stands_after_the_one_answered_last_in_time():
    places = [place("a", "1", minute=9), place("b"), place("c", "2", minute=3), place("d")]
    assert next_open(places).letter == "b"


def test_the_end_of_the_list_leads_back_to_its_beginning():
    assert next_open([place("a"), place("b", "1", minute=1)]).letter == "a"


def test_not_known_is_an_answer_and_nothing_is_next_when_all_are_given():
    assert next_open([place("a", "unknown", minute=1), place("b", "na", minute=2)]) is None


def test_progress_keeps_the_order_of_the_standard_and_counts(assessment, bob):
    assessment.answers.get(requirement__key="pr1-thing-2").record_choice(
        "na", by=bob, version=0, reason="other"
    )
    whole = progress(assessment)
    assert [item.code for item in whole.items] == ["PR1", "PR2", "PF3"]
    assert [(d.asked, d.answered) for d in whole.domains] == [(8, 1), (4, 0)]
    assert [item.status for item in whole.items] == ["part", "not-started", "not-started"]


def test_a_filter_leaves_the_items_that_hold_what_it_looks_for_and_names_it(assessment, alice):
    assessment.answers.in_item("PF3").update(choice="2")
    assessment.answers.filter(requirement__key="pr1-thing-3").update(flagged=True, assignee=alice)
    whole = progress(assessment)
    assert [item.code for item in whole.only(lambda place: place.open).items] == ["PR1", "PR2"]
    (item,) = whole.only(lambda place: place.flagged).items
    assert (item.code, [place.letter for place in item.found], len(item.places)) == ("PR1", ["c"], 4)
    assert whole.count(mine(alice)) == 1


def test_a_gap_is_a_level_below_its_target_and_nothing_else(assessment):
    choices = ["", "unknown", "na", "0", "2", "3"]
    for answer, choice in zip(assessment.answers.in_order(), choices, strict=False):
        reason = "other" if choice == "na" else ""
        Answer.objects.filter(pk=answer.pk).update(choice=choice, reason=reason)
    places = progress(assessment).places
    assert [place.gap for place in places[: len(choices)]] == [False, False, False, True, True, False]


def test_a_requirement_is_found_by_words_of_its_text_in_any_order_and_case(assessment):
    place = progress(assessment).places[0]
    assert place.speaks_of("DONE thing")
    assert place.speaks_of("pr1a")
    assert place.speaks_of("every month")
    assert not place.speaks_of("done nothing")


def test_an_item_names_its_people_once(assessment, alice, bob):
    assessment.answers.in_item("PR1").assign_to(alice)
    assessment.answers.filter(requirement__key="pr2-thing-1").assign_to(bob)
    assert [item.assignees for item in progress(assessment).items] == [[alice], [bob], []]
