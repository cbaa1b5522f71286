"""When an audit could follow the plan: worked examples, and the laws that hold for any plan."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.roadmap import (
    HORIZON,
    SLIP,
    Chain,
    NoWindow,
    Proof,
    Readings,
    Step,
    Window,
    audit_window,
    clipped,
    last_start,
    pace,
    readings_after,
)

RULE = Readings(5, 6)
NOW = 24_322  # November 2026
PROVED = Proof(9, earliest=NOW - 1, needed=5, window=6)


def test_an_audit_follows_the_month_in_which_the_last_blocker_is_due():
    found = audit_window([Step(1, due=NOW + 4, blocker=True)], [PROVED], RULE, NOW, slip=2)
    assert found == Window(NOW + 5, NOW + 7, Chain(NOW + 4, step=1, work=NOW + 4))


def test_work_that_feeds_results_is_followed_by_the_readings_the_rule_asks_for():
    found = audit_window([Step(1, due=NOW + 2, results=frozenset({"PF1a"}))], [PROVED], RULE, NOW, slip=3)
    assert (found.earliest, found.latest) == (NOW + 2 + 5 + 1, NOW + 2 + 3 + 6 + 1)


def test_the_metric_that_shows_a_result_says_how_many_readings_follow():
    step = Step(1, due=NOW, results=frozenset({"PF1a"}))
    quarterly = Proof(2, NOW + 8, needed=6, window=9, shows=frozenset({"PF1a"}))
    assert readings_after(step, [quarterly], RULE, NOW) == Readings(6, 9)
    assert readings_after(step, [replace(quarterly, earliest=NOW - 1)], RULE, NOW) == Readings(0, 0)
    assert readings_after(step, [PROVED], RULE, NOW) == RULE


def test_a_metric_that_is_not_sustained_holds_the_audit_up_without_any_work():
    waiting = Proof(3, earliest=NOW + 6, needed=5, window=6)
    found = audit_window([], [waiting, PROVED], RULE, NOW, slip=3)
    assert found == Window(NOW + 7, NOW + 8, Chain(NOW + 6, proof=3))


def test_with_nothing_to_wait_for_the_audit_could_be_next_month():
    assert audit_window([], [PROVED], RULE, NOW, slip=3) == Window(NOW + 1, NOW + 1, None)


def test_overdue_work_ends_this_month_at_the_earliest():
    assert audit_window([Step(1, due=NOW - 7, blocker=True)], [PROVED], RULE, NOW, slip=0).earliest == NOW + 1


def test_work_that_is_done_and_other_gaps_do_not_hold_it_up():
    steps = [Step(1, due=NOW + 9, blocker=True, worked=True), Step(2, due=NOW + 9), Step(3)]
    assert audit_window(steps, [PROVED], RULE, NOW, slip=3).earliest == NOW + 1


def test_no_window_is_said_where_it_would_be_a_guess():
    undated = [Step(1, blocker=True), Step(2, results=frozenset({"PF1a"})), Step(3, due=NOW, blocker=True)]
    assert audit_window(undated, [PROVED], RULE, NOW, 3) == NoWindow(0, 2, unmeasured=False)
    assert audit_window([], [PROVED], RULE, NOW, 3, unplanned=2) == NoWindow(2, 0, unmeasured=False)
    untargeted = replace(PROVED, earliest=None)
    for proofs in ([], [untargeted]):
        assert audit_window([], proofs, RULE, NOW, 3) == NoWindow(0, 0, unmeasured=True)
    too_low = audit_window([], [PROVED], RULE, NOW, 3, short=True)
    assert too_low == NoWindow(0, 0, unmeasured=False, short=True)


def test_the_pace_is_the_mean_slip_of_what_ended_and_of_what_is_overdue():
    assert pace([(10, 12), (10, 9)], [NOW - 3], NOW) == (2, 3)  # 2, 0 and 3 months: five thirds, rounded up
    assert pace([(10, 10)] * 3, [NOW + 5], NOW) == (0, 3)


def test_two_ends_say_too_little_about_the_pace():
    assert pace([(10, 20), (10, 20)], [], NOW) == (SLIP, 0)


def test_the_last_start_leaves_room_for_the_work_and_its_readings():
    assert last_start(audit=NOW + 12, wait=5, length=3) == NOW + 4  # works 4 to 6, readings 7 to 11


def test_a_bar_is_cut_at_the_edges_and_says_so():
    assert clipped(NOW - 2, NOW + 3, NOW).before
    cut = clipped(NOW + 20, NOW + 40, NOW)
    assert (cut.first, cut.last, cut.before, cut.beyond) == (NOW + 20, NOW + HORIZON - 1, False, True)


months = st.integers(NOW - 30, NOW + 60)
codes = st.frozensets(st.sampled_from(["PF1a", "PF1b", "PF2a"]), max_size=2)
steps = st.builds(
    Step,
    id=st.integers(1, 99),
    due=months,
    blocker=st.booleans(),
    results=codes,
    worked=st.booleans(),
)
rules = st.tuples(st.integers(1, 12), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
proofs = st.builds(
    lambda id, earliest, rule, shows: Proof(id, earliest, *rule, shows),
    st.integers(1, 99),
    months,
    rules,
    codes,
)
plans = st.tuples(st.lists(steps, max_size=6), st.lists(proofs, min_size=1, max_size=4), st.integers(0, 12))


def ends(plan_steps, plan_proofs, slip, unplanned=0):
    """(earliest, latest), months that never come where no window can be said."""
    found = audit_window(plan_steps, plan_proofs, RULE, NOW, slip, unplanned)
    return (found.earliest, found.latest) if isinstance(found, Window) else (10**6, 10**6)


@given(plans, st.integers(0, 5), st.integers(0, 40))
def test_a_later_due_month_never_gives_an_earlier_window(plan, place, later):
    plan_steps, plan_proofs, slip = plan
    moved = [replace(step, due=step.due + later) if n == place else step for n, step in enumerate(plan_steps)]
    before, after = ends(plan_steps, plan_proofs, slip), ends(moved, plan_proofs, slip)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(plans, months)
def test_another_blocker_never_gives_an_earlier_window(plan, due):
    plan_steps, plan_proofs, slip = plan
    before = ends(plan_steps, plan_proofs, slip)
    for after in (
        ends([*plan_steps, Step(100, due=due, blocker=True)], plan_proofs, slip),
        ends([*plan_steps, Step(100, blocker=True)], plan_proofs, slip),
        ends(plan_steps, plan_proofs, slip, unplanned=1),
    ):
        assert after[0] >= before[0]
        assert after[1] >= before[1]


@given(plans)
def test_the_window_lies_ahead_and_is_never_turned_round(plan):
    earliest, latest = ends(*plan)
    assert NOW < earliest <= latest


@given(plans)
def test_the_longest_chain_ends_in_the_month_before_the_window(plan):
    found = audit_window(*plan[:2], RULE, NOW, plan[2])
    assert found.earliest == (found.longest.end if found.longest else NOW) + 1


@given(months, st.integers(0, 60))
def test_bars_stay_within_the_months_that_are_drawn(first, length):
    bar = clipped(first, first + length, NOW)
    assert NOW <= bar.first <= bar.last < NOW + HORIZON
