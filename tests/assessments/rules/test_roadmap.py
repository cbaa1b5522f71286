"""Laws of the roadmap, and the arithmetic of the window on cases worked by hand."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.roadmap import (
    BLOCKERS,
    GROUPS,
    HORIZON,
    NO_RESULTS,
    NOT_ENOUGH,
    REST,
    SLIP,
    TOO_EARLY,
    UNDATED,
    WAIT,
    WORK,
    Bar,
    Step,
    chain,
    proof,
    roadmap,
)

NOW = 24322  # November 2026


def drawn_up(steps, waits=(), **given):
    values = {"now": NOW, "readings": 6, "needed": len(waits), "enough": True, "answered": True} | given
    return roadmap(steps, waits, **values)


def step(due, key=1, **changes):
    return replace(Step(key, BLOCKERS, NOW, due, decides=True), **changes)


months = st.integers(NOW - 12, NOW + 40)
steps = st.lists(
    st.builds(
        Step,
        key=st.integers(1, 99),
        group=st.sampled_from(GROUPS),
        start=months,
        due=months,
        decides=st.booleans(),
        result=st.booleans(),
    ),
    max_size=8,
)
waits = st.lists(st.integers(NOW, NOW + 30), max_size=6)


def test_the_window_opens_after_the_work_that_decides_and_closes_a_quarter_later():
    window = drawn_up([step(NOW + 3), step(NOW + 7, key=2)]).window
    assert (window.earliest, window.latest, window.sets) == (NOW + 8, NOW + 8 + SLIP, 2)


def test_what_shows_in_results_waits_for_readings_first():
    found = drawn_up([step(NOW + 3, result=True)])
    assert found.chains[0].bars == (Bar(WORK, NOW, NOW + 3), Bar(WAIT, NOW + 4, NOW + 9))
    assert found.window.earliest == NOW + 10


def test_work_that_decides_nothing_sets_no_date():
    assert drawn_up([step(NOW + 2), step(NOW + 20, key=2, decides=False)]).window.earliest == NOW + 3


def test_the_metrics_that_the_audit_asks_for_set_the_date_where_they_take_longest():
    window = drawn_up([step(NOW + 2)], [NOW + 9, NOW + 4, NOW + 30], needed=2).window
    assert (window.earliest, window.sets) == (NOW + 10, None)


def test_with_nothing_ahead_and_everything_met_the_window_opens_now():
    assert drawn_up([]).window.earliest == NOW


def test_what_should_be_done_already_ends_this_month():
    assert chain(step(NOW - 5), NOW, 6).bars == (Bar(WORK, NOW, NOW),)


def test_a_bar_is_cut_at_the_horizon_and_says_so():
    (bar,) = chain(step(NOW + 30), NOW, 6).bars
    assert bar == Bar(WORK, NOW, NOW + HORIZON - 1, cut=True)


def test_without_a_day_there_is_no_window_and_every_reason_is_named():
    assert drawn_up([step(None)]).window.reasons == (UNDATED,)
    assert drawn_up([], enough=False).window.reasons == (NOT_ENOUGH,)
    assert drawn_up([], answered=False).window.reasons == (TOO_EARLY,)
    assert drawn_up([], [NOW], needed=2).window.reasons == (NO_RESULTS,)
    assert drawn_up([step(None, decides=False, group=REST)]).window.reasons == ()


@given(steps, waits, st.integers(0, 6))
def test_a_later_due_day_never_opens_the_window_earlier(steps, waits, later):
    before = drawn_up(steps, waits).window.earliest
    after = drawn_up([replace(each, due=each.due + later) for each in steps], waits).window.earliest
    assert after >= before


@given(steps, waits, st.builds(Step, st.just(100), st.just(BLOCKERS), months, months, st.just(True)))
def test_more_work_never_opens_the_window_earlier(steps, waits, more):
    assert drawn_up([*steps, more], waits).window.earliest >= drawn_up(steps, waits).window.earliest


@given(steps, waits, st.randoms())
def test_the_order_of_the_steps_does_not_move_the_window(steps, waits, random):
    mixed = random.sample(steps, len(steps))
    assert drawn_up(mixed, waits).window.earliest == drawn_up(steps, waits).window.earliest


@given(steps, waits)
def test_bars_stay_within_the_horizon_and_a_wait_follows_its_work(steps, waits):
    found = drawn_up(steps, waits)
    for each in found.chains:
        for bar in each.bars:
            assert found.first <= bar.first <= bar.last <= found.last
        if len(each.bars) == 2:
            assert each.bars[1].first == each.bars[0].last + 1


@given(waits, st.integers(1, 8))
def test_as_many_metrics_as_needed_are_sustained_by_the_month_of_proof_and_fewer_before(waits, needed):
    month = proof(waits, needed)
    if month is None:
        assert len(waits) < needed
    else:
        assert sum(wait <= month for wait in waits) >= needed > sum(wait < month for wait in waits)
