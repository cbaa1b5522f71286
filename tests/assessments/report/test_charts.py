"""Charts are pure: values in, well-formed SVG out, with its finding as a title and nothing that only colour says."""

import re
from xml.etree import ElementTree

import pytest

from assessments.report import charts, scatter
from assessments.report.charts import PAPER, SCREEN, Column
from assessments.report.scatter import Band, Mark

HOSTILE = '<script>alert(1)</script> & "O\'M" Łódź'
BANDS = [Band("Small", "days", 1.0), Band("Medium", "weeks", 2.0), Band("Large", "months", 3.0)]
ALL = ("0", "1", "2", "3", "unknown", "na", "")


def parsed(svg):
    tree = ElementTree.fromstring(svg)  # noqa: S314 - our own output
    assert not re.search(r"\b(nan|inf|None)\b", svg)
    return tree


def texts(svg):
    return ["".join(node.itertext()) for node in parsed(svg).iter() if node.tag.endswith("}text")]


def signs(svg):
    """Texts with the signs that share one taken apart: each has a place of its own."""
    for node in parsed(svg).iter():
        if node.tag.endswith("}text"):
            yield from node.text if " " in node.get("x") else [node.text]


def title(svg):
    return next(node.text for node in parsed(svg) if node.tag.endswith("}title"))


def marks(count, named=3):
    return [
        Mark(n, f"PR{n}a" if n <= named else "", n % 3, 40 / n, blocker=n == 1) for n in range(1, count + 1)
    ]


EVERY_KIND = {
    "bar": lambda title: charts.bar(40, 60, 80, title, PAPER),
    "answer": lambda title: charts.answer_bar(40, 60, 80, ("40", "60", "80"), title, PAPER),
    "thin": lambda title: charts.thin_bar(40, 60, 80, title, PAPER),
    "track": lambda title: charts.level_track(0, 3, ("now", "target"), title, PAPER),
    "mosaic": lambda title: charts.mosaic([("Processes", [Column("1", ALL)])], title, PAPER),
    "scatter": lambda title: scatter.scatter(marks(9), BANDS, 4.0, ("Impact", "line"), title, PAPER),
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_chart_is_well_formed_and_says_in_its_title_what_it_shows(kind):
    svg = EVERY_KIND[kind](HOSTILE)
    assert title(svg) == HOSTILE
    assert "<script" not in svg


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_same_values_give_the_same_drawing(kind):
    assert EVERY_KIND[kind]("x") == EVERY_KIND[kind]("x")


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_nothing_is_a_style_an_identity_or_an_address(kind):
    svg = EVERY_KIND[kind]("x")
    assert not re.search(r"\s(style|id|href|on\w+)=|<style|url\(", svg)


@pytest.mark.parametrize("palette", [SCREEN, PAPER])
def test_paper_resolves_its_colours_and_the_screen_names_them(palette):
    assert ("var(--" in charts.bar(40, 60, 80, "x", palette)) == (palette is SCREEN)


@pytest.mark.parametrize(("score", "ceiling"), [(None, None), (0, 0), (0, 100), (100, 100), (33.3, 66.6)])
def test_bars_take_every_score_there_is(score, ceiling):
    for target in (0, 75, 100):
        words = ("shown", "ceiling", "to book the audit")
        parsed(charts.bar(score, ceiling, target, "x", PAPER))
        parsed(charts.thin_bar(score, ceiling, target, "x", PAPER))
        parsed(charts.answer_bar(score, ceiling, target, words, "x", PAPER))


def test_the_hatch_stands_only_where_something_is_not_shown_yet():
    assert charts.thin_bar(40, 60, 80, "x", PAPER).count("<path") == 2
    assert charts.thin_bar(40, 40, 80, "x", PAPER).count("<path") == 1  # the mark of the target


def test_the_mosaic_has_one_square_a_requirement_with_its_sign():
    svg = charts.mosaic([("Processes", [Column("1", ALL), Column("2", ("0", "0"))])], "x", PAPER)
    assert sorted(signs(svg)) == sorted(["0", "0", "0", "1", "2", "3", "?", "–", "1", "2", "Processes"])
    squares = re.findall(r'<path d="([^"]+z)"', svg)
    assert sum(path.count("M") for path in squares) == 9


def test_each_sign_has_a_place_of_its_own_in_the_middle_of_its_square():
    svg = charts.mosaic([("Processes", [Column("1", ("0", "0", "0"))])], "x", PAPER)
    (zeros,) = [node for node in parsed(svg).iter() if node.text == "000"]
    xs, ys = ([float(place) for place in zeros.get(axis).split()] for axis in "xy")
    assert len(xs) == len(ys) == len(set(ys)) == 3
    side = 26 * 0.88
    assert xs == [pytest.approx(side / 2 - 0.513 * 0.6 * side / 2, abs=0.01)] * 3


def test_digits_are_placed_by_their_width_and_words_by_their_anchor():
    digits, words = (charts.lettering(50, 0, text, PAPER, size=10, anchor="middle") for text in ("12", "now"))
    assert 'x="45.0"' in digits
    assert "middle" not in digits
    assert 'x="50.0"' in words
    assert "middle" in words


def test_level_zero_lacks_a_corner_and_the_unknown_is_framed_in_ink():
    zero, one = (charts.square(0, 0, 10, choice, PAPER) for choice in "01")
    assert "l2.4 2.4" in zero
    assert "l0.0 0.0" in one
    assert f'stroke="{PAPER.ink}"' in charts.square(0, 0, 10, "unknown", PAPER)
    assert f'stroke="{PAPER.control}"' in charts.square(0, 0, 10, "", PAPER)


def test_the_mosaic_of_a_whole_release_stays_inside_its_width():
    groups = [
        ("Leadership and planning", [Column(str(n), ("3",) * 5) for n in range(n0)]) for n0 in (5, 20, 6, 9)
    ]
    svg = charts.mosaic(groups, "x", PAPER)
    assert max(float(x) for x in re.findall(r'<text x="([\d.]+)"', svg)) <= 635


def test_a_domain_of_one_item_keeps_its_name_clear_of_the_next():
    groups = [("Leadership", [Column("1", ("3",))]), ("Processes", [Column("1", ("3",))])]
    svg = charts.mosaic(groups, "x", PAPER)
    places = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*>(?:Leadership|Processes)<', svg)]
    assert places[1] - places[0] > 5.8 * len("Leadership")


@pytest.mark.parametrize(("level", "target"), [(0, 3), (2, 3), (1, 2), (0, 1)])
def test_the_track_names_where_it_stands_and_where_it_should(level, target):
    words = signs(charts.level_track(level, target, ("now", "target"), "x", PAPER))
    assert sorted(words) == ["0", "1", "2", "3", "now", "target"]


def test_no_labelled_mark_of_the_scatter_hides_another():
    svg = scatter.scatter(marks(40, named=8), BANDS, 2.0, ("Impact", "above the line"), "x", PAPER)
    boxes = [
        (float(x), float(y), float(x) + 15 + 6.4 * len(label), float(y) + 11)
        for x, y, label in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(PR\d+a)<', svg)
    ]
    assert len(boxes) == 8
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def test_every_gap_has_a_mark_and_only_the_first_have_names():
    svg = scatter.scatter(marks(40, named=8), BANDS, 2.0, ("Impact", "line"), "x", PAPER)
    assert re.search(r'class="dots" d="([^"]*)"', svg)[1].count("M") == 32
    assert svg.count('width="18"') == 1  # the blocker is a square
    assert svg.count('r="9.5"') == 7


def test_a_scatter_without_a_line_or_with_nothing_lost_still_draws():
    parsed(scatter.scatter(marks(3), BANDS, None, ("Impact", ""), "x", PAPER))
    parsed(scatter.scatter([Mark(1, "PR1a", 0, 0.0, False)], BANDS, None, ("Impact", ""), "x", PAPER))


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.07, 0.1), (1, 1), (3, 5), (24.9, 25), (26, 50), (1000, 1000)]
)
def test_the_axis_ends_on_a_number_whose_fifths_are_easy(value, top):
    svg = scatter.scatter([Mark(1, "", 0, value, False)], BANDS, None, ("Impact", ""), "x", PAPER)
    assert f"{top:g}" in texts(svg)
