"""The scatter of a document: the same marks on paper, on a screen and on a phone."""

import re
from xml.etree import ElementTree

import pytest

from assessments.report import impact
from assessments.report.charts import PAPER, SCREEN

SIZES = [(PAPER, {}), (SCREEN, {"width": 1060, "height": 420}), (SCREEN, impact.PHONE)]


@pytest.fixture
def drawn(found):
    return found(PR1="0123", PR2="1111", PF3="0110")


@pytest.mark.parametrize(("palette", "size"), SIZES)
def test_every_gap_has_its_mark_and_the_first_show_their_rank(drawn, palette, size):
    svg = impact.drawing(drawn, palette, **size)
    ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    blockers = len(drawn.blockers)
    assert svg.count("<circle") + svg.count(f'fill="{palette.warn}"') == len(drawn.gaps)
    assert svg.count(f'fill="{palette.warn}"') == blockers == 3
    assert "the first 8" in svg


def test_a_phone_shows_ranks_without_codes_and_shorter_words(drawn):
    wide, phone = impact.drawing(drawn, SCREEN), impact.drawing(drawn, SCREEN, **impact.PHONE)
    code = drawn.gaps[0].answer.code
    assert f">{code}</text>" in wide
    assert f">{code}</text>" not in phone
    assert ">Small effort<" in wide
    assert ">Small<" in phone
    assert float(re.search(r'width="([\d.]+)"', phone)[1]) == 320


def test_the_screen_names_colours_that_follow_dark_mode(drawn):
    assert "var(--bar)" in impact.drawing(drawn, SCREEN)
    assert "var(" not in impact.drawing(drawn, PAPER)
