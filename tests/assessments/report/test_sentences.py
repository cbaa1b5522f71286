"""The words of verdict, distance and doubt, for figures worked out by hand."""

import re
from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest

from assessments.report import sentences, verdicts, words
from assessments.rules import scoring
from assessments.rules import verdict as stages
from assessments.rules.priorities import rank_gaps
from assessments.rules.scoring import Figure, Scores


def figure(score=50.0, ceiling=None, asked=100, unanswered=0, unknown=0, not_applicable=0):
    return Figure(score, score if ceiling is None else ceiling, asked, unanswered, unknown, not_applicable)


def scored(overall=None, fundamentals=50.0, blockers=0, results=10, sustained=0, reached=None):
    return Scores(
        overall=overall or figure(),
        domains={},
        items={},
        fundamentals=figure(fundamentals),
        blockers=tuple(range(blockers)),
        results=results,
        reached=results if reached is None else reached,
        sustained=sustained,
    )


def lead(scores, fundamental_blockers=0):
    return verdicts.lead(scores, stages.judge(scores), fundamental_blockers)


def headline(scores):
    return verdicts.headline(stages.judge(scores), scores.overall)


def test_an_assessment_that_is_not_in_use_any_more_says_since_when():
    day, later = date(2026, 3, 1), date(2026, 4, 2)
    assert sentences.standing(None, None) == ""
    assert sentences.standing(day, None).startswith("Continued in a newer assessment since 1 March 2026:")
    assert sentences.standing(day, later).startswith("Set aside on 2 April 2026,")


def test_the_headline_names_the_stage_and_what_it_is_not_yet():
    assert headline(scored()) == "Ready for a baseline. Not yet ready to book the audit."
    assert headline(scored(figure(95), results=10, sustained=8)) == "Ready to book the audit."


def test_weak_fundamentals_come_first():
    assert headline(scored(fundamentals=20)).startswith("Fix the fundamentals first.")


def test_fundamentals_that_hold_are_not_blamed_for_a_low_score():
    assert (
        headline(scored(figure(20), fundamentals=70))
        == "Not ready for a baseline. Too little is in place yet."
    )


def test_with_less_than_half_answered_there_is_no_verdict():
    assert headline(scored(figure(40, 90, unanswered=51))) == "Too early for a verdict: 49 of 100 answered."
    assert (
        headline(scored(figure(40, 90, unanswered=50)))
        == "Ready for a baseline. Not yet ready to book the audit."
    )


def test_nothing_answered_and_nothing_applicable_are_told_apart():
    assert headline(scored(figure(0, 100, unanswered=100))) == "Nothing is answered yet."
    assert headline(scored(figure(None, not_applicable=100))) == "Nothing here applies to this site."


def test_the_lead_names_points_blockers_fundamentals_and_results():
    assert lead(scored(figure(49.9), blockers=4, results=12, sustained=3), fundamental_blockers=3) == (
        "49% of the applicable points are shown; implementing takes 60%. "
        "Four blockers stand in the way of the audit; three of them are fundamentals that certification will not fix. "
        "3 of 12 results are at target and sustained; the next stage takes 4."
    )


@pytest.mark.parametrize(
    ("blockers", "fundamental", "words"),
    [
        (1, 0, "One blocker stands in the way of the audit."),
        (
            1,
            1,
            "One blocker stands in the way of the audit, and it is a fundamental that certification will not fix.",
        ),
        (2, 1, "Two blockers stand in the way of the audit; one of them is a fundamental"),
        (5, 5, "Five blockers stand in the way of the audit; all of them are fundamentals"),
        (12, 0, "12 blockers stand in the way of the audit."),
    ],
)
def test_blockers_are_counted_with_the_fundamentals_among_them(blockers, fundamental, words):
    assert words in lead(scored(blockers=blockers), fundamental)


def test_no_blocker_is_not_mentioned():
    assert "blocker" not in lead(scored())


def test_results_that_neither_hold_nor_improve_are_named_once_enough_are_sustained():
    assert lead(scored(figure(86), sustained=8, reached=8)).endswith(
        "8 of 10 results are at target or improving; the next stage takes 9."
    )


def test_no_sustained_result_is_said_in_words():
    assert "None of the results is at target and sustained yet; the next stage takes 3 of 10." in lead(
        scored()
    )


@pytest.mark.parametrize("score", [50, 100])
def test_without_any_results_requirement_the_lead_says_what_the_audit_takes(score):
    said = lead(scored(figure(score, not_applicable=10), results=0))
    assert said.endswith(
        "No results requirement applies: at least one must be answered before the audit can be booked."
    )
    assert "None of the results" not in said


def test_weak_fundamentals_are_the_first_sentence():
    assert lead(scored(fundamentals=31)).startswith(
        "Forecasting, quality monitoring and coaching stand at 31% and need 40% before a baseline tells you anything new."
    )


def test_when_the_audit_can_be_booked_the_lead_says_to_keep_it_so():
    assert lead(scored(figure(86), sustained=9)) == (
        "86% of the applicable points are shown and every condition for booking the audit is met; "
        "keep the results where they are."
    )


def test_before_half_is_answered_the_lead_says_what_open_counts_as():
    assert lead(scored(figure(8, 93, unanswered=84), blockers=1)) == (
        "So far 8% of the applicable points are shown; the 84 requirements still open count as nothing shown. "
        "One blocker stands in the way of the audit."
    )


def test_every_verdict_reads_as_whole_sentences():
    kinds = product(
        (None, 0, 12, 35, 65, 85, 100),
        (None, 10, 90),
        (0, 1, 2, 14),
        ((0, 0), (1, 0), (13, 5)),
        (0, 1, 60, 100),
    )
    for score, fundamentals, blockers, (results, sustained), unanswered in kinds:
        scores = scored(figure(score, unanswered=unanswered), fundamentals, blockers, results, sustained)
        for text in (headline(scores), lead(scores, min(1, blockers))):
            assert text.endswith(".")
            assert not re.search(r"None[^ ]|  |\.\.|%\(", text), text


def test_results_needed_are_the_smallest_number_that_reaches_the_share():
    for percent in range(101):
        for results in range(1, 40):
            needed = verdicts.results_needed(percent, results)
            assert scoring.whole_percent(100 * needed / results) >= percent
            assert needed == 0 or scoring.whole_percent(100 * (needed - 1) / results) < percent


def test_the_ceiling_names_what_it_depends_on():
    assert sentences.ceiling(figure(50, 70, unanswered=12, unknown=7)) == (
        "The ceiling is 70%, if everything unanswered (12) and not known (7) turns out to be in place."
    )
    assert "the unanswered requirement turns out" in sentences.ceiling(figure(50, 70, unanswered=1))
    assert "all 2 unanswered requirements turn out" in sentences.ceiling(figure(50, 70, unanswered=2))
    assert "the requirement not known turns out" in sentences.ceiling(figure(50, 70, unknown=1))
    assert "all 3 requirements not known turn out" in sentences.ceiling(figure(50, 70, unknown=3))
    assert "score is also the ceiling" in sentences.ceiling(figure(50))
    assert "Nothing applies" in sentences.ceiling(figure(None))


def domain(title, score, target=80, **counts):
    return SimpleNamespace(title=title, target=target, figure=figure(score, **counts))


def finding(*domains, overall=None):
    return sentences.domains_finding(SimpleNamespace(figure=overall or figure(), domains=domains))


def test_the_title_over_the_domains_says_which_is_furthest_behind():
    people, results = domain("People", 70), domain("Performance results", 40, target=75)
    assert finding(people, results) == "Every domain is short of target, performance results most of all"
    assert finding(domain("Processes", 90), people, results) == (
        "Two of three domains are short of target, performance results most of all"
    )
    assert finding(domain("AI and technology", 60), domain("Processes", 90)) == (
        "Only AI and technology is short of target"
    )
    assert finding(people, domain("Processes", 70)) == "Every domain is short of target"
    assert finding(people, domain("Data", 70), domain("Processes", 90)) == (
        "Two of three domains are short of target"
    )
    assert finding(domain("Processes", 80)) == "Every domain is at target"


def test_too_little_answered_is_not_called_behind():
    assert (
        finding(domain("People", 0), overall=figure(0, 90, unanswered=80)) == "What each domain shows so far"
    )


def test_distance_and_doubt_of_a_domain():
    short = domain("People", 51.7, ceiling=71.2, unanswered=12, unknown=5)
    assert sentences.domain_distance(short) == "29 points short; ceiling 71%"
    assert sentences.domain_doubt(short) == "17 open or not known"
    assert sentences.domain_distance(domain("People", 79.9)) == "1 point short"
    assert sentences.domain_distance(domain("People", 80.0)) == "at target"
    assert sentences.domain_distance(domain("People", None)) == "Nothing here applies to this site"
    assert sentences.domain_doubt(domain("People", None)) == ""


def test_the_arithmetic_of_a_gap_is_written_out():
    requirements = (
        scoring.Requirement("a", weight=1, effort="S", critical=True, fundamental=True),
        scoring.Requirement("b", weight=5),
    )
    item = scoring.Item("PR6", "PR", 40, requirements)
    words = sentences.gap_words(rank_gaps([item], {"a": "1", "b": "3"})[0], leads_to_audit=True)
    assert words.sum == "4.4 points lost × 2 (blocker) ÷ 1 (small effort) = priority 8.9"


@pytest.mark.parametrize(
    ("value", "text"), [(4.0, "4.0"), (4.449, "4.4"), (1234.56, "1234.6"), (0.04, "0.0")]
)
def test_points_have_one_decimal_and_are_rounded_not_cut(value, text):
    assert words.decimal(value) == text


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (1.5, "1.5"), (0.25, "0.25"), (3.25, "3.25")])
def test_a_constant_is_printed_without_needless_zeros(value, text):
    assert words.factor(value) == text


# ---- quick scans and self-checks


def quick(scores):
    verdict = stages.judge(scores, furthest=stages.BASELINE)
    return verdicts.headline(verdict, scores.overall), verdicts.lead(scores, verdict)


def test_a_quick_scan_promises_a_baseline_at_most():
    title, text = quick(scored(figure(100), fundamentals=100, results=10, sustained=10))
    assert title == "Ready for a baseline. The quick scan can say no more."
    assert text.endswith("Whether the audit can be booked shows only once everything is asked.")


def test_a_quick_scan_names_fundamentals_and_critical_requirements():
    title, text = quick(scored(figure(20), fundamentals=20, blockers=2))
    assert title == "Fix the fundamentals first. A baseline would only confirm it."
    assert "Two critical requirements are at level 0 or 1." in text


def self_check(score, bands=(), unanswered=0):
    scores = scored(figure(score, unanswered=unanswered))
    verdict = stages.judge(scores, furthest=None)
    return verdicts.headline(verdict, scores.overall, bands), verdicts.lead(scores, verdict)


def test_a_self_check_says_its_score_and_no_verdict():
    assert self_check(54.6) == ("54% of what this self-check asks is in place.", "")
    assert self_check(54.6, unanswered=60)[0] == "Too early to tell: 40 of 100 answered."
    assert "verdict" not in self_check(0, unanswered=100)[1]


@pytest.mark.parametrize(
    ("score", "stage"),
    [(0, "1 of 3: low"), (33.4, "2 of 3: middle"), (66.7, "3 of 3: high"), (100, "3 of 3: high")],
)
def test_a_self_check_with_bands_names_the_one_its_score_falls_into(score, stage):
    assert self_check(score, ["Low", "Middle", "High"])[0].startswith(f"Stage {stage}. ")


def test_a_report_says_what_it_is_for():
    def purpose(**fields):
        return sentences.purpose(SimpleNamespace(standard="Small Standard", **fields))

    assert "from Small Standard certification" in purpose(leads_to_audit=True, quick=False)
    assert purpose(leads_to_audit=True, quick=True).startswith("A first look at the fundamentals")
    assert "certification" not in purpose(leads_to_audit=False, quick=False)


def test_the_name_of_a_band_keeps_its_abbreviations():
    assert self_check(100, ["Ad hoc", "AI throughout"])[0].startswith("Stage 2 of 2: AI throughout.")
