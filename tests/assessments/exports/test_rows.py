"""Rows as they are read for an export: however many there are, few are in memory at a time."""

import tracemalloc

import pytest

from assessments.exports import archive
from assessments.models import AnswerImport, ReadingImport


@pytest.mark.parametrize("of", ["assessment", "site"])
def test_memory_does_not_grow_with_the_number_of_imported_workbooks(assessment, acme, alice, of):
    model = {"assessment": AnswerImport, "site": ReadingImport}[of]
    owner = {"assessment": assessment, "site": assessment.site}[of]

    def peak_with(more):
        for _ in range(more):
            said = {"changes": [{"row": number, "note": "x" * 10_000} for number in range(100)]}
            model.objects.create(**{of: owner}, by=alice, file_name="a.xlsx", sha256="a", said=said)
        tracemalloc.start()
        try:
            for _piece in archive.stream(acme, by=alice):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak_with(2)
    assert peak_with(18) < 1.5 * few
