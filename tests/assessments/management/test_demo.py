"""`manage.py demo`: when it builds, and when it says why not."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment, Organisation, User
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
    assert Organisation.objects.count() == 4


def test_it_refuses_beside_real_people_unless_forced(empty):
    factories.UserFactory(email="gillian@bank.test")
    with pytest.raises(CommandError, match="real people have accounts"):
        demo()
    assert not Organisation.objects.exists()
    demo("--force")
    assert Organisation.objects.count() == 4


@pytest.mark.parametrize("arguments", [[], ["--force"]])
def test_a_second_run_says_so_and_changes_nothing(empty, arguments):
    demo()
    before, passwords = stored(), (empty / "demo-sign-in.txt").read_text()
    with pytest.raises(CommandError, match="the demo is here already"):
        demo(*arguments)
    assert stored() == before
    assert (empty / "demo-sign-in.txt").read_text() == passwords


@pytest.mark.parametrize(
    ("standard", "version"), [("copc-cx", "8.0"), ("copc-cx", "7.0"), ("iso-18295-1", "2017")]
)
def test_it_asks_for_a_standard_that_is_not_loaded_before_it_makes_anything(empty, standard, version):
    Release.objects.get_by_natural_key(standard, version).delete()
    with pytest.raises(CommandError, match=f"{standard} {version} is not loaded yet.*loadstandards"):
        demo()
    assert not User.objects.exists()


def test_it_says_what_it_made_and_keeps_that_with_the_sign_ins(built):
    printed, folder = built
    kept = (folder / "demo-sign-in.txt").read_text()
    for made in (
        "Aldermoor Bank: Leeds customer centre, CSP of COPC CX Standard 8.0, 173 requirements",
        "Serrana Contact Services: Covilhã, OSP of COPC CX Standard 7.0, 168 requirements, 168 answered",
        "Carnsore Ferries: Rosslare booking line, CSP of COPC CX Standard 8.0, quick scan, 34 requirements, 34 answered",
        "Aldermoor Bank: Leeds customer centre, CCC of ISO 18295-1",
    ):
        assert made in printed
        assert made in kept
    assert "manager of Carnsore Ferries" in kept


def test_a_database_with_a_demo_made_before_there_were_more_is_left_alone(empty):
    demo()
    factories.forget_milestones()
    Assessment.objects.exclude(release__standard__key="copc-cx", release__version="8.0").delete()
    before = stored()
    with pytest.raises(CommandError, match="the demo is here already"):
        demo()
    demo("--sites=1")
    assert Assessment.objects.filter(release__version="7.0").count() == 0
    assert (
        Organisation.objects.get(name="Aldermoor Bank")
        .sites.get(name="Leeds customer centre")
        .assessments.count()
        == 1
    )
    assert [row for row in before[4] if row in stored()[4]] == before[4]


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
