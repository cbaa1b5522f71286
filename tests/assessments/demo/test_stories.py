from datetime import date, timedelta

import pytest

from assessments.demo import stories
from assessments.models import Answer, Assessment, Comment, Membership, Organisation, Review, Role, Site, User
from assessments.models.progress import progress
from assessments.models.reviews import states
from assessments.places import countries, time_zones
from tests.assessments.demo.command import BANK, DAY, FERRY, OUTSOURCER, VENDOR_OFFICE


def test_no_note_is_written_twice():
    told = [stories.read(name, DAY) for name in stories.NAMES]
    notes = [
        said.note
        for story in told
        for topic in story.items.values()
        for said in topic.answers.values()
        if said.note
    ]
    assert len(set(notes)) == len(notes)
    assert not [note for note in notes if "{" in note or "lorem" in note.lower()]


def test_the_months_of_notes_follow_the_date():
    assert stories.dated("{month-2} and {month+1}", date(2026, 1, 31)) == "November and February"
    assert stories.month_after(date(2026, 11, 30), 3) == date(2027, 2, 1)


def test_a_story_beside_another_has_its_organisation_people_and_sites():
    outsourcer, covilha = (stories.read(name, DAY) for name in ("outsourcer", "covilha"))
    assert covilha.organisation == outsourcer.organisation
    assert covilha.people == outsourcer.people
    assert covilha.sites == outsourcer.sites
    assert (outsourcer.site.name, covilha.site.name) == ("Braga", "Covilhã")


# ---- the organisations


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


def test_covilha_is_answered_in_full_against_the_release_before_and_was_months_ago(covilha):
    assert (str(covilha.release), covilha.variant.code) == ("COPC CX Standard 7.0", "OSP")
    assert not covilha.answers.filter(choice="").exists()
    assert covilha.saved_at.date() < DAY - timedelta(days=120)
    assert 45 <= covilha.answers.exclude(note="").count() <= 60
    assert covilha.answers.filter(choice="unknown").count() >= 4
    assert set(covilha.answers.filter(choice="na").values_list("reason", flat=True)) == set(Answer.Reason)


def test_the_ferry_company_has_answered_the_whole_quick_scan(ferry):
    asked = ferry.requirements_in_scope()
    assert ferry.quick
    assert 30 <= asked.count() == asked.filter(quick=True).count() <= 40
    assert not ferry.answers.filter(choice="").exists()
    assert ferry.site.seats == 24
    assert ferry.verdict(ferry.scores()).stage == "baseline"


def test_the_iso_check_of_the_bank_was_left_for_the_copc_assessment(bank, iso_check):
    assert iso_check.site == bank.site
    assert not iso_check.release.standard.leads_to_audit
    assert 0.5 <= 1 - iso_check.open / iso_check.asked <= 0.8
    assert iso_check.saved_at < bank.started_at
    assert Assessment.objects.latest_of([bank.site]) == {bank.site.pk: bank}


def test_maturity_is_uneven_as_on_real_sites(bank):
    percent = {code: figure.percent for code, figure in bank.scores().items.items()}
    assert percent["LP1"] >= percent["LP5"] + 30  # direction good, AI policy weak
    calibration = bank.answers.get(requirement__key="evaluator-calibration")
    assert calibration.choice in ("0", "1")
    levels = set(bank.answers.values_list("choice", flat=True))
    assert levels == {"", "0", "1", "2", "3", "unknown", "na"}


def test_continue_leads_the_bank_to_a_question_in_the_middle_of_an_item(bank):
    found = progress(bank)
    [item] = [item for item in found.items if item.next]
    assert item.code == "PE6"
    assert item.status == "part"


def test_every_not_applicable_has_its_reason_and_each_reason_occurs(told, bank):
    left_out = Answer.objects.filter(assessment__in=told.values(), choice="na")
    assert set(left_out.values_list("reason", flat=True)) == set(Answer.Reason.values)
    assert all(answer.reason_text for answer in left_out.filter(reason=Answer.Reason.OTHER))
    assert set(left_out.filter(assessment=bank).values_list("reason", flat=True)) == set(Answer.Reason)


def test_each_not_known_says_more_in_a_note(told, bank):
    unknown = Answer.objects.filter(assessment__in=told.values(), choice="unknown")
    assert unknown.filter(assessment=bank).count() >= 5
    assert all(answer.note for answer in unknown)


def test_sites_have_known_countries_and_time_zones_and_vendors_where_outsourced(built):
    zones = {zone for zone, _ in time_zones()}
    for site in Site.objects.all():
        assert site.country in dict(countries())
        assert site.time_zone in zones
    vendors = Site.objects.filter(organisation__name=VENDOR_OFFICE).exclude(vendor="")
    assert vendors.values("vendor").distinct().count() == 3


def test_every_organisation_has_each_role_and_the_demo_person_sees_them_all(built):
    for organisation in Organisation.objects.all():
        assert set(organisation.memberships.values_list("role", flat=True)) >= set(Role.values) - {
            Role.REVIEWER
        }
    person = User.objects.get(email="demo@copcready.example")
    roles = dict(person.memberships.values_list("organisation__name", "role"))
    managed = dict.fromkeys([OUTSOURCER, VENDOR_OFFICE, FERRY], Role.MANAGER)
    assert roles == {BANK: Role.OWNER} | managed


def test_one_person_works_in_one_site_and_one_in_two_organisations(built, outsourcer, covilha):
    manager = User.objects.get(email="site-manager@copcready.example")
    assert manager.name == "Graça Antunes"
    assert [site.name for site in Site.objects.for_user(manager)] == ["Covilhã"]
    assert [*Assessment.objects.for_user(manager)] == [covilha]
    assert not Membership.objects.filter(limited=True).exclude(user=manager).exists()
    adviser = User.objects.get(email="adviser@copcready.example")
    seen = Assessment.objects.for_user(adviser).values_list("site__organisation__name", flat=True)
    assert set(seen) == {OUTSOURCER, FERRY}


def test_the_bank_has_reviews_of_every_kind_and_comments_of_several_people(bank):
    found = {state.review.item.code: state.status for state in states(bank).values()}
    assert found == {"PE2": "agreed", "PR5": "changes-asked", "LP3": "to-review", "PR4": "to-review"}
    reviewer = User.objects.get(email="reviewer@copcready.example")
    assert reviewer.memberships.get().role == Role.REVIEWER
    assert Review.objects.waiting_for(reviewer).count() == 2
    author = User.objects.get(email="contributor@copcready.example")
    [came_back] = Review.objects.came_back_to(author)
    assert came_back.findings.count() == 2
    comments = Comment.objects.filter(answer__assessment=bank)
    assert comments.count() >= 4
    assert comments.values("by").distinct().count() >= 3


def test_reviews_come_after_the_answers_they_are_about_and_before_today(bank):
    for review in bank.reviews.all():
        saved = max(answer.saved_at for answer in review.answers)
        assert saved < review.submitted_at < (review.decided_at or review.submitted_at + timedelta(days=1))
        assert (review.decided_at or review.submitted_at).date() < DAY


# ---- what is written


def written(name):
    story = stories.read(name, DAY)
    return [said for topic in story.items.values() for said in topic.answers.items()]


LEAST_NOTES = {"bank": 60, "outsourcer": 40, "vendor-office": 40, "covilha": 45, "ferry": 20, "iso-check": 10}


@pytest.mark.parametrize(("name", "least"), LEAST_NOTES.items())
def test_there_are_many_notes_in_a_managers_voice(name, least, told):
    notes = list(told[name].answers.exclude(note="").values_list("note", flat=True))
    assert len(notes) >= least
    assert max(map(len, notes)) > 2.5 * min(map(len, notes))  # some short, some long


@pytest.mark.parametrize("name", stories.NAMES)
def test_everything_written_is_asked_in_the_item_it_is_written_under(name, told):
    asked = told[name].requirements_in_scope().values_list("item__code", "key")
    story = stories.read(name, DAY)
    named = {(code, key) for code, topic in story.items.items() for key in topic.answers}
    assert named <= set(asked)
    assert set(story.items) <= {code for code, _ in asked}


@pytest.mark.parametrize("name", stories.NAMES)
def test_every_critical_requirement_that_is_answered_was_decided_by_hand(name, told):
    answered = told[name].answers.filter(requirement__critical=True).exclude(choice="")
    keys = set(answered.values_list("requirement__key", flat=True))
    assert keys <= {key for key, said in written(name)}
