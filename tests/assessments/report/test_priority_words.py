"""Why a gap ranks where it does, in words that agree with the figures."""

import re

import pytest

from assessments.report import priority_words
from assessments.report.words import decimal
from standards.models import Standard


def test_the_words_of_a_blocker(found):
    document = found(PR1="3133", PR2="3333", PF3="3333")
    assert priority_words.why(document, document.gaps[0]) == (
        "PR1 is worth 10 points; this requirement carries 1 of 4 parts of them and lacks 2 of 3 levels, so it loses 1.7. "
        "A blocker counts 2 times. The effort is medium, which divides by 2. That makes a priority of 1.7, the only one."
    )


def test_the_words_of_a_fundamental_and_of_a_normal_gap(found):
    document = found(PR1="2323", PR2="3333", PF3="3333")
    told = [priority_words.why(document, part) for part in document.gaps]
    assert "A fundamental counts 1.5 times." in told[0]
    assert "Nothing makes it more urgent than others." in told[1]
    assert told[1].endswith("number 2 of 2.")


def test_an_urgent_gap_of_a_self_check_is_called_so(found):
    Standard.objects.update(leads_to_audit=False)
    document = found(PR1="3133", PR2="3333", PF3="3333")
    assert "An urgent gap counts 2 times." in priority_words.why(document, document.gaps[0])
    assert "certification" not in priority_words.why_fundamentals(document)


@pytest.mark.parametrize("levels", ["0123", "1111", "2-?0"])
def test_the_figures_in_the_words_work_out(found, levels):
    document = found(PR1=levels, PR2=levels, PF3=levels)
    for part in document.gaps:
        told = priority_words.why(document, part)
        points, weight, total, missing, of = map(int, re.findall(r"\b\d+\b", told.split("so it")[0]))
        assert decimal(points * weight / total * missing / of) in told
        assert decimal(part.gap.priority) in told


def test_a_requirement_that_is_alone_in_its_item_carries_all_of_it(found):
    document = found(PR1="-1--", PR2="3333", PF3="3333")
    told = priority_words.why(document, document.gaps[0])
    assert told.startswith(
        "PR1 is worth 10 points; this requirement carries all of them and lacks 2 of 3 levels"
    )


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
