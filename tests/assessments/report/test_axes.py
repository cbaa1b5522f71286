"""Round ticks, labels that keep apart, free places: the arithmetic under every chart of a series."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.report.axes import Box, Ground, Plane, every, exact, scale, spread, text_width

numbers = st.floats(-1e12, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("values", "edges", "ticks"),
    [
        ([66.2, 84.6], {}, (65, 70, 75, 80, 85)),
        ([0.12, 0.31], {}, (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)),
        ([2, 3], {"finest": 1}, (2, 3)),  # half a complaint is no tick
        ([80], {}, (76, 78, 80, 82, 84)),
        ([0], {}, (-1, -0.5, 0, 0.5, 1)),
        ([0], {"lowest": 0}, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        ([100], {"highest": 100}, (95, 96, 97, 98, 99, 100)),
        ([], {}, (0, 0.2, 0.4, 0.6, 0.8, 1)),
    ],
)
def test_ticks_are_round_and_hold_all_values(values, edges, ticks):
    assert scale(values, **edges).ticks == pytest.approx(ticks)


@given(st.lists(numbers, max_size=40))
def test_a_scale_holds_every_value_on_few_ticks(values):
    found = scale(values)
    slack = 1e-6 * max(1.0, *map(abs, values), found.step) if values else 0
    assert all(found.low - slack <= value <= found.high + slack for value in values)
    assert 1 < len(found.ticks) <= 9
    assert all(0 <= found.share(value) <= 1 for value in values)


@pytest.mark.parametrize(
    ("step", "decimals"), [([0, 600], 0), ([0, 6], 0), ([0, 0.6], 1), ([0, 0.3], 2), ([0, 0.003], 4)]
)
def test_ticks_know_the_decimals_they_need(step, decimals):
    assert scale(step).decimals == decimals


@pytest.mark.parametrize(("value", "decimals"), [(80, 0), (79.5, 1), (0.125, 3), (1 / 3, 6), (0.1 + 0.2, 1)])
def test_a_target_has_the_decimals_it_was_set_with(value, decimals):
    assert exact(value) == decimals


def test_labels_that_touch_move_apart_by_the_same_distance():
    assert spread([100, 102], 10, 0, 200) == [96, 106]
    assert spread([100, 150], 10, 0, 200) == [100, 150]
    assert spread([1, 2], 10, 0, 200) == [0, 10]
    assert spread([], 10, 0, 200) == []


@given(st.lists(st.floats(0, 300), max_size=12).map(sorted), st.floats(1, 60))
def test_spread_labels_never_touch_and_stay_inside(places, gap):
    found = spread(places, gap, 0, 300)
    room = min(gap, 300 / max(1, len(places) - 1))
    assert len(found) == len(places)
    assert all(later - earlier >= room - 1e-6 for earlier, later in pairwise(found))
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in found)


def test_as_many_months_are_named_as_there_is_room_for():
    assert every(["Nov", "Dec"], 60, 13) == 1
    assert every(["Nov", "Dec"], 20, 13) == 2
    assert every(["Nov", "Dec"], 6, 13) == 6
    assert every(["Nov", "Dec"], 1, 13) > 12


def test_wider_words_are_taken_to_be_wider():
    assert text_width("lower limit", 13) < text_width("lower limit, at most", 13)
    assert text_width("月月", 13) > text_width("ab", 13)
    assert text_width("81.2", 13, 600) > text_width("81.2", 13)


def test_a_gap_breaks_a_line():
    plane = Plane(0, 40, 0, 10, 4, scale([0, 10]), 13)
    assert plane.lines([0, 10, None, 5]) == [[(5, 10), (15, 0)], [(35, 5)]]
    assert plane.lines([None]) == []


def test_a_note_keeps_off_lines_other_notes_and_the_edge():
    ground = Ground(Box(0, 0, 100, 100))
    ground.draw([(0, 50), (100, 50)])
    across, outside, free = Box(10, 40, 30, 60), Box(90, 0, 110, 10), Box(10, 10, 30, 30)
    assert ground.place([across, outside, free]) == 2
    assert ground.place([free]) is None


def test_a_note_stands_clear_of_a_level_where_it_can():
    crossed, clear = Box(0, 0, 30, 20), Box(40, 30, 70, 50)
    assert Ground(Box(0, 0, 100, 100)).place([crossed, clear], rather_not=[10]) == 1
    assert Ground(Box(0, 0, 100, 100)).place([crossed], rather_not=[10]) == 0
