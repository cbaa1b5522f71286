"""The admin site as a superuser meets it: people and organisations to look after, answers to look at."""

import logging

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from assessments.admin import PasswordForm, UserForm
from assessments.models import (
    Answer,
    Comment,
    Finding,
    Organisation,
    Review,
    User,
    bins,
)
from assessments.models.holdings import HOLDINGS
from tests import factories
from tests.second_factors import with_app
from tests.walk import cookies_of

PASSWORD = "correct horse battery"


@pytest.fixture
def rita(db):
    return factories.UserFactory(name="Rita", is_staff=True, is_superuser=True)


@pytest.fixture
def office(sign_in, rita):
    return sign_in(rita)


def page(name, *args):
    return reverse(f"admin:assessments_{name}", args=args)


def test_a_person_is_added_with_a_password_and_an_address_in_small_letters(office, client):
    data = {"email": "New@Example.com", "name": "New", "usable_password": "true"}
    office.post(page("user_add"), data | {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(email="new@example.com").check_password(PASSWORD)


def test_one_address_is_one_person_whatever_its_capitals(office, alice):
    data = {
        "email": "ALICE@example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = office.post(page("user_add"), data)
    assert "an account with this address already" in response.text
    assert User.objects.filter(email__iexact=alice.email).count() == 1


def test_a_new_address_leaves_no_old_one_to_sign_in_with(office, alice):
    office.post(
        page("user_change", alice.pk), {"email": "al@example.com", "name": "Alice", "is_active": "on"}
    )
    assert User.objects.get(pk=alice.pk).email == "al@example.com"
    assert [*EmailAddress.objects.filter(user=alice).values_list("email", "verified")] == [
        ("al@example.com", True)
    ]


def test_names_that_staff_enter_are_one_line(office, acme, alice):
    odd = "Al\r\nice\x85\u202e"
    office.post(page("user_change", alice.pk), {"email": alice.email, "name": odd, "is_active": "on"})
    owner = acme.memberships.get()
    people = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1, "memberships-0-id": owner.pk}
    people |= {"memberships-0-organisation": acme.pk, "memberships-0-role": "owner"}
    office.post(page("organisation_change", acme.pk), {"name": odd} | people)
    password = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    office.post(page("user_add"), {"email": "new@example.com", "name": odd} | password)
    assert {*User.objects.values_list("name", flat=True)} == {"Rita", "Al ice"}
    assert Organisation.objects.get().name == "Al ice"


@pytest.fixture
def meanwhile(monkeypatch, alice):
    """`meanwhile(form, **changed)`: Alice's row changes after the page has read it and before it saves."""

    def change(form, **changed):
        clean = form.full_clean

        def late(self):
            clean(self)
            User.objects.filter(pk=alice.pk).update(**changed)

        monkeypatch.setattr(form, "full_clean", late)

    return change


def test_a_page_of_a_person_saves_what_was_changed_on_it_and_nothing_else(office, alice, meanwhile):
    meanwhile(UserForm, password="hers", digest="never", is_active=False)
    office.post(page("user_change", alice.pk), {"email": alice.email, "name": "Al", "is_active": "on"})
    alice.refresh_from_db()
    assert (alice.name, alice.password, alice.digest, alice.is_active) == ("Al", "hers", "never", False)


@pytest.mark.parametrize("chosen", [{"password1": PASSWORD, "password2": PASSWORD}, {"unset-password": "1"}])
def test_a_password_is_set_or_taken_and_nothing_else_saved(office, alice, meanwhile, chosen):
    meanwhile(PasswordForm, name="Al", is_active=False)
    usable = "password1" in chosen
    data = chosen | {"usable_password": str(usable).lower()}
    assert office.post(reverse("admin:auth_user_password_change", args=[alice.pk]), data).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.is_active, alice.check_password(PASSWORD)) == ("Al", False, usable)


def test_a_password_that_staff_set_is_told_noted_and_ends_the_sessions_of_its_owner(
    office, rita, alice, acme, mailoutbox
):
    hers = Client()
    hers.cookies.load(cookies_of(alice))
    assert hers.get(reverse("home")).status_code == 200
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    office.post(reverse("admin:auth_user_password_change", args=[alice.pk]), data)
    assert hers.get(reverse("home")).status_code == 302
    assert said(acme) == [("staff-changed", f"user {alice.pk}: password", rita.email, "admin")]
    (mail,) = mailoutbox
    assert mail.to == [alice.email]
    assert "changed the password of your account" in mail.body
    assert "http://127.0.0.1:8000/account/password/reset/" in mail.body
    assert PASSWORD not in mail.body


def test_an_address_that_staff_change_is_told_at_both_and_noted_without_either(
    office, rita, alice, acme, mailoutbox
):
    office.post(page("user_change", alice.pk), {"email": "al@example.com", "name": "Alice"})
    what = f"user {alice.pk}: e-mail address, may sign in"
    assert said(acme) == [("staff-changed", what, rita.email, "admin")]
    assert [mail.to for mail in mailoutbox] == [[alice.email], ["al@example.com"]]
    assert all("changed the e-mail address of your account" in mail.body for mail in mailoutbox)
    assert not any("@example.com" in mail.body for mail in mailoutbox)


def test_nobody_is_told_where_neither_password_nor_address_was_changed(office, alice, mailoutbox):
    capitals = {"email": alice.email.upper(), "name": "Al", "is_active": "on"}
    office.post(page("user_change", alice.pk), capitals)
    data = {"email": "new@example.com", "usable_password": "true", "password1": PASSWORD}
    office.post(page("user_add"), data | {"password2": PASSWORD})
    assert User.objects.filter(email__in=[alice.email, "new@example.com"]).count() == 2
    assert mailoutbox == []


def test_who_lost_phone_and_codes_is_let_in_again_and_no_secret_is_shown(office, alice):
    secret = with_app(alice)
    app = alice.authenticator_set.get(type="totp")
    shown = office.get(reverse("admin:mfa_authenticator_change", args=[app.pk])).text
    listed = office.get(reverse("admin:mfa_authenticator_changelist"), {"q": alice.email}).text
    assert "TOTP" in listed
    assert not any(hidden in shown + listed for hidden in (secret, app.data["secret"]))
    office.post(reverse("admin:mfa_authenticator_delete", args=[app.pk]), {"post": "yes"})
    assert not alice.authenticator_set.exists(), "recovery codes go with the last factor"


def test_taking_a_second_factor_away_is_told_to_its_owner_and_noted(office, rita, alice, acme, mailoutbox):
    with_app(alice)
    app = alice.authenticator_set.get(type="totp")
    office.get(reverse("admin:mfa_authenticator_changelist"))
    office.get(reverse("admin:mfa_authenticator_change", args=[app.pk]))
    office.post(reverse("admin:mfa_authenticator_delete", args=[app.pk]), {"post": "yes"})
    assert said(acme) == [
        ("staff-listed", "authenticators", rita.email, "admin"),
        ("staff-looked", f"authenticator {app.pk}", rita.email, "admin"),
        ("staff-factor-removed", "Alice", rita.email, "admin"),
    ]
    (mail,) = mailoutbox
    assert mail.to == [alice.email]
    assert "took a second factor of your account away: TOTP Authenticator." in mail.body
    assert "http://127.0.0.1:8000/account/second-factor/" in mail.body


def test_second_factors_are_taken_away_by_superusers_only(sign_in, alice, bob):
    with_app(alice)
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    app = alice.authenticator_set.get(type="totp")
    refused = sign_in(bob).post(reverse("admin:mfa_authenticator_delete", args=[app.pk]), {"post": "yes"})
    assert refused.status_code == 403
    assert alice.authenticator_set.filter(pk=app.pk).exists()


def test_nobody_takes_their_own_rights_away(office, rita):
    office.post(page("user_change", rita.pk), {"email": rita.email, "name": "R"})
    rita.refresh_from_db()
    assert (rita.name, rita.is_active, rita.is_superuser) == ("R", True, True)


def test_people_are_not_deleted_because_their_name_stands_on_answers(office, alice):
    assert office.post(page("user_delete", alice.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["site", "assessment", "answer"])
def test_what_belongs_to_tenants_can_be_looked_at_and_not_changed(office, assessment, name):
    row = {"site": assessment.site, "assessment": assessment, "answer": assessment.answers.first()}[name]
    before = type(row).objects.filter(pk=row.pk).values().get()
    assert office.get(page(f"{name}_changelist")).status_code == 200
    assert office.get(page(f"{name}_change", row.pk)).status_code == 200
    assert office.post(page(f"{name}_change", row.pk), {"note": "Mine", "name": "Mine"}).status_code == 403
    assert office.post(page(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403
    assert office.get(page(f"{name}_add")).status_code == 403
    assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_every_look_at_an_answer_is_logged_without_its_text(office, rita, assessment, caplog):
    answer = assessment.answers.first()
    Answer.objects.filter(pk=answer.pk).update(note="A secret")
    with caplog.at_level(logging.INFO, "copcready.access"):
        office.get(page("answer_changelist"), {"q": "leeds"})
        assert "A secret" in office.get(page("answer_change", answer.pk)).text
        office.get(page("answer_history", answer.pk))
    said = [record.getMessage() for record in caplog.records if record.name == "copcready.access"]
    viewed = f"user {rita.pk} viewed answer {answer.pk}"
    assert said == [f"user {rita.pk} listed answers: q", viewed, viewed]


# ---- what the organisation sees of it ----------------------------------------------------------------------------


def registered():
    """Every model of ours in the admin site, all of them rows of tenants."""
    return sorted(
        (model for model in admin.site._registry if model._meta.app_label == "assessments"),
        key=lambda model: model._meta.model_name,
    )


def rows_of_acme(assessment, alice):
    """Model -> a row of Acme's."""
    factories.answer(assessment, PR1="0123")
    answer = assessment.answers.first()
    [review], _refused = Review.objects.submit(assessment, [answer.requirement.item], by=alice)
    finding = Finding.objects.create(review=review, answer=answer, answered="0", choice="1")
    comment = Comment.objects.create(answer=answer, by=alice, text="A secret")
    site = assessment.site
    rows = [alice, site.organisation, site, assessment, answer, review, finding, comment]
    return {type(row): row for row in rows}


def said(organisation):
    return [(row.verb, row.what, row.who, row.way) for row in organisation.activities.order_by("pk")]


@pytest.mark.parametrize("model", registered(), ids=lambda model: model.__name__)
def test_every_look_at_rows_of_a_tenant_stands_in_its_activity(office, rita, acme, alice, assessment, model):
    row = rows_of_acme(assessment, alice)[model]
    opts = model._meta
    one, many = f"{opts.verbose_name} {row.pk}", str(opts.verbose_name_plural)
    assert office.get(page(f"{opts.model_name}_changelist")).status_code == 200
    assert office.get(page(f"{opts.model_name}_change", row.pk)).status_code == 200
    assert office.get(page(f"{opts.model_name}_history", row.pk)).status_code == 200
    assert said(acme) == [
        ("staff-listed", many, rita.email, "admin"),
        ("staff-looked", one, rita.email, "admin"),
        ("staff-looked", one, rita.email, "admin"),
    ]


def test_a_list_stands_in_the_activity_of_every_organisation_on_the_page_and_of_no_other(
    office, acme, assessment, charlie
):
    other = charlie.memberships.get().organisation
    factories.SiteFactory(organisation=other, name="York")
    third = factories.OrganisationFactory(name="Third")
    office.get(page("site_changelist"))
    assert [len(said(each)) for each in (acme, other, third)] == [1, 1, 0]
    office.get(page("site_changelist"), {"q": "York"})
    assert [len(said(each)) for each in (acme, other, third)] == [1, 2, 0]


def test_what_is_refused_or_not_there_is_no_look(office, acme, assessment):
    answer = assessment.answers.first()
    for path in ("answer_change", "answer_delete"):
        assert office.post(page(path, answer.pk), {"post": "yes"}).status_code == 403
    office.get(page("answer_delete", answer.pk))
    office.get(page("answer_change", 987654321))
    assert said(acme) == []


def test_nothing_is_suggested_to_pages_of_others(office, acme, assessment):
    query = {"app_label": "assessments", "model_name": "site", "field_name": "organisation", "term": "a"}
    assert office.get(reverse("admin:autocomplete"), query).status_code == 403
    assert said(acme) == []


def test_an_editor_who_is_turned_away_leaves_no_row(sign_in, acme, assessment):
    client = sign_in(factories.UserFactory(name="Edith", is_staff=True))
    client.get(page("answer_changelist"))
    client.get(page("answer_change", assessment.answers.first().pk))
    assert said(acme) == []


def test_the_log_line_reaches_the_server_log():
    assert logging.getLogger("copcready.access").isEnabledFor(logging.INFO)


def test_an_editor_who_is_turned_away_looked_at_nothing(sign_in, assessment, caplog):
    client = sign_in(factories.UserFactory(name="Edith", is_staff=True))
    with caplog.at_level(logging.INFO, "copcready.access"):
        assert client.get(page("answer_changelist")).status_code == 403
        assert client.get(page("answer_change", assessment.answers.first().pk)).status_code == 403
    assert not [record for record in caplog.records if record.name == "copcready.access"]


@pytest.mark.parametrize("sites", [1, 4])
@pytest.mark.parametrize(("name", "most"), [("site", 11), ("assessment", 11), ("answer", 11)])
def test_lists_cost_the_same_number_of_queries_however_long(
    office, acme, sites, name, most, django_assert_max_num_queries
):
    release = factories.small_release()
    for _ in range(sites):
        factories.started(factories.SiteFactory(organisation=acme), release=release)
    with django_assert_max_num_queries(most):
        assert office.get(page(f"{name}_changelist")).status_code == 200


def test_an_organisation_is_deleted_on_its_own_page_and_never_here(office, acme, alice):
    for address in (page("organisation_delete", acme.pk), page("user_delete", alice.pk)):
        assert office.get(address).status_code == 403
        assert office.post(address, {"post": "yes"}).status_code == 403
    assert page("organisation_delete", acme.pk) not in office.get(page("organisation_change", acme.pk)).text
    assert Organisation.objects.get(pk=acme.pk)


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.name)
def test_nor_is_any_row_of_one(rf, rita, holding):
    request = rf.get("/")
    request.user = rita
    if holding.model in admin.site._registry:
        registered = admin.site._registry[holding.model]
        assert not registered.has_delete_permission(request)
        assert "delete_selected" not in registered.get_actions(request)


def test_what_is_in_the_bin_is_shown_with_its_day(office, acme, alice):
    factories.OrganisationFactory(name="In use")
    bins.put_in(acme, by=alice)
    found = office.get(page("organisation_changelist"), {"binned_at__isempty": "0"}).text
    assert ">Acme</a>" in found
    assert ">In use</a>" not in found
    assert "Alice" in office.get(page("organisation_change", acme.pk)).text
