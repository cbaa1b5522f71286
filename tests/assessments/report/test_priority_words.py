"""Why a gap ranks where it does, in words that agree with the figures."""

import re

import pytest

from assessments.report import priority_words
from standards.models import Standard


def test_the_words_of_a_blocker(found):
    document = found(PR1="3133", PR2="3333", PF3="3333")
    assert priority_words.why(document, document.gaps[0]) == (
        "10 × 1/4 × 2/3: points of the item, share of this requirement, missing of three levels. Times 2: a blocker. "
        "Divided by 2: medium effort."
    )


def test_the_words_of_a_fundamental_and_of_a_normal_gap(found):
    document = found(PR1="2323", PR2="3333", PF3="3333")
    told = [priority_words.why(document, part) for part in document.gaps]
    assert "Times 1.5: a fundamental." in told[0]
    assert "No more urgent than others." in told[1]


def test_an_urgent_gap_of_a_self_check_is_called_so(found):
    Standard.objects.update(leads_to_audit=False)
    document = found(PR1="3133", PR2="3333", PF3="3333")
    assert "Times 2: an urgent gap." in priority_words.why(document, document.gaps[0])
    assert "certification" not in priority_words.why_fundamentals(document)


@pytest.mark.parametrize("levels", ["0123", "1111", "2-?0"])
def test_the_figures_in_the_words_work_out(found, levels):
    document = found(PR1=levels, PR2=levels, PF3=levels)
    for part in document.gaps:
        told = priority_words.why(document, part)
        points, weight, total, missing, of, *factors = map(float, re.findall(r"\b[\d.]*\d\b", told))
        lost = points * weight / total * missing / of
        assert lost == pytest.approx(part.gap.lost)
        times, by = factors if part.gap.urgency_kind != "normal" else (1, *factors)
        assert lost * times / by == pytest.approx(part.gap.priority)


def test_the_groups_of_the_list_are_counted(found):
    document = found(PR1="0000", PR2="0000", PF3="0000")
    fundamentals = [part for part in document.gaps if part.answer.fundamental]
    assert priority_words.fundamentals_title(fundamentals) == "Fundamentals first: three gaps"
    assert priority_words.fundamentals_title([]) == "No gap in the fundamentals"
    assert priority_words.others_title(document.gaps[:1]) == "One other gap, by rank"
    assert priority_words.others_title([]) == "No other gap"
    assert priority_words.why_fundamentals(document).startswith(
        "Forecasting, quality monitoring and coaching come first"
    )
