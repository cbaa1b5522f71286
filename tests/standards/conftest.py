"""A small published release, a draft of it, and two editors: Edith and Ron."""

import pytest

from standards.drafts import copy_release
from standards.models import Requirement, Scoring
from tests import factories


@pytest.fixture
def release(db):
    release = factories.small_release()
    Scoring.objects.create(release=release)
    return release


@pytest.fixture
def draft(release):
    return copy_release(release, version="2.0")


@pytest.fixture
def edith(db):
    return factories.UserFactory(name="Edith", is_staff=True)


@pytest.fixture
def ron(db):
    return factories.UserFactory(name="Ron", is_staff=True)


@pytest.fixture
def desk(sign_in, edith):
    return sign_in(edith)


@pytest.fixture
def requirement(release):
    return Requirement.objects.of(release).first()
