"""`manage.py demo` on the shipped standard. The built demo is shared by the tests that only look at it."""

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.conf import settings as current
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from assessments.demo import chain, stories
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Membership,
    Organisation,
    Role,
    Site,
    User,
)
from assessments.models.assessments import asked_items
from assessments.models.progress import progress
from assessments.places import countries, time_zones
from standards.models import Release
from tests import factories

# For every test of the file: without it a run of one test that only looks at `built` would use the real database.
pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
BANK, OUTSOURCER, VENDOR_OFFICE = "Aldermoor Bank", "Serrana Contact Services", "Quillby Home"


def demo(*arguments, as_of=DAY):
    out = StringIO()
    call_command("demo", *arguments, f"--as-of={as_of}", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def standard(django_db_setup, django_db_blocker):
    asked_items.cache_clear()  # before any test of this module, hence before the fixture that does it for each test
    """The shipped release, loaded once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loadstandards", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built(standard, tmp_path_factory, django_db_blocker):
    """What the command printed, with the demo in the database and the sign-ins in `folder`."""
    folder = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        yield demo(), folder
        transaction.set_rollback(True)


@pytest.fixture
def empty(standard, db, tmp_path, settings):
    """The standard, nobody's account and a data directory of its own."""
    settings.DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # quick; `built` uses the real ones
    for model in (
        Assessment,
        Site,
        Organisation,
        User,
    ):  # what `built` may have left standing for other tests
        model.objects.all().delete()
    return tmp_path


@pytest.fixture
def bank(built):
    return Assessment.objects.with_names().get(site__organisation__name=BANK)


@pytest.fixture
def outsourcer(built):
    return Assessment.objects.with_names().get(site__organisation__name=OUTSOURCER)


@pytest.fixture
def vendor_office(built):
    return Assessment.objects.with_names().get(site__organisation__name=VENDOR_OFFICE)


@pytest.fixture
def all_three(bank, outsourcer, vendor_office):
    return [bank, outsourcer, vendor_office]


def stored():
    """Every value of every demo row that has no business being random, in an order of its own."""
    people = User.objects.order_by("email").values_list(
        "email", "name", "is_staff", "joined_at", "is_superuser"
    )
    members = Membership.objects.order_by("organisation__name", "user__email")
    answers = Answer.objects.order_by("assessment__site__name", "requirement__key")
    revisions = AnswerRevision.objects.order_by("answer__assessment__site__name", "answer__requirement__key")
    who = ("answered_by__email", "noted_by__email")
    return [
        list(people),
        list(members.values_list("organisation__name", "user__email", "role", "since")),
        list(Organisation.objects.values_list("name", "created_at")),
        list(
            Site.objects.order_by("name").values_list(
                "name", "country", "seats", "time_zone", "channels", "created_at"
            )
        ),
        list(
            Assessment.objects.order_by("site__name").values_list(
                "site__name",
                "variant__code",
                "audit_month",
                "started_at",
                "saved_at",
                "saved_by__email",
                "score",
            )
        ),
        list(
            answers.values_list(
                "choice", "reason", "reason_text", "note", "version", *who, "answered_at", "noted_at"
            )
        ),
        list(
            revisions.order_by(
                "answer__requirement__key", "answer__assessment__site__name", "version"
            ).values_list("version", "field", "values", "by__email", "at")
        ),
    ]


def rolled_back(*arguments, as_of=DAY):
    """The rows the command makes, gone again afterwards."""
    with transaction.atomic():
        demo(*arguments, as_of=as_of)
        rows = stored()
        transaction.set_rollback(True)
    return rows


# What is built


def test_the_bank_is_ready_for_a_baseline_with_some_way_to_go(bank):
    scores = bank.scores()
    assert bank.verdict(scores).stage == "baseline"
    assert 0.8 <= scores.overall.answered / scores.overall.asked <= 0.9
    assert 35 <= scores.overall.percent <= 55
    assert 3 <= len(scores.blockers) <= 8


def test_the_outsourcer_is_implementing_and_nearly_done_answering(outsourcer):
    scores = outsourcer.scores()
    assert outsourcer.verdict(scores).stage == "implementing"
    assert 0.95 <= scores.overall.answered / scores.overall.asked < 1
    assert 1 <= len(scores.blockers) <= 2


def test_the_vendor_office_has_answered_less_than_half(vendor_office):
    scores = vendor_office.scores()
    assert vendor_office.verdict(scores).stage == "fundamentals"
    assert 0.4 <= scores.overall.answered / scores.overall.asked < 0.5


def test_maturity_is_uneven_as_on_real_sites(bank):
    percent = {code: figure.percent for code, figure in bank.scores().items.items()}
    assert percent["LP1"] >= percent["LP5"] + 30  # direction good, AI policy weak
    calibration = bank.answers.get(requirement__key="evaluator-calibration")
    assert calibration.choice in ("0", "1")
    levels = set(bank.answers.values_list("choice", flat=True))
    assert levels == {"", "0", "1", "2", "3", "unknown", "na"}


def test_the_stored_figures_are_those_of_the_answers(all_three):
    for assessment in all_three:
        overall = assessment.scores().overall
        assert (assessment.score, assessment.ceiling) == (overall.score, overall.ceiling)
        assert (assessment.asked, assessment.open) == (overall.asked, overall.open)


def test_each_assessment_asks_exactly_what_its_scope_asks(all_three):
    for assessment in all_three:
        asked = set(assessment.requirements_in_scope().values_list("pk", flat=True))
        assert set(assessment.answers.values_list("requirement", flat=True)) == asked
    outsourcer = all_three[1]
    assert not outsourcer.answers.filter(requirement__human=False).exists()


def test_the_last_save_of_each_field_is_what_the_answer_holds(all_three):
    answers = Answer.objects.filter(assessment__in=all_three).prefetch_related("revisions")
    for answer in answers:
        revisions = list(answer.revisions.all())
        assert [revision.version for revision in revisions] == list(range(1, answer.version + 1))
        assert all(earlier.at < later.at for earlier, later in pairwise(revisions))
        choices = [revision for revision in revisions if revision.field == Answer.CHOICE]
        notes = [revision for revision in revisions if revision.field == Answer.NOTE]
        assert (answer.answered_at, answer.noted_at) == tuple(
            found[-1].at if found else None for found in (choices, notes)
        )
        assert (answer.answered_by, answer.noted_by) == tuple(
            found[-1].by if found else None for found in (choices, notes)
        )
        now = {"choice": answer.choice, "reason": answer.reason, "reason_text": answer.reason_text}
        assert now == (choices[-1].values if choices else {"choice": "", "reason": "", "reason_text": ""})
        assert answer.note == (notes[-1].values["note"] if notes else "")


def test_some_people_changed_their_minds(bank):
    twice = AnswerRevision.objects.filter(answer__assessment=bank, field=Answer.CHOICE, version__gt=1)
    assert twice.count() >= 5


def test_answers_were_given_over_some_weeks_by_several_people_in_working_hours(bank):
    answered = bank.answers.exclude(answered_at=None)
    days = {answer.answered_at.date() for answer in answered}
    assert max(days) < DAY
    assert max(days) - min(days) >= timedelta(days=21)
    assert all(day.weekday() < 5 for day in days)
    assert {answer.answered_at.hour for answer in answered} <= set(range(8, 19))
    assert answered.values("answered_by").distinct().count() >= 5


def test_continue_leads_the_bank_to_a_question_in_the_middle_of_an_item(bank):
    found = progress(bank.answers.all())
    [item] = [item for item in found.items if item.next]
    assert item.code == "PE6"
    assert item.status == "part"


def test_every_not_applicable_has_its_reason_and_each_reason_occurs(all_three):
    left_out = Answer.objects.filter(assessment__in=all_three, choice="na")
    assert set(left_out.values_list("reason", flat=True)) == set(Answer.Reason.values)
    assert all(answer.reason_text for answer in left_out.filter(reason=Answer.Reason.OTHER))
    assert set(left_out.filter(assessment=all_three[0]).values_list("reason", flat=True)) == set(
        Answer.Reason
    )


def test_each_not_known_says_more_in_a_note(all_three):
    unknown = Answer.objects.filter(assessment__in=all_three, choice="unknown")
    assert unknown.filter(assessment=all_three[0]).count() >= 5
    assert all(answer.note for answer in unknown)


def test_sites_have_known_countries_and_time_zones_and_vendors_where_outsourced(built):
    zones = {zone for zone, _ in time_zones()}
    for site in Site.objects.all():
        assert site.country in dict(countries())
        assert site.time_zone in zones
    vendors = Site.objects.filter(organisation__name=VENDOR_OFFICE).exclude(vendor="")
    assert vendors.values("vendor").distinct().count() == 3


def test_every_organisation_has_each_role_and_the_demo_person_sees_all_three(built):
    for organisation in Organisation.objects.all():
        assert set(organisation.memberships.values_list("role", flat=True)) == set(Role.values)
    person = User.objects.get(email="demo@copcready.example")
    roles = dict(person.memberships.values_list("organisation__name", "role"))
    assert roles == {BANK: Role.OWNER, OUTSOURCER: Role.MANAGER, VENDOR_OFFICE: Role.MANAGER}


# Notes


def written(name):
    story = stories.read(name, DAY)
    return [said for topic in story.items.values() for said in topic.answers.items()]


@pytest.mark.parametrize(("name", "least"), [("bank", 60), ("outsourcer", 40), ("vendor-office", 40)])
def test_there_are_many_notes_in_a_managers_voice(name, least, all_three):
    assessment = all_three[stories.NAMES.index(name)]
    notes = list(assessment.answers.exclude(note="").values_list("note", flat=True))
    assert len(notes) >= least
    assert max(map(len, notes)) > 2.5 * min(map(len, notes))  # some short, some long


@pytest.mark.parametrize("name", stories.NAMES)
def test_everything_written_is_asked_in_the_item_it_is_written_under(name, all_three):
    assessment = all_three[stories.NAMES.index(name)]
    asked = assessment.requirements_in_scope().values_list("item__code", "key")
    story = stories.read(name, DAY)
    told = {(code, key) for code, topic in story.items.items() for key in topic.answers}
    assert told <= set(asked)
    assert set(story.items) <= {code for code, _ in asked}


@pytest.mark.parametrize("name", stories.NAMES)
def test_every_critical_requirement_that_is_answered_was_decided_by_hand(name, all_three):
    assessment = all_three[stories.NAMES.index(name)]
    answered = assessment.answers.filter(requirement__critical=True).exclude(choice="")
    keys = set(answered.values_list("requirement__key", flat=True))
    assert keys <= {key for key, said in written(name)}


# Seed and date


def test_the_same_seed_and_date_give_the_same_rows(empty):
    assert rolled_back("--sites=3") == rolled_back("--sites=3")


def test_another_seed_gives_other_answers_but_the_same_notes(empty):
    one, other = rolled_back(), rolled_back("--seed=9")
    answers = -2
    assert one[answers] != other[answers]
    assert [row[3] for row in one[answers]] == [row[3] for row in other[answers]]


def test_another_date_moves_everything(empty):
    later = DAY + timedelta(days=14)
    demo(as_of=later)
    latest = Answer.objects.exclude(answered_at=None).order_by("answered_at").last().answered_at
    assert datetime(2026, 3, 9, tzinfo=UTC) < latest < datetime(2026, 3, 16, tzinfo=UTC)


# Sites for scale


def test_sites_makes_that_many_each_with_a_started_assessment(empty):
    demo("--sites=4")
    sites = Site.objects.filter(organisation__name=chain.read().organisation)
    assert sites.count() == 4
    for assessment in Assessment.objects.filter(site__in=sites):
        assert 0 < assessment.open < assessment.asked
        assert assessment.saved_at.date() < DAY
        assert assessment.saved_by


def test_more_sites_can_be_added_later_and_are_the_same_as_if_made_at_once(empty):
    at_once = rolled_back("--sites=4")
    demo("--sites=2")
    demo("--sites=4")
    assert stored() == at_once


def test_asking_for_the_same_sites_again_changes_nothing(empty):
    demo("--sites=2")
    before = stored()
    assert "Nothing was changed" in demo("--sites=2")
    assert stored() == before


# When it refuses


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


# Sign-ins


def sign_ins(text):
    return dict(re.findall(r"^  (\S+@copcready\.example)\n +password  (\S+)$", text, re.MULTILINE))


def test_the_sign_ins_are_printed_and_kept_for_their_owner_only(built):
    printed, folder = built
    path = folder / "demo-sign-in.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() in printed
    assert set(sign_ins(printed)) == {
        f"{name}@copcready.example" for name in ("demo", "contributor", "viewer", "editor")
    }
    assert "owner of Aldermoor Bank" in printed


def test_passwords_differ_from_person_to_person_and_from_run_to_run(empty):
    texts = []
    for _ in range(2):
        with transaction.atomic():
            texts.append(demo())
            transaction.set_rollback(True)
    passwords = [password for text in texts for password in sign_ins(text).values()]
    assert len(set(passwords)) == 8
    assert all(len(password) >= 20 for password in passwords)


@pytest.mark.parametrize("name", ["demo", "contributor", "viewer", "editor"])
def test_the_printed_password_signs_in_through_the_real_page(built, client, name):
    email = f"{name}@copcready.example"
    answer = client.post(reverse(current.LOGIN_URL), {"login": email, "password": sign_ins(built[0])[email]})
    assert answer.status_code == 302
    assert answer.url == reverse(current.LOGIN_REDIRECT_URL)
    assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_only_the_editor_may_enter_the_admin_site(built):
    staff = User.objects.filter(is_staff=True)
    assert [user.email for user in staff] == ["editor@copcready.example"]
    assert staff[0].is_superuser


def test_everybody_else_cannot_sign_in(built):
    others = User.objects.exclude(email__endswith="@copcready.example")
    assert others.count() >= 10
    assert not any(user.has_usable_password() for user in others)


def test_every_account_has_a_confirmed_address(built):
    for user in User.objects.all():
        assert user.emailaddress_set.filter(email=user.email, verified=True, primary=True).exists()
