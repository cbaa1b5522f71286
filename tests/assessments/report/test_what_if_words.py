"""What closing gaps would change, as it is said."""

from dataclasses import replace

import pytest

from assessments.models import Assessment
from assessments.report import document, what_if
from assessments.report import what_if_words as words
from standards.models import Standard
from tests.assessments.measured import NOON, measured
from tests.factories import answer

UNEVEN = {"PR1": "2122", "PR2": "2122", "PF3": "2122"}
ALL = [f"{item}{letter}" for item in UNEVEN for letter in "abcd"]


@pytest.fixture
def closing(assessment, time_machine):
    """`closing("PR1a", PR1="0123")` is the outcome of closing PR1a after these answers."""
    time_machine.move_to(NOON, tick=False)

    def after(*codes, **items):
        answer(assessment, **items)
        fetched = Assessment.objects.with_names().get(pk=assessment.pk)
        found = document.build(fetched, as_of=NOON.date())
        selection = what_if.select(found, codes, ())
        return what_if.outcome(fetched, found, what_if.closed_by(found, selection))

    return after


@pytest.mark.parametrize(
    ("codes", "levels", "said"),
    [
        ([], UNEVEN, "Nothing is ticked, so this is today: the score is 58%."),
        (
            ["PR1a"],
            UNEVEN,
            "Closing this one gap lifts the score from 58% to 59%; the verdict stays “Ready for a baseline”.",
        ),
        (
            ["PR1b"],
            UNEVEN,
            "Closing this one gap lifts the score from 58% to 61% and leaves two of three blockers open; the verdict stays "
            "“Ready for a baseline”.",
        ),
        (
            ALL,
            UNEVEN,
            "Closing these 12 gaps lifts the score from 58% to 100% and clears all three blockers; the verdict becomes "
            "“Ready to book the audit”.",
        ),
        (
            ["PR1b", "PR2b", "PF3a", "PF3c"],
            UNEVEN | {"PF3": "2222"},
            "Closing these four gaps lifts the score from 62% to 79% and clears both blockers; the verdict becomes "
            "“Implementing”.",
        ),
        (
            ["PR1b"],
            {"PR1": "3133", "PR2": "3333", "PF3": "3333"},
            "Closing this one gap lifts the score from 97% to 100%"
            " and clears the only blocker; the verdict becomes “Ready to book the audit”.",
        ),
        # with less than half answered there is no verdict to change
        (["PR1a"], {"PR1": "0322"}, "Closing this one gap lifts the score from 9% to 13%."),
    ],
)
def test_the_summary_says_what_changes(closing, codes, levels, said):
    assert words.summary(closing(*codes, **levels)) == said


def test_a_score_that_stays_the_same_is_not_said_to_rise(closing):
    outcome = closing("PR1a", **UNEVEN)
    still = replace(outcome, after=outcome.before)
    assert words.summary(still).startswith("Closing this one gap leaves the score at 58%;")
    assert words.short(outcome) == "Score 58% → 59%, blockers 3 → 3"


def test_what_is_still_missing_is_said_with_what_it_would_be_then(closing):
    assert words.still_missing(closing("PR1b", **UNEVEN)) == (
        "Still missing for the audit: a score of 80% (then 61%), no open blocker (then 2), 4 of 4 results at target or "
        "improving (then 3) and 3 of 4 results at target and sustained (then 0)."
    )
    assert words.still_missing(closing(*ALL)) == "Then nothing is missing for the audit."


def test_with_nothing_ticked_what_is_missing_is_missing_today(closing):
    assert "(today 58%)" in words.still_missing(closing(**UNEVEN))
    assert (
        words.still_missing(closing(PR1="3333", PR2="3333", PF3="3333"))
        == "Nothing is missing for the audit."
    )


def test_where_no_result_applies_that_is_said_once(closing):
    missing = words.still_missing(closing("PR1a", PR1="0322", PR2="2233", PF3="----"))
    assert missing == "Still missing for the audit: results, of which none applies."


def test_while_it_is_too_early_nothing_is_said_to_be_missing(closing):
    assert words.still_missing(closing("PR1a", PR1="0322")) == ""


def test_the_rows_set_today_beside_then(closing):
    outcome = closing("PR1b", **UNEVEN)
    rows = {row.name: (row.today, row.then, row.needed, row.met) for row in words.rows(outcome)}
    assert rows["Score"] == ("58%", "61%", "80%", False)
    assert rows["Fundamentals"] == ("66%", "66%", "40%", True)
    assert rows["Blockers open"] == ("3", "2", "none", False)
    assert rows["Results at target and sustained"] == ("0 of 4", "0 of 4", "3 of 4", False)
    assert [row.name for row in words.rows(outcome) if row.changes] == ["Score", "Blockers open"]
    assert words.needed_title(outcome) == "To book the audit"


def test_a_domain_says_how_far_it_comes(closing):
    outcome = closing("PR1b", **UNEVEN)
    pairs = zip(outcome.before.domains, outcome.after.domains, strict=True)
    assert [words.domain_change(*pair) for pair in pairs] == [
        "58% → 63%, 17 points short",
        "stays at 58%, 17 points short",
    ]


def test_results_that_metrics_show_say_what_closing_them_takes(closing, site):
    measured(site, *[70] * 6, shows=["pf3-thing-1", "pf3-thing-2"])
    Assessment.objects.follow_metrics(site)
    note = words.metrics_note(closing("PF3a", **UNEVEN | {"PF3": "1122"}))
    assert "level 3 counts them as sustained" in note
    assert note.endswith("PF3b rises too, because the same metrics show it.")
    assert words.metrics_note(closing("PR1a")) == ""


def test_a_quick_scan_is_told_of_the_baseline_only(closing):
    Assessment.objects.update(quick=True)
    outcome = closing("PR1b", PR1="0000", PR2="1111", PF3="1111")
    assert words.still_missing(outcome).startswith("Still missing for a baseline: ")
    assert [row.name for row in words.rows(outcome)] == ["Score", "Fundamentals"]
    assert words.needed_title(outcome) == "For a baseline"


def test_a_self_check_speaks_of_urgent_gaps_and_of_no_stage(closing):
    Standard.objects.update(leads_to_audit=False)
    outcome = closing("PR1b", **UNEVEN)
    assert words.summary(outcome) == (
        "Closing this one gap lifts the score from 58% to 61% and leaves two of three urgent gaps open."
    )
    assert words.still_missing(outcome) == ""
    assert [(row.name, row.needed) for row in words.rows(outcome)] == [("Score", "80%"), ("Urgent gaps", "")]


@pytest.mark.parametrize(
    ("ignored", "said"),
    [
        ((), ""),
        (("zz",), "“zz” names no gap and no open action of today, and was left out."),
        (("zz", "9"), "“zz” and “9” name no gap and no open action of today, and were left out."),
        (
            ("x" * 400,),
            f"“{'x' * 23}…” names no gap and no open action of today, and was left out.",
        ),
        (
            tuple("abcdefg"),
            "“a”, “b”, “c”, “d”, “e” and 2 more name no gap and no open action of today, and were left out.",
        ),
    ],
)
def test_what_the_address_names_in_vain_is_said_as_far_as_a_sentence_goes(ignored, said):
    assert words.ignored(what_if.Selection((), (), ignored)) == said
