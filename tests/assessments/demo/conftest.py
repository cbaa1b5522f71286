"""The assessments of the demo."""

import pytest

from assessments.demo import stories
from assessments.models import Assessment
from tests.assessments.demo.command import DAY


@pytest.fixture
def told(built):
    """The name of a story -> the assessment made from it."""
    return {name: _made_from(stories.read(name, DAY)) for name in stories.NAMES}


def _made_from(story):
    return Assessment.objects.with_names().get(
        site__organisation__name=story.organisation,
        site__name=story.site.name,
        release__standard__key=story.standard,
        release__version=story.release,
    )


@pytest.fixture
def bank(told):
    return told["bank"]


@pytest.fixture
def outsourcer(told):
    return told["outsourcer"]


@pytest.fixture
def vendor_office(told):
    return told["vendor-office"]


@pytest.fixture
def covilha(told):
    return told["covilha"]


@pytest.fixture
def ferry(told):
    return told["ferry"]


@pytest.fixture
def iso_check(told):
    return told["iso-check"]
