"""The way from milestone to milestone as a drawing."""

import re
from xml.etree import ElementTree

import pytest

from assessments.report.charts import PAPER
from assessments.report.trend_chart import Point, trend

WAY = [
    Point(0, "Jan 2026", 40.0, 80.0),
    Point(150, "Jun 2026", 46.9, 70.0),
    Point(180, "Jul 2026", 60.0, 60.0),
]


def drawn(points, **size):
    return ElementTree.fromstring(trend(points, "Score", PAPER, **size))  # noqa: S314 - our own output


def texts(svg):
    return [each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")]


def dots(svg):
    return [
        (float(each.get("cx")), float(each.get("cy")))
        for each in svg.iter("{http://www.w3.org/2000/svg}circle")
    ]


def test_each_score_and_each_other_ceiling_has_a_dot_with_its_whole_percent():
    svg = drawn(WAY)
    assert len(dots(svg)) == 5  # at the end the ceiling is the score
    assert {"40", "46", "60", "80", "70"} <= set(texts(svg))


def test_days_that_are_far_apart_stand_far_apart():
    xs = sorted({x for x, _y in dots(drawn(WAY))})
    assert xs[1] - xs[0] > 3 * (xs[2] - xs[1])


def test_a_higher_score_stands_higher():
    ys = [y for _x, y in dots(drawn([Point(0, "a", 10, 10), Point(9, "b", 90, 90)]))]
    assert ys[0] > ys[1]


def test_of_two_names_that_would_touch_the_later_stays():
    said = texts(drawn([Point(0, "Jan 2026", 1, 1), Point(1, "Feb 2026", 2, 2)], width=120))
    assert "Feb 2026" in said
    assert "Jan 2026" not in said


def test_what_did_not_apply_breaks_the_line():
    svg = trend([Point(0, "a", 10, 10), Point(5, "b", None, None), Point(9, "c", 20, 20)], "Score", PAPER)
    assert "stroke-linejoin" not in svg
    assert svg.count("<circle") == 2


@pytest.mark.parametrize("count", [1, 2, 40])
def test_everything_stays_on_the_drawing(count):
    points = [Point(number, f"{number}", number * 2.5, 100.0) for number in range(count)]
    for x, y in dots(drawn(points, width=300, height=150)):
        assert 0 < x < 300
        assert 0 < y < 150


def test_a_title_cannot_close_the_drawing():
    svg = trend(WAY, "</title><script>", PAPER)
    assert "<script>" not in svg
    assert len(re.findall("<title>", svg)) == 1
