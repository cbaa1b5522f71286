"""The control chart of a metric: what is drawn is true, apart, inside, and the same in colour as in shape."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.report.axes import text_width
from assessments.report.charts import PAPER, SCREEN
from assessments.report.series import control_chart, moving_ranges
from assessments.rules.sustain import Target
from tests.assessments.report.drawn_series import AWKWARD, OCTOBER, PICTURE, WORDS, series

HOSTILE = '<script>alert(1)</script> & "O\'M" Łódź'
WIDTHS = [288, 340, 635, 820, 1136]
DRAWN = [name for name in AWKWARD if AWKWARD[name]().chart.ranges]


def parsed(svg):
    assert not re.search(r"\b(nan|inf|None)\b", svg)
    return ElementTree.fromstring(svg)  # noqa: S314 - our own output


def texts(svg):
    """(x, y, words, anchor) of each text."""
    return [
        (float(node.get("x")), float(node.get("y")), "".join(node.itertext()), node.get("text-anchor"))
        for node in parsed(svg).iter()
        if node.tag.endswith("}text")
    ]


def words_of(svg):
    return [words for _, _, words, _ in texts(svg)]


def chart(of, title="x", palette=PAPER, **kwargs):
    short = replace(WORDS, upper="upper", lower="lower", average="mean")
    return control_chart(of, title, palette, short if kwargs.get("width", 820) < 500 else WORDS, **kwargs)


def shapes(svg, colour):
    """How many closed shapes are filled or outlined in `colour`."""
    paths = re.findall(rf'<path d="([^"]+z)"[^>]*"{colour}"', svg)
    return sum(path.count("M") for path in paths)


# ---- every series ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", AWKWARD)
def test_every_series_is_drawn_at_every_width(name, width):
    of = AWKWARD[name]()
    svg = chart(of, HOSTILE, width=width)
    assert next(node.text for node in parsed(svg) if node.tag.endswith("}title")) == HOSTILE
    assert "<script" not in svg
    assert svg == chart(of, HOSTILE, width=width)
    assert not re.search(r"\s(style|id|href|on\w+)=|<style|url\(", svg)


@pytest.mark.parametrize("name", DRAWN)
def test_moving_ranges_stand_on_the_months_of_the_readings(name):
    of = AWKWARD[name]()
    bands = [
        {(x, wide) for x, wide in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)}
        for svg in (chart(of), moving_ranges(of, "x", PAPER, WORDS))
    ]
    parsed(moving_ranges(of, "x", PAPER, WORDS))
    assert bands[0] == bands[1]


def test_without_two_neighbouring_readings_there_are_no_ranges_to_draw():
    assert moving_ranges(series([80, None, 81]), "x", PAPER, WORDS) == ""


def test_words_of_others_are_escaped_wherever_they_stand():
    of = series(PICTURE, notes={OCTOBER - 10: HOSTILE})
    svg = control_chart(of, "x", PAPER, replace(WORDS, average=HOSTILE), width=1136)
    assert "<script" not in svg
    assert svg.count("alert") == 2


@pytest.mark.parametrize("palette", [SCREEN, PAPER])
def test_paper_resolves_its_colours_and_the_screen_names_them(palette):
    of = AWKWARD["picture"]()
    assert ("var(--" in chart(of, palette=palette)) == (palette is SCREEN)


values = st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False)), max_size=36)
bounds = st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)).map(sorted)
targets = st.lists(
    st.builds(lambda since, ends: Target(since, *ends), st.integers(OCTOBER - 30, OCTOBER), bounds)
)


@settings(max_examples=60)
@given(values, targets, st.sampled_from(WIDTHS))
def test_any_series_is_valid_and_stays_inside_its_figure(readings, aims, width):
    of = series(readings, tuple(aims))
    svg = chart(of, width=width)
    _, _, right, bottom = map(float, parsed(svg).get("viewBox").split())
    for path in re.findall(r' d="([^"]+)"', svg):
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path):
            assert -0.1 <= float(x) <= right + 0.1
            assert -0.1 <= float(y) <= bottom + 0.1
    parsed(moving_ranges(of, "x", PAPER, WORDS) or "<svg/>")


# ---- lines and their names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", AWKWARD)
def test_no_name_of_a_line_touches_another_or_leaves_the_figure(name, width):
    names = [
        (x, y, words) for x, y, words, anchor in texts(chart(AWKWARD[name](), width=width)) if not anchor
    ]
    heights = sorted(y for _, y, _ in names)
    assert all(lower - upper >= 13 for upper, lower in pairwise(heights))
    assert all(x + text_width(words, 13) <= width + 1 for x, _, words in names)


def test_each_line_is_named_with_its_figure():
    assert {"84.7 upper limit", "69.9 lower limit", "77.3 average", "80.3 now", "80 target"} <= set(
        words_of(chart(AWKWARD["picture"]()))
    )


def test_a_range_has_two_lines_and_two_names():
    svg = chart(AWKWARD["range"]())
    assert svg.count("stroke-dasharray") == 2
    assert {"320 at most", "280 at least"} <= set(words_of(svg))


def test_a_target_is_printed_as_it_was_set():
    assert "5.50 target" in words_of(chart(series([5.0] * 6, (Target(0, high=5.5),), decimals=2)))
    assert "5 target" in words_of(chart(series([5.0] * 6, (Target(0, high=5),), decimals=2)))


def test_a_limit_no_value_can_reach_is_not_drawn():
    svg = chart(AWKWARD["near the ceiling"]())
    assert not any("upper limit" in words for words in words_of(svg))
    assert any("lower limit" in words for words in words_of(svg))


def test_too_few_readings_have_neither_limits_nor_average():
    svg = chart(series([80, 81, 82]))
    assert "<rect" not in svg
    assert not {"average", "upper limit"} & {words.partition(" ")[2] for words in words_of(svg)}


def test_equal_readings_have_an_average_and_no_limits_beside_it():
    found = words_of(chart(AWKWARD["equal"]()))
    assert "80.0 average" in found
    assert not any("limit" in words for words in found)


def test_a_target_that_changes_is_a_step_and_the_old_one_keeps_its_figure():
    svg = chart(AWKWARD["new target"]())
    (step,) = re.findall(r'd="([^"]+)"[^>]*stroke-dasharray', svg)
    assert step.count("V") == 1
    assert {"75 target", "80 target"} <= set(words_of(svg))


def test_a_target_set_later_begins_later():
    (step,) = re.findall(
        r'd="M([\d.]+)[^"]+"[^>]*stroke-dasharray', chart(series([80] * 6, (Target(OCTOBER, low=80),)))
    )
    assert float(step) > 500


# ---- signs ------------------------------------------------------------------------------------------------------------


def test_met_is_filled_missed_is_hollow_and_without_a_target_it_is_ink():
    svg = chart(series([81, 79, 80], (Target(OCTOBER - 1, low=80),)))
    assert shapes(svg, PAPER.levels[3]) == 1
    assert shapes(svg, PAPER.warn) == 1
    assert shapes(svg, PAPER.ink) == 1


def test_a_diamond_says_what_it_is_and_why():
    svg = chart(AWKWARD["picture"](), width=1136)
    assert re.search(r'<path d="M[\d.]+ [\d.]+l[^a"]+z"', svg)
    assert {f"outside {OCTOBER - 10}", "Telephony outage, 9 to 11 December"} <= set(words_of(svg))


def test_without_room_a_diamond_still_has_its_figure():
    of = AWKWARD["picture"]()
    (far,) = of.chart.outside
    found = words_of(
        chart(replace(of, signals={far: "66.2, far outside the limits of every month"}), width=288)
    )
    assert "66.2" in found
    assert not any("outside" in words for words in found)


def test_a_long_reason_is_cut_and_says_so():
    svg = chart(series(PICTURE, notes={OCTOBER - 10: "word " * 60}), width=1136)
    assert any(words.endswith("…") for words in words_of(svg))


def test_of_many_diamonds_only_those_with_a_reason_are_named():
    of = replace(AWKWARD["many signals"](), notes={OCTOBER - 17: "New telephony"})
    assert len(of.chart.outside) > 3
    found = words_of(chart(of))
    assert [words for words in found if words.startswith("outside")] == [f"outside {OCTOBER - 17}"]
    assert "New telephony" in found


@pytest.mark.parametrize("width", WIDTHS)
def test_a_run_has_a_bracket_of_its_length_with_words(width):
    svg = chart(AWKWARD["picture"](), width=width)
    assert f"run above {OCTOBER - 8}" in words_of(svg)
    ((left, right),) = re.findall(r'd="M([\d.]+) [\d.]+V[\d.]+H([\d.]+)v', svg)
    (band,) = re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"', svg)
    assert float(right) - float(left) == pytest.approx(8 * float(band) / 24, abs=0.2)


def test_words_of_two_runs_that_would_touch_stand_in_two_rows():
    of = series(([80] * 8 + [60]) * 2, ())
    rows = {
        width: {y for _, y, words, _ in texts(chart(of, width=width)) if words.startswith("run")}
        for width in WIDTHS
    }
    assert len(rows[288]) == 2
    assert len(rows[1136]) == 1


def test_a_gap_breaks_the_line_and_is_said():
    svg = chart(AWKWARD["gaps"]())
    (line,) = re.findall(rf'd="([^"]+)" fill="none" stroke="{PAPER.ink}"', svg)
    assert line.count("M") == 3  # the first reading stands alone
    assert words_of(svg).count(WORDS.missing) == 3
    assert PAPER.hatch in svg


def test_without_any_reading_it_says_so():
    assert WORDS.nothing in words_of(chart(AWKWARD["nothing"]()))


# ---- months -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["picture", "three years", "huge"])
def test_months_never_touch_and_the_last_is_named(name, width):
    found = texts(chart(AWKWARD[name](), width=width))
    months = [x for x, _, words, anchor in found if len(words) == 3 and words.isalpha()]
    assert all(later - earlier >= 24 for earlier, later in pairwise(months))
    assert [words for _, _, words, _ in found if len(words) == 3 and words.isalpha()][-1] == "Oct"


def test_years_begin_under_a_mark_and_the_short_first_one_gives_way():
    assert [words for words in words_of(chart(AWKWARD["picture"]())) if words.startswith("20")] == [
        "2024",
        "2025",
        "2026",
    ]
    assert [
        words for words in words_of(chart(AWKWARD["picture"](), width=288)) if words.startswith("20")
    ] == ["2025", "2026"]
