"""The scatter of a document: the same marks on paper and on a screen."""

import re
from xml.etree import ElementTree

import pytest

from assessments.report import impact
from assessments.report.charts import PAPER, SCREEN

SIZES = [(PAPER, {}), (SCREEN, {}), (SCREEN, impact.SMALL)]


@pytest.fixture
def drawn(found):
    return found(PR1="0123", PR2="1111", PF3="0110")


@pytest.mark.parametrize(("palette", "size"), SIZES)
def test_every_gap_has_its_mark_and_the_first_show_their_rank(drawn, palette, size):
    svg = impact.drawing(drawn, palette, **size)
    ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    blockers = len(drawn.blockers)
    dots = re.search(r'class="dots" d="([^"]*)"', svg)[1].count("M")
    assert svg.count("<circle") + svg.count(f'fill="{palette.warn}"') + dots == len(drawn.gaps)
    assert svg.count(f'fill="{palette.warn}"') == blockers == 3
    assert "the first 8" in svg


def test_a_small_one_shows_ranks_without_codes_and_shorter_words(drawn):
    wide, small = impact.drawing(drawn, SCREEN), impact.drawing(drawn, SCREEN, **impact.SMALL)
    code = drawn.gaps[0].answer.code
    assert f">{code}</text>" in wide
    assert f">{code}</text>" not in small
    assert ">Small effort<" in wide
    assert ">Small<" in small
    assert float(re.search(r'width="([\d.]+)"', small)[1]) == 320


def test_the_screen_names_colours_that_follow_dark_mode(drawn):
    assert "var(--bar)" in impact.drawing(drawn, SCREEN)
    assert "var(" not in impact.drawing(drawn, PAPER)
