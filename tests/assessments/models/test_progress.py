from datetime import UTC, datetime

from assessments.models.progress import Place, next_open, progress


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


def test_open_only_leaves_out_items_and_domains_that_are_complete(assessment):
    assessment.answers.filter(requirement__item__code="PF3").update(choice="2")
    assert [item.code for item in progress(assessment).open_only().items] == ["PR1", "PR2"]
