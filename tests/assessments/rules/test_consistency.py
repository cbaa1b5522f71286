"""What cannot be true together, rule by rule, and what holds for any answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import consistency
from assessments.rules.consistency import Claim, Scope, contradictions
from assessments.rules.scoring import CHOICES, NOT_APPLICABLE, OPEN
from tests.assessments.rules.questionnaires import LAW

JANUARY = 2026 * 12
SCOPE = Scope(today=JANUARY + 20, automated=True, audit=JANUARY + 24)


def claim(choice, key="a", item="PR1", **fields):
    return Claim(key=key, item=item, choice=choice, **fields)


def kinds(*claims, scope=SCOPE):
    return [found.kind for found in contradictions(claims, scope)]


# ---- rule by rule


def test_in_place_everywhere_needs_evidence_or_a_note_that_says_where_it_is():
    assert kinds(claim("3")) == [consistency.NOTHING_TO_SHOW]
    assert kinds(claim("3", has_note=True)) == []
    assert kinds(claim("3", periods=(None,))) == []
    assert kinds(claim("2")) == []


@pytest.mark.parametrize(
    ("periods", "months"),
    [
        ((), 0),
        ((None,), 0),
        (((JANUARY + 20, JANUARY + 21),), 2),
        (((JANUARY + 20, JANUARY + 21), (JANUARY + 21, JANUARY + 21)), 2),
    ],
)
def test_a_sustained_result_needs_evidence_of_enough_different_months(periods, months):
    (found,) = contradictions([claim("3", result=True, has_note=True, periods=periods)], SCOPE)
    assert (found.kind, found.months, found.needed, found.field) == ("not-sustained", months, 3, "evidence")


def test_enough_months_in_pieces_sustain_a_result():
    periods = ((JANUARY + 20, JANUARY + 20), (JANUARY + 22, JANUARY + 23))
    assert kinds(claim("3", result=True, periods=periods)) == []
    assert kinds(claim("2", result=True)) == []


def test_evidence_is_too_old_by_its_newest_month_today_or_on_the_audit_aimed_at():
    assert kinds(claim("2", periods=((JANUARY, JANUARY + 7),))) == [consistency.TOO_OLD]
    assert kinds(claim("2", periods=((JANUARY, JANUARY + 11),))) == [consistency.TOO_OLD_BY_AUDIT]
    assert kinds(claim("2", periods=((JANUARY, JANUARY + 12),))) == []
    assert kinds(claim("2", periods=((JANUARY, JANUARY), (JANUARY + 20, JANUARY + 20)))) == []
    assert kinds(claim("1", periods=((JANUARY, JANUARY),))) == []
    assert kinds(claim("2", periods=((JANUARY, JANUARY + 11),)), scope=replace(SCOPE, audit=None)) == []
    far_off = replace(SCOPE, audit=JANUARY + 40)
    assert kinds(claim("2", periods=((JANUARY, JANUARY + 11),)), scope=far_off) == []
    (found,) = contradictions([claim("3", periods=((JANUARY, JANUARY + 6),))], SCOPE)
    assert (found.months, found.needed) == (14, 12)


def test_an_automated_requirement_is_not_left_out_while_automated_channels_are_in_scope():
    out = claim(NOT_APPLICABLE, automated_only=True)
    assert kinds(out) == [consistency.CHANNEL_IN_SCOPE]
    assert kinds(replace(out, elsewhere=True)) == []
    assert kinds(out, scope=replace(SCOPE, automated=False)) == []
    assert kinds(claim(NOT_APPLICABLE)) == []


def test_from_nothing_to_everything_since_last_time_needs_a_word():
    jump = claim("3", last_time="0", periods=((JANUARY + 23, JANUARY + 23),))
    assert kinds(jump) == [consistency.SUDDEN]
    assert kinds(replace(jump, has_note=True)) == []
    assert kinds(replace(jump, last_time="1")) == []
    assert kinds(replace(jump, last_time=OPEN)) == []


def test_an_item_with_a_critical_part_is_not_left_out_as_a_whole_without_being_named():
    critical = claim(NOT_APPLICABLE, "b", critical=True)
    (found,) = contradictions([claim(NOT_APPLICABLE), critical, claim(NOT_APPLICABLE, "c")], SCOPE)
    assert (found.kind, found.key) == (consistency.CRITICAL_LEFT_OUT, "b")
    assert kinds(claim("2"), critical) == []
    assert kinds(claim(NOT_APPLICABLE), claim(NOT_APPLICABLE, "c")) == []
    assert kinds(critical, claim(NOT_APPLICABLE, "z", item="PR2")) == [consistency.CRITICAL_LEFT_OUT]


# ---- laws

AGE = {consistency.TOO_OLD, consistency.TOO_OLD_BY_AUDIT}
months = st.integers(JANUARY - 30, JANUARY + 30)
periods = st.lists(st.none() | st.tuples(months, months).map(sorted).map(tuple), max_size=3).map(tuple)
claims = st.builds(
    Claim,
    key=st.uuids(),
    item=st.just("PR1"),
    choice=st.sampled_from((OPEN, *CHOICES)),
    result=st.booleans(),
    critical=st.booleans(),
    automated_only=st.booleans(),
    elsewhere=st.booleans(),
    has_note=st.booleans(),
    periods=periods,
    last_time=st.sampled_from((OPEN, *CHOICES)),
)
scopes = st.builds(Scope, today=months, automated=st.booleans(), audit=st.none() | months)


@LAW
@given(st.lists(claims, max_size=5), scopes)
def test_the_order_of_evidence_changes_nothing(rows, scope):
    turned = [replace(row, periods=row.periods[::-1]) for row in rows]
    assert contradictions(rows, scope) == contradictions(turned, scope)


@LAW
@given(st.lists(claims, max_size=5), scopes)
def test_nothing_is_said_of_what_nobody_answered_or_knows(rows, scope):
    silent = {row.key for row in rows if row.choice in (OPEN, "unknown")}
    assert not silent & {found.key for found in contradictions(rows, scope)}


@LAW
@given(st.lists(claims, max_size=5), scopes)
def test_what_does_not_apply_has_no_level_to_contradict(rows, scope):
    out = {row.key for row in rows if row.choice == NOT_APPLICABLE}
    about_levels = {consistency.NOTHING_TO_SHOW, consistency.NOT_SUSTAINED, consistency.SUDDEN} | AGE
    assert not [
        found for found in contradictions(rows, scope) if found.key in out and found.kind in about_levels
    ]


@LAW
@given(claims, scopes)
def test_taking_all_evidence_away_settles_nothing_but_its_age(row, scope):
    before = {found.kind for found in contradictions([row], scope)} - AGE
    after = {found.kind for found in contradictions([replace(row, periods=())], scope)}
    assert before <= after


@LAW
@given(st.lists(claims, max_size=4), scopes)
def test_items_are_judged_each_by_itself(rows, scope):
    elsewhere = [replace(row, item="PR2") for row in rows]
    together = contradictions([*rows, *elsewhere], scope)
    assert together == contradictions(rows, scope) + contradictions(elsewhere, scope)
