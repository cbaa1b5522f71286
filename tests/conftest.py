"""The cast: Alice owns Acme's assessments, Mark manages, Bob contributes, Rita reviews, Vera only views, Charlie belongs elsewhere."""

import os
from functools import partial

import hypothesis
import pytest
from django.conf import settings as in_force
from django.test import override_settings

from assessments.models import Membership, Role
from assessments.models.assessments import asked_items
from assessments.printing import jobs, press
from standards import crosswalk
from standards.models import catalogue, scoring_of
from tests import factories
from tests.printing import HandPress
from tests.together import shared

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher", *in_force.PASSWORD_HASHERS]
hypothesis.settings.register_profile("thorough", deadline=None)  # a machine may be busy
hypothesis.settings.register_profile("brief", deadline=None, max_examples=25)  # ./check without --all
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "thorough"))


@pytest.fixture
def restart():
    """Call it and the process remembers no release, as after a restart."""

    def forget():
        asked_items.cache_clear()
        catalogue.cache_clear()
        scoring_of.cache_clear()
        crosswalk.treats_another.cache_clear()

    return forget


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests(tmp_path_factory):
    """Evidence files lie in a folder of their own, and passwords are hashed at once: test_settings asks for how they are in use."""
    evidence = stored_in(tmp_path_factory.mktemp("evidence"))
    with override_settings(STORAGES=evidence, PASSWORD_HASHERS=QUICK):
        yield


@pytest.fixture
def store(settings, tmp_path):
    """An empty folder in which evidence files are stored from now on."""
    folder = tmp_path / "evidence"
    settings.STORAGES = stored_in(folder)
    return folder


def stored_in(folder):
    options = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, "location": folder}
    evidence = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    return in_force.STORAGES | {"evidence": evidence}


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests(restart):
    restart()


@pytest.fixture(autouse=True)
def _printed_at_once(monkeypatch):
    """A PDF that is asked for is there when the call returns, and set in this process: the press has tests of its own."""
    monkeypatch.setattr(press, "ours", HandPress)
    monkeypatch.setattr(jobs, "print_in_house", jobs.print_all)


@pytest.fixture
def ship(settings, tmp_path):
    """`ship(release)`: it counts as one of ours from now on, not as one that an organisation made for itself."""
    settings.FIXTURE_DIRS = [tmp_path]

    def folder(release):
        place = tmp_path / "standards" / release.standard.key / release.version.replace(".", "-")
        place.mkdir(parents=True, exist_ok=True)
        return release

    return folder


@pytest.fixture
def acme(db):
    return factories.OrganisationFactory(name="Acme")


def member(organisation, name, role):
    user = factories.UserFactory(name=name)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


@pytest.fixture
def alice(acme):
    return member(acme, "Alice", Role.OWNER)


@pytest.fixture
def mark(acme):
    return member(acme, "Mark", Role.MANAGER)


@pytest.fixture
def bob(acme):
    return member(acme, "Bob", Role.CONTRIBUTOR)


@pytest.fixture
def rita(acme):
    return member(acme, "Rita", Role.REVIEWER)


@pytest.fixture
def vera(acme):
    return member(acme, "Vera", Role.VIEWER)


@pytest.fixture
def charlie(db):
    return member(factories.OrganisationFactory(name="Other Ltd"), "Charlie", Role.OWNER)


@pytest.fixture
def site(acme):
    return factories.SiteFactory(organisation=acme, name="Leeds")


@pytest.fixture
def assessment(site, alice):
    return factories.started(site, by=alice)


@pytest.fixture
def sign_in(client):
    """`sign_in(alice)` gives the test client, signed in as Alice."""

    def as_user(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_user


@pytest.fixture
def newer(assessment, ship):
    """A later release of what the assessment asks; both count as ours."""
    later, _kept = ship(factories.newer_release()), ship(assessment.release)
    return later


@pytest.fixture
def share(tmp_path):
    """`share()`: what is in the tests' database by then, for processes of their own."""
    return partial(shared, tmp_path)
