"""What `bench` compares is comparable, and it says what it can measure."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.management.benches.measuring import Bench, Floor, measure

CONTROLS = r"<(?:select|option|textarea|input|label|td|th)\b"


def test_an_unknown_name_is_answered_with_the_ones_there_are():
    with pytest.raises(
        CommandError, match=r"Choose from: save, item, grid, start, results, report, cold, hostile, all\."
    ):
        call_command("bench", "everything")


def test_the_floor_of_the_grid_draws_the_same_controls_row_by_row(settings, sign_in, bob, assessment):
    settings.ROOT_URLCONF = "assessments.management.floors"
    first, second = assessment.answers.in_order()[:2]
    first.record_choice("na", by=bob, version=0, reason="elsewhere")
    second.record_note("Since May.", by=bob, version=0)
    client = sign_in(bob)
    drawn = [
        re.findall(r'<tr class="req".*?</tr>', client.get(reverse(name, args=[assessment.pk, "PR"])).content.decode(), re.DOTALL)
        for name in ("grid", "floor-grid")
    ]  # fmt: skip
    assert len(drawn[0]) == len(drawn[1]) == 8
    for ours, plain in zip(*drawn, strict=True):
        assert re.findall(CONTROLS, ours) == re.findall(CONTROLS, plain)
        assert ours.count(" selected") == plain.count(" selected")
        assert len(ours) == pytest.approx(len(plain), rel=0.05)


@pytest.mark.django_db
def test_a_ratio_above_its_limit_is_named():
    floor = Floor("nothing at all", lambda: sum(range(10)), 0.001)
    figure = measure(Bench("much", lambda: sum(range(100_000)), rounds=3, floors=[floor]), None)
    assert len(figure["missed"]) == 1
    assert figure["missed"][0].endswith("x nothing at all")
