"""Small multiples and the months that decide say with shape, place and word what they say with colour."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.report.charts import PAPER
from assessments.report.small_series import months_met, small_multiple
from assessments.rules.sustain import Period, Target
from tests.assessments.report.drawn_series import AWKWARD, PICTURE, series
from tests.assessments.report.test_series import HOSTILE, parsed, shapes, texts, words_of

EIGHTY = Target(0, low=80)


@pytest.mark.parametrize("name", AWKWARD)
def test_every_series_has_a_small_multiple(name):
    svg = small_multiple(AWKWARD[name](), HOSTILE, PAPER)
    assert next(node.text for node in parsed(svg) if node.tag.endswith("}title")) == HOSTILE
    assert svg.startswith("<svg")
    assert 'width="200" height="64"' in svg


def test_it_shows_thirteen_months_and_signs_for_those_that_decide():
    svg = small_multiple(series(PICTURE), "x", PAPER)
    (line,) = re.findall(rf'd="([^"]+)" fill="none" stroke="{PAPER.ink}"', svg)
    assert line.count("L") == 12
    assert (shapes(svg, PAPER.levels[3]), shapes(svg, PAPER.warn)) == (4, 2)
    assert svg.count(" 4.20 4.20c") == 1  # the latest is large


def test_a_reading_that_no_line_reaches_keeps_its_sign():
    svg = small_multiple(series([81, None, *[80] * 8]), "x", PAPER)
    assert shapes(svg, PAPER.levels[3]) == 7


def test_a_gap_is_hatched():
    assert PAPER.hatch in small_multiple(AWKWARD["gaps"](), "x", PAPER)
    assert PAPER.hatch not in small_multiple(AWKWARD["equal"](), "x", PAPER)


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), max_size=20))
def test_any_series_stays_inside_the_small_space(values):
    svg = small_multiple(series(values), "x", PAPER)
    parsed(svg)
    for path in re.findall(r' d="([^"]+)"', svg):
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path):
            assert -0.1 <= float(x) <= 200.1
            assert -0.1 <= float(y) <= 64.1


def met(*values, width=350, targets=EIGHTY):
    periods = [Period(number, value, targets) for number, value in enumerate(values)]
    return months_met(
        periods,
        ["May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][: len(values)],
        "x",
        PAPER,
        width=width,
    )


def test_a_month_met_is_filled_missed_a_ring_and_missing_a_dash():
    svg = met(81, 79, None, 82)
    assert shapes(svg, PAPER.levels[3]) == 2
    assert shapes(svg, PAPER.warn) == 1
    assert len(re.findall(r'd="M[\d.]+ [\d.]+h[\d.]+"', svg)) == 1
    assert words_of(svg) == ["May", "Jun", "Jul", "Aug"]


def test_a_month_without_a_target_is_neither_met_nor_missed():
    svg = met(81, targets=None)
    assert shapes(svg, PAPER.ink) == 1


def test_months_that_do_not_fit_in_a_row_go_on_in_the_next():
    assert len({y for _, y, _, _ in texts(met(*[81] * 8))}) == 1
    rows = {}
    for x, y, _, _ in texts(met(*[81] * 8, width=180)):
        rows.setdefault(y, []).append(x)
    assert len(rows) == 2
    assert max(map(max, rows.values())) < 180
