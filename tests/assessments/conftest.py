"""The shipped standard, and the demo built on it once for all tests of a file that only look at it."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from assessments.models import Assessment, EvidenceFile, Metric, Organisation, Site, User
from assessments.models.assessments import asked_items
from standards.models import catalogue, scoring_of
from tests import factories
from tests.assessments.demo.command import demo


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The shipped release, loaded once for a file and rolled back after it."""
    for kept in (
        catalogue,
        scoring_of,
        asked_items,
    ):  # as for each test, but this comes before the first of them
        kept.cache_clear()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loadstandards", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built_once(shipped, tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DATA_DIR=folder):
            printed = demo()
        yield printed, folder
        transaction.set_rollback(True)


@pytest.fixture
def built(built_once, db):
    """What the command printed and the folder of the sign-ins, with the demo in the database."""
    return built_once


@pytest.fixture
def empty(shipped, db, tmp_path, settings):
    """The standard, nobody's account and a data directory of its own."""
    settings.DATA_DIR = tmp_path
    # What `built` may have left standing for other tests.
    factories.forget_milestones()
    for model in (Assessment, EvidenceFile, Metric, Site, Organisation, User):
        model.objects.all().delete()
    return tmp_path
