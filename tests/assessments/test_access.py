"""The one place that decides, and the ways around it that people try: numbers in a form that belong to somebody else."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from assessments import access
from assessments.access import ANSWER, COMMENT, MANAGE, OWN, REVIEW, SEE, AccountAdapter, can, fetch
from assessments.models import Assessment, Membership, Organisation, Role, Site
from copcready.single_sign_on import SingleSignOn
from standards.models import Release
from tests import factories
from tests.walk import fingerprint

# ---- the decision -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "abilities"),
    [
        ("owner", {SEE, COMMENT, ANSWER, REVIEW, MANAGE, OWN}),
        ("manager", {SEE, COMMENT, ANSWER, REVIEW, MANAGE}),
        ("contributor", {SEE, COMMENT, ANSWER}),
        ("reviewer", {SEE, COMMENT, REVIEW}),
        ("viewer", {SEE}),
        ("king", set()),
        (None, set()),
    ],
)
def test_each_role_may_do_what_is_said_here_and_nothing_else(role, abilities):
    assert {
        ability for ability in (SEE, COMMENT, ANSWER, REVIEW, MANAGE, OWN) if can(role, ability)
    } == abilities


def test_every_role_there_is_has_its_abilities():
    assert all(can(role, SEE) for role in Role)


def test_nobody_may_do_what_nobody_has_defined():
    assert not any(can(role, "fly") for role in Role)


def test_fetching_gives_the_row_and_the_role(assessment, bob):
    found = fetch(Assessment.objects, bob, pk=assessment.pk)
    assert (found, found.role) == (assessment, "contributor")


def test_what_belongs_to_somebody_else_is_as_absent_as_what_never_was(assessment, charlie):
    for pk in (assessment.pk, 987654321):
        with pytest.raises(Http404):
            fetch(Assessment.objects, charlie, pk=pk)


def test_the_wrong_role_is_told_its_role_and_whom_to_ask(assessment, vera):
    with pytest.raises(PermissionDenied) as refusal:
        fetch(Assessment.objects, vera, ANSWER, pk=assessment.pk)
    assert "You are a viewer of this organisation. Ask an owner or a manager" in str(refusal.value)


def test_a_manager_is_not_sent_to_a_manager(acme, mark):
    with pytest.raises(PermissionDenied) as refusal:
        fetch(Organisation.objects, mark, OWN, pk=acme.pk)
    assert str(refusal.value) == "You are a manager of this organisation. Only an owner can do this."


def test_strangers_get_absent_even_where_their_role_would_not_do(assessment, charlie):
    Membership.objects.filter(user=charlie).update(role=Role.VIEWER)
    with pytest.raises(Http404):
        fetch(Assessment.objects, charlie, OWN, pk=assessment.pk)


def test_a_role_counts_from_the_next_request_on(assessment, bob):
    Membership.objects.filter(user=bob).update(role=Role.VIEWER)
    with pytest.raises(PermissionDenied):
        fetch(Assessment.objects, bob, ANSWER, pk=assessment.pk)


def test_strangers_may_make_an_account_only_where_the_settings_say_so(rf, settings):
    for given, allowed in (("open", True), ("closed", False)):
        settings.SIGNUP = given
        assert AccountAdapter().is_open_for_signup(rf.get("/")) is allowed


# ---- numbers that belong to somebody else -----------------------------------------------------------------------

SITE = {
    "name": "Lisbon",
    "country": "PT",
    "seats": "40",
    "time_zone": "UTC",
    "channels": ["phone"],
    "vendor": "",
}


@pytest.fixture
def theirs(charlie):
    """A site and an assessment of Charlie's own organisation."""
    organisation = Organisation.objects.get(name="Other Ltd")
    return factories.started(factories.SiteFactory(organisation=organisation, name="Porto"), by=charlie)


def owned_by(organisation):
    return Site.objects.filter(organisation=organisation).count()


def test_a_site_cannot_be_moved_into_another_organisation(sign_in, charlie, theirs, site, acme):
    """Every name a form could listen to."""
    stolen = SITE | {"organisation": acme.pk, "organisation_id": acme.pk, "pk": site.pk, "id": site.pk}
    client = sign_in(charlie)
    client.post(reverse("site-edit", args=[theirs.site_id]), stolen)
    theirs.site.refresh_from_db()
    site.refresh_from_db()
    assert (theirs.site.organisation.name, site.organisation, site.name) == ("Other Ltd", acme, "Leeds")


def test_a_site_cannot_be_added_to_another_organisation(sign_in, charlie, theirs, acme):
    client = sign_in(charlie)
    client.post(reverse("site-add", args=[theirs.site.organisation_id]), SITE | {"organisation": acme.pk})
    assert owned_by(acme) == 0
    assert client.post(reverse("site-add", args=[acme.pk]), SITE).status_code == 404
    assert owned_by(acme) == 0


def test_an_assessment_cannot_be_started_at_somebody_elses_site(sign_in, charlie, theirs, assessment, site):
    wanted = {"site": site.pk, "site_id": site.pk, "variant": assessment.variant_id, "channels": ["phone"]}
    sign_in(charlie).post(reverse("assessment-add", args=[theirs.site_id]), wanted | {"audit_month": ""})
    assert site.assessments.count() == 1


def test_an_assessment_cannot_be_moved_to_another_site_release_or_variant(sign_in, charlie, theirs, site):
    other = factories.VariantFactory(release=theirs.release, code="OSP", position=2)
    moved = {"site": site.pk, "variant": other.pk, "release": 987654321, "audit_month": "", "started_by": ""}
    before = Assessment.objects.values("site", "variant", "release", "started_by").get(pk=theirs.pk)
    sign_in(charlie).post(reverse("assessment-edit", args=[theirs.pk]), moved)
    assert Assessment.objects.values("site", "variant", "release", "started_by").get(pk=theirs.pk) == before


@pytest.mark.parametrize("variant", ["draft", "987654321", "-1", "x", "", "9" * 30])
def test_only_a_variant_of_a_published_release_can_be_chosen(sign_in, charlie, theirs, variant):
    if variant == "draft":
        release = factories.ReleaseFactory(version="9.0", status=Release.DRAFT)
        variant = factories.VariantFactory(release=release).pk
    chosen = {"variant": variant, "channels": ["phone"], "audit_month": ""}
    client, before = sign_in(charlie), fingerprint()
    assert client.post(reverse("assessment-add", args=[theirs.site_id]), chosen).status_code == 422
    assert fingerprint() == before


@pytest.mark.parametrize("channels", [["voicebot"], ["phone", "voicebot"], ["x"], [], ["phone'--"]])
def test_only_channels_that_the_site_offers_can_be_chosen(sign_in, charlie, theirs, channels):
    chosen = {"variant": theirs.variant_id, "channels": channels, "audit_month": ""}
    client, before = sign_in(charlie), fingerprint()
    assert client.post(reverse("assessment-add", args=[theirs.site_id]), chosen).status_code == 422
    assert fingerprint() == before


@pytest.mark.parametrize("name", ["answer-choice", "answer-note"])
def test_a_save_reaches_the_answer_of_its_address_and_no_other(sign_in, charlie, theirs, assessment, name):
    mine, other = theirs.answers.in_order().first(), assessment.answers.in_order().first()
    numbers = dict.fromkeys(("pk", "id", "answer", "answer_id"), other.pk) | {"assessment": assessment.pk}
    data = {"choice": "2", "note": "Mine", "version": "0", f"choice-{other.pk}": "3"} | numbers
    response = sign_in(charlie).post(reverse(name, args=[mine.pk]), data)
    assert response.status_code < 400
    other.refresh_from_db()
    mine.refresh_from_db()
    assert (other.choice, other.note, other.version) == ("", "", 0)
    assert mine.version == 1


def test_the_form_of_an_item_page_cannot_carry_answers_of_another_organisation(
    sign_in, charlie, theirs, assessment
):
    other = assessment.answers.in_order().first()
    smuggled = {
        f"choice-{other.pk}": "3",
        f"choice-version-{other.pk}": "0",
        f"note-{other.pk}": "Mine now",
        f"note-version-{other.pk}": "0",
    }
    sign_in(charlie).post(reverse("item", args=[theirs.pk, "PR1"]), smuggled)
    other.refresh_from_db()
    assert (other.choice, other.note, other.version) == ("", "", 0)


def test_search_on_the_first_page_finds_only_what_is_ones_own(sign_in, charlie, theirs, assessment):
    page = sign_in(charlie).get(reverse("home"), {"q": "e", "page": "1"}).content.decode()
    assert "Leeds" not in page
    assert "Acme" not in page


def test_no_page_of_ones_own_names_another_organisation(sign_in, charlie, theirs, assessment):
    client = sign_in(charlie)
    for name in ("assessment", "results", "gaps", "method", "gaps-csv"):
        response = client.get(reverse(name, args=[theirs.pk]))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200, name
        assert b"Acme" not in body, name
        assert b"Leeds" not in body, name


# ---- passwords, where a provider signs people in ----------------------------------------------------------------


@pytest.fixture
def acme_signs_in_elsewhere(settings):
    settings.SINGLE_SIGN_ON = SingleSignOn(
        "https://login.example", "us", "secret", "Acme", ("acme.example",), only=True
    )


@pytest.mark.usefixtures("acme_signs_in_elsewhere")
def test_a_password_counts_for_nobody_of_a_domain_that_signs_in_elsewhere():
    with pytest.raises(ValidationError, match="sign in with Acme and with nothing else"):
        access.check_signs_in_here("anna@acme.example")
    access.check_signs_in_here("anna@example.org")
    access.check_signs_in_here("")


@pytest.mark.usefixtures("acme_signs_in_elsewhere")
def test_nor_is_one_taken_for_a_new_account_with_such_an_address(settings, rf):
    user = factories.UserFactory.build(email="anna@acme.example")
    with pytest.raises(ValidationError, match="with nothing else"):
        access.AccountAdapter(rf.get("/")).clean_password("a long and quiet afternoon", user)


def test_without_a_provider_or_beside_it_passwords_count(settings):
    access.check_signs_in_here("anna@acme.example")
    settings.SINGLE_SIGN_ON = SingleSignOn("https://login.example", "us", "secret", "Acme", ("acme.example",))
    access.check_signs_in_here("anna@acme.example")


@pytest.mark.django_db
def test_a_closed_instance_lets_nobody_join_who_is_not_awaited():
    assert access.is_awaited("anna@acme.example") is False
    assert access.may_join("anna@acme.example") is False
