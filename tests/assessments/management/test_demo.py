"""`manage.py demo`: when it builds, and when it says why not."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Organisation, User
from standards.models import Release
from tests import factories
from tests.assessments.demo.command import demo, stored


def test_if_empty_builds_where_nobody_has_an_account(empty):
    assert "score" in demo("--if-empty")


def test_if_empty_does_nothing_where_somebody_has_an_account(empty):
    factories.UserFactory()
    assert "somebody has an account" in demo("--if-empty")
    assert not Organisation.objects.exists()


def test_if_empty_passes_by_a_server_behind_https(empty, settings):
    settings.HTTPS = True
    assert "No demo was made" in demo("--if-empty")
    assert not User.objects.exists()


def test_it_refuses_behind_https_unless_forced(empty, settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="COPCREADY_HTTPS is on"):
        demo()
    assert not User.objects.exists()
    demo("--force")
    assert Organisation.objects.count() == 3


def test_it_refuses_beside_real_people_unless_forced(empty):
    factories.UserFactory(email="gillian@bank.test")
    with pytest.raises(CommandError, match="real people have accounts"):
        demo()
    assert not Organisation.objects.exists()
    demo("--force")
    assert Organisation.objects.count() == 3


@pytest.mark.parametrize("arguments", [[], ["--force"]])
def test_a_second_run_says_so_and_changes_nothing(empty, arguments):
    demo()
    before, passwords = stored(), (empty / "demo-sign-in.txt").read_text()
    with pytest.raises(CommandError, match="the demo is here already"):
        demo(*arguments)
    assert stored() == before
    assert (empty / "demo-sign-in.txt").read_text() == passwords


def test_it_asks_for_the_standard_first(empty):
    Release.objects.all().delete()
    with pytest.raises(CommandError, match="loadstandards"):
        demo()


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("--as-of=soon", "is not a date"),
        ("--sites=-1", "is not a number of sites"),
        ("--sites=many", "is not a number of sites"),
        ("--sites=1000000", "is not a number of sites"),
    ],
)
def test_nonsense_gets_a_sentence(empty, argument, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("demo", argument)
    assert not User.objects.exists()


def test_a_day_to_come_is_refused(empty):
    with pytest.raises(CommandError, match="has not come yet"):
        demo(as_of=date.today() + timedelta(days=2))
