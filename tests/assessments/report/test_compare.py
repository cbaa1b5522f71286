"""Two standings side by side. The laws: with itself nothing differs, swapped sides mirror each other, counts add up."""

import random

import pytest

from assessments.report.compare import (
    ANSWERED,
    ASKED,
    CLOSED,
    DOWN,
    DROPPED,
    FOUND,
    GONE,
    LEFT_OUT,
    MIRROR,
    OPENED,
    SAME,
    TAKEN_IN,
    TARGET,
    UP,
    WEIGHT,
    WITHDRAWN,
    WORDS,
    Row,
    Side,
    compare,
    fate_of,
    kind_of,
)
from assessments.report.compare_words import sentences
from assessments.report.parts import MarkPart, StandingPart
from assessments.rules.scoring import CHOICES, OPEN

KINDS = [UP, DOWN, ANSWERED, WITHDRAWN, LEFT_OUT, TAKEN_IN, ASKED, DROPPED]


def row(choice="2", key="k", **fields):
    fields = {"target": 3, "weight": 1, "blocker": False, "kind": "practice", "words": "a"} | fields
    return Row(key=key, code=key.upper(), short=f"Thing {key}", choice=choice, **fields)


def side(*rows, **fields):
    fields = {
        "standard": "Small Standard",
        "release": "1.0",
        "headline": "",
        "stage": "baseline",
        "score": 46.9,
        "ceiling": 80.0,
        "asked": len(rows),
        "open": 0,
        "unknown": 0,
        "blockers": 0,
        "gaps": 0,
        "domains": (MarkPart("PR", "Processes", 46.9, 80.0),),
        "results": 12,
        "reached": 5,
        "sustained": 3,
        "rules": "r",
    } | fields
    return Side(StandingPart(**fields), {each.key: each for each in rows})


def drawn(seed):
    """Two sides of the same questionnaire, some of it asked by one side only."""
    rng = random.Random(seed)

    def one():
        keys = [f"k{number}" for number in range(40) if rng.random() < 0.9]
        return side(
            *(
                row(
                    rng.choice([*CHOICES, OPEN]),
                    key,
                    target=rng.choice((2, 3)),
                    weight=rng.choice((1, 2)),
                    blocker=rng.random() < 0.2,
                    words=rng.choice("ab"),
                )
                for key in keys
            ),
            score=rng.uniform(0, 100),
        )

    return one(), one()


# ---- laws


@pytest.mark.parametrize("seed", range(40))
def test_compared_with_itself_nothing_has_changed(seed):
    one, _other = drawn(seed)
    found = compare(one, one)
    assert found.changes == ()
    assert found.new_blockers == found.lifted_blockers == []
    assert not found.thresholds_edited
    assert sentences(found, leads_to_audit=True) == ["Nothing has changed."]


@pytest.mark.parametrize("seed", range(40))
def test_swapping_the_sides_swaps_up_and_down_closed_and_opened(seed):
    one, other = drawn(seed)
    forth, back = compare(one, other), compare(other, one)
    mirrored = {
        each.row.key: (MIRROR.get(each.kind, SAME), MIRROR.get(each.fate, SAME)) for each in forth.changes
    }
    assert {each.row.key: (each.kind, each.fate) for each in back.changes} == mirrored
    assert forth.new_blockers == back.lifted_blockers
    assert [(d.before, d.after) for d in forth.domains] == [(d.after, d.before) for d in back.domains]


@pytest.mark.parametrize("seed", range(40))
def test_the_counts_add_up(seed):
    one, other = drawn(seed)
    found = compare(one, other)
    counts = {kind: len(found.of_kind(kind)) for kind in KINDS}
    asked_by_both = sum(
        other.rows[key].choice == each.choice for key, each in one.rows.items() if key in other.rows
    )
    in_both = sum(counts.values()) - counts[ASKED] - counts[DROPPED] + asked_by_both
    assert in_both == found.in_common
    assert (in_both + counts[ASKED], in_both + counts[DROPPED]) == (len(other.rows), len(one.rows))
    gaps = [sum(each.is_gap for each in side.rows.values()) for side in (one, other)]
    moved = {fate: len(found.of_fate(fate)) for fate in (CLOSED, OPENED, FOUND, GONE)}
    assert gaps[0] - moved[CLOSED] - moved[GONE] + moved[OPENED] + moved[FOUND] == gaps[1]


# ---- kinds and fates


@pytest.mark.parametrize(
    ("before", "after", "kind", "fate"),
    [
        ("1", "3", UP, CLOSED),
        ("1", "2", UP, SAME),
        ("3", "2", DOWN, OPENED),
        ("", "3", ANSWERED, SAME),
        ("", "1", ANSWERED, FOUND),
        ("", "unknown", ANSWERED, SAME),
        ("unknown", "2", ANSWERED, FOUND),
        ("2", "unknown", WITHDRAWN, GONE),
        ("3", "", WITHDRAWN, SAME),
        ("1", "na", LEFT_OUT, GONE),
        ("na", "0", TAKEN_IN, FOUND),
        ("2", "2", SAME, SAME),
    ],
)
def test_each_change_has_its_kind_and_its_fate(before, after, kind, fate):
    assert (kind_of(row(before), row(after)), fate_of(row(before), row(after))) == (kind, fate)


def test_what_one_side_alone_asks_is_new_or_dropped():
    found = compare(side(row("1", "old")), side(row("1", "new")))
    assert {(each.row.key, each.kind, each.fate) for each in found.changes} == {
        ("new", ASKED, FOUND),
        ("old", DROPPED, GONE),
    }


def test_a_lower_target_closes_a_gap_and_says_why():
    [change] = compare(side(row("2")), side(row("2", target=2))).changes
    assert (change.kind, change.fate, change.edited) == (SAME, CLOSED, (TARGET,))


def test_edits_of_wording_weight_and_target_are_named():
    found = compare(side(row()), side(row(words="b", weight=2, target=2)))
    assert [len(found.edited(what)) for what in (WORDS, WEIGHT, TARGET)] == [1, 1, 1]
    assert sentences(found, leads_to_audit=True)[-1] == (
        "Edited in the standard meanwhile: the wording of one requirement, the weight of one requirement "
        "and the target of one requirement."
    )


# ---- sentences


def test_the_score_comes_first_then_gaps_and_blockers():
    before = side(row("1", "a"), row("3", "b"), row("1", "c"), row("3", "d"))
    after = side(
        row("3", "a"), row("2", "b"), row("3", "c"), row("0", "d", blocker=True), score=52.3, ceiling=79.0
    )
    assert sentences(compare(before, after), leads_to_audit=True) == [
        "Score from 46% to 52%, ceiling from 80% to 79%.",
        "Two gaps closed and two opened.",
        "One blocker is new.",
        "Two levels went up and two went down.",
    ]


def test_a_self_check_speaks_of_urgent_gaps():
    found = compare(side(row("0", blocker=True)), side(row("2")))
    assert "One urgent gap is gone." in sentences(found, leads_to_audit=False)


def test_stage_results_and_constants_are_told_where_they_changed():
    told = sentences(
        compare(side(), side(stage="implementing", reached=7, sustained=4, rules="s", release="2.0")),
        leads_to_audit=True,
    )
    assert told[0] == "The score is the same, 46%, and so is the ceiling, 80%."
    assert "The stage went from “Ready for a baseline” to “Implementing”." in told
    assert "Results at target or improving: 5 of 12 before, 7 of 12 now; sustained: 3 before, 4 now." in told
    assert "Release 1.0 before, 2.0 after: 0 requirements are asked by both and compared." in told
    assert "Edited in the standard meanwhile: the constants of priorities or verdict." in told


def test_where_nothing_applies_a_dash_stands_for_the_figure():
    found = compare(side(score=None, ceiling=None), side())
    assert sentences(found, leads_to_audit=True)[0] == "Score from – to 46%, ceiling from – to 80%."
