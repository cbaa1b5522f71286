"""A small published release, a draft of it, and two editors: Edith and Ron."""

import pytest

from standards.drafts import copy_release
from standards.models import Requirement, Scoring, Variant
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


@pytest.fixture
def older(release, ship):
    """Release 1.0 of the small standard: three items, twelve requirements."""
    return ship(release)


@pytest.fixture
def newer(older, ship):
    """Release 2.0: one requirement replaced, one about AI added, one dropped."""
    return ship(factories.newer_release())


@pytest.fixture
def thing(older):
    return Requirement.objects.get(item__domain__release=older, key="pr1-thing-1")


@pytest.fixture
def several(older, thing):
    """The first requirement is asked of an outsourcer alone, through agents alone, in the quick scan."""
    outsourcer = Variant.objects.create(
        release=older, code="OSP", name="Outsourcer", description="-", position=2
    )
    thing.variants.set([outsourcer])
    Requirement.objects.update(quick=False)
    Requirement.objects.filter(pk=thing.pk).update(automated=False, quick=True)
    return older
