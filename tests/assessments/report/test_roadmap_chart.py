"""The drawing of a roadmap: what is in it, and that it stays readable however long the plan is."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.report import roadmap_picture
from assessments.report.charts import PAPER, SCREEN
from assessments.report.roadmap_chart import MOST_ROWS, NARROW, ON_PAPER, WIDE, Group, Line, folded
from tests.assessments.report.plans import action, planned

LAYOUTS = [ON_PAPER, WIDE, NARROW]
PAGE = 605 / 0.75  # units that a page has below a title of two lines, of 0.75 pt each


def drawn(*actions, layout=ON_PAPER, palette=PAPER, **fields):
    return roadmap_picture.drawing(planned(*actions, **fields), True, palette, layout)


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - our own output


def texts(svg):
    return [node.text for node in parsed(svg).iter("{http://www.w3.org/2000/svg}text")]


def plan(count):
    keys = ("LP5a", "PR6b", "PF1a", "PR9c")
    return [
        action(n, keys[n % 4], start=date(2026, 12, 1), due=date(2027, 1 + n % 9, 1)) for n in range(count)
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_groups_rows_owner_and_window_are_written(layout):
    found = texts(drawn(*plan(4), layout=layout, audit_month=date(2028, 3, 1)))
    for text in ("Close the blockers", "Fundamentals", "LP5a Step 0", "Decision to book", "Mar 2028"):
        assert text in found
    assert ("Bob" in found) == (layout is not NARROW)


def test_its_title_says_what_it_shows():
    title = parsed(drawn(*plan(4)))[0].text
    assert title.startswith("Roadmap from November 2026 to October 2028: ")
    assert "The audit could begin in" in title


def test_two_hundred_actions_fit_a_page_and_say_how_many_are_not_drawn():
    svg = drawn(*plan(200), audit_month=date(2028, 3, 1))
    assert float(re.search(r'height="([\d.]+)"', svg).group(1)) < PAGE
    found = texts(svg)
    kept = sum("Step" in text for text in found)
    hidden = sum(int(text.split()[1]) for text in found if re.fullmatch(r"and \d+ more", text))
    assert kept + hidden == 200


@given(st.lists(st.integers(0, 90), min_size=1, max_size=3))
def test_folding_keeps_every_group_and_at_most_so_many_rows(counts):
    picture = roadmap_picture.picture(planned(), True)
    groups = tuple(
        Group(f"G{n}", tuple(Line(f"S{s}", "", (1, s), None, "") for s in range(count)))
        for n, count in enumerate(counts)
    )
    found = folded(replace(picture, groups=groups))
    assert [group.name for group in found] == [f"G{n}" for n, count in enumerate(counts) if count]
    assert sum(len(group.lines) for group in found) <= MOST_ROWS
    for group, count in zip(found, filter(None, counts), strict=True):
        assert f"S{count - 1}" in [line.label for line in group.lines]  # what ends last may set the date


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_drawn_outside_the_drawing(layout):
    far = action(1, "LP5a", start=date(2026, 1, 1), due=date(2031, 1, 1))
    root = parsed(drawn(far, *plan(6), layout=layout, audit_month=date(2033, 1, 1)))
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(rect.get("x")) >= 0
        assert float(rect.get("x")) + float(rect.get("width")) <= layout.width + 0.1
        assert float(rect.get("width")) > 0


def test_a_bar_that_goes_on_over_an_edge_ends_in_a_point():
    inside = action(1, "PR6b", start=date(2026, 12, 1), due=date(2027, 3, 1))
    over = action(1, "PR6b", start=date(2026, 12, 1), due=date(2030, 3, 1))
    points = [svg.count(f'z" fill="{PAPER.ink}"') for svg in (drawn(inside), drawn(over))]
    assert points[1] == points[0] + 1


def test_long_names_are_cut_and_escaped():
    long = action(1, "LP5a", title="<b>&" * 30, owner="Kovačević" * 9, due=date(2027, 1, 1))
    svg = drawn(long)
    assert "<b>" not in svg
    assert any(text.startswith("LP5a <b>&") and text.endswith("…") for text in texts(svg))


def test_the_screen_has_no_colour_of_its_own():
    assert re.findall(r'(?:fill|stroke)="#', drawn(*plan(5), palette=SCREEN)) == []
    assert "var(" not in drawn(*plan(5))


def test_in_short_each_group_is_a_row():
    svg = roadmap_picture.strip(planned(*plan(40)), True, PAPER, WIDE)
    assert texts(svg).count("Close the blockers") == 1
    assert not any("Step" in text for text in texts(svg))


def test_without_rows_nothing_is_drawn():
    assert drawn(metrics=[], answers={}) == ""
    assert roadmap_picture.strip(planned(metrics=[], answers={}), True, PAPER, WIDE) == ""
