import io

import pytest
from django.core.management import call_command

from assessments.models import Assessment


def test_stored_figures_that_agree_with_the_answers_are_left_alone(assessment, bob):
    assessment.answers.first().record_choice("2", by=bob, version=0)
    out = io.StringIO()
    call_command("rescore", stdout=out)
    assert out.getvalue() == "0 assessments differed from their answers.\n"


def test_a_stored_figure_that_disagrees_is_named_and_mended(assessment, bob):
    assessment.answers.first().record_choice("2", by=bob, version=0)
    right = Assessment.objects.get().score
    Assessment.objects.update(score=99)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("rescore", stdout=out)
    assert f"Assessment {assessment.pk}" in out.getvalue()
    assert Assessment.objects.get().score == right
