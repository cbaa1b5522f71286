"""Every address, with every role and every method: who may see it, who may change it, and that nobody else does.

The table in tests/access_table.py says what is meant; the walk takes every route of the URL map and finds what differs. An address that is not in
the table fails, and so does a view that forgets to ask: the last tests plant both.
"""

from types import ModuleType

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path, reverse

from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Comment,
    Finding,
    FitCheck,
    Membership,
    Review,
    Role,
    Site,
)
from tests import factories
from tests.access_rows import address, rows_of, sample
from tests.access_table import ANSWERERS, AWAY, EVERYBODY, HERE, MATRIX, MEMBERS, WHOLE, Route
from tests.walk import account_pages, admin_addresses, ask, cookies_of, fingerprint, ours

READING = ("GET", "HEAD", "OPTIONS")
METHODS = (*READING, "POST", "PUT", "DELETE")
# allauth's own pages: open to everybody, or to nobody who is not signed in.
PUBLIC_ACCOUNT_PAGES = {
    "account_login": {},
    "account_logout": {},
    "account_inactive": {},
    "account_signup": {},
    "account_email_verification_sent": {},
    "account_reset_password": {},
    "account_reset_password_done": {},
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "account_reset_password_from_key_done": {},
    "account_confirm_email": {"key": "guess"},
    "account_confirm_login_code": {},
    "mfa_authenticate": {},
    "mfa_login_webauthn": {},
}
PRIVATE_ACCOUNT_PAGES = {
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "usersessions_list",
    "usersessions_end",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "account_delete",
}
WITH_A_NUMBER = {"usersessions_end", "mfa_remove_webauthn", "mfa_edit_webauthn"}
CLOSED_ACCOUNT_PAGES = {"account/email/", "account_email"}  # ours stands before allauth's

# ---- the walk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def rows(assessment, alice, bob, newer):
    return rows_of(assessment, alice, bob, newer)


@pytest.fixture
def actors(rows, acme, alice, mark, bob, rita, vera, charlie):
    """Role -> the cookies of somebody in it, signed in once. Only who has a second factor may ask others for one."""
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    staff = factories.UserFactory(name="Stella", is_staff=True)
    users = {
        "owner": alice,
        "manager": mark,
        "contributor": bob,
        "reviewer": rita,
        "viewer": vera,
        "stranger": charlie,
        "staff": staff,
        HERE: limited(acme, "Hector", Site.objects.filter(organisation__name="Acme")),
        AWAY: limited(acme, "Walter", [factories.SiteFactory(organisation=acme, name="Elsewhere")]),
    }
    return {role: cookies_of(user) for role, user in users.items()} | {"signed out": None}


def limited(organisation, name, sites):
    """A manager of some sites only."""
    user = factories.UserFactory(name=name)
    membership = Membership.objects.create(
        organisation=organisation, user=user, role=Role.MANAGER, limited=True
    )
    membership.sites.set(sites)
    return user


@pytest.fixture(autouse=True)
def _no_typesetting(monkeypatch):
    """Who may have the paper is asked here; what is on it, elsewhere."""
    monkeypatch.setattr("assessments.report.pdf.render", lambda *args, **kwargs: b"%PDF-1.7")


def sees(role, route):
    """Does the row of the address exist for somebody in this role?"""
    return role in MEMBERS or role == HERE or (role == AWAY and route.of in WHOLE)


def allows(roles, role, route):
    """Does a set of the table stand for somebody in this role too? Who works in some sites has a say in those only."""
    if role not in (HERE, AWAY) or not roles:
        return role in roles
    if route.of in WHOLE:
        return roles >= MEMBERS
    return "manager" in roles and (role == HERE or not route.of)


def complaint(route, role, method, response, changed):
    """What is wrong with the response, or None."""
    status = response.status_code
    reads = method != "POST"
    may = allows(route.get if reads else route.post, role, route)
    if status >= 500:
        return "failed"
    if method == "POST" and may:
        kept = changed or route.in_session
        return None if status < 400 and kept else "may do this, and nothing was saved"
    if changed and not (may and route.makes):
        return "the database changed"
    if route.by_token:
        refused = status == (401 if method in route.by_token else 405)
        return None if refused else "no token was sent, expected 401"
    if role == "signed out" and "signed out" not in route.get:
        return None if sent_to_sign_in(response) else "has to be sent to sign-in"
    if status == 405 and (method not in ("GET", "HEAD", "POST") or not (route.get if reads else route.post)):
        return None  # the address does not know this method
    if route.of and not sees(role, route):
        return None if status == 404 else "is a stranger: to them this does not exist, expected 404"
    # An unknown method counts as looking.
    if may or (not reads and not route.post and allows(route.get, role, route)):
        return None if status == route.shows else f"may see this, expected {route.shows}"
    return None if status == 403 else "may see the row but not do this, expected 403"


def sent_to_sign_in(response):
    return response.status_code == 302 and response["Location"].startswith(
        reverse("account_login") + "?next="
    )


def differences(name, route, rows, actors):
    """A sentence for everything about one address that is not as the table says."""
    url, before, found = address(name, route, rows), fingerprint(), []
    for role, cookies in actors.items():
        for method in METHODS:
            data = sample(route, rows) if method == "POST" else {}
            response, changed = ask(cookies, method, url, data, before)
            wrong = complaint(route, role, method, response, changed)
            if wrong:
                found.append(f"{method} {name} as {role}: {wrong}; it gave {response.status_code}")
    return found


def missing_from(matrix):
    return [
        f"'{name}' is not in MATRIX of tests/access_table.py. Add a row: who may GET it, who may POST it, which row "
        f"of Acme's its address carries, and a POST that changes something."
        for name in ours()
        if name not in matrix
    ]


def test_every_address_of_ours_is_in_the_table_and_every_row_of_the_table_is_an_address():
    assert missing_from(MATRIX) == []
    assert sorted(set(MATRIX) - set(ours())) == [], "these rows of the table name no address any more"


def test_everybody_gets_what_the_table_says_and_not_more(rows, actors):
    assert [line for name, route in MATRIX.items() for line in differences(name, route, rows, actors)] == []


def test_a_row_of_somebody_else_looks_like_one_that_never_was(rows, actors):
    """The same answer for both, so that nobody can count another organisation's rows."""
    for name, route in MATRIX.items():
        theirs = address(name, route, rows) if route.of else None
        for method in ("GET", "POST") if theirs else ():
            nothing = theirs.replace(f"/{rows[route.of].pk}/", "/987654321/")
            refused, _ = ask(actors["stranger"], method, theirs, sample(route, rows))
            absent, _ = ask(actors["stranger"], method, nothing, sample(route, rows))
            assert refused.status_code == absent.status_code, f"{method} {name}"
            assert len(refused.content) == len(absent.content), f"{method} {name}"
            assert b"Acme" not in refused.content, f"{method} {name}"


# ---- what others bring along ------------------------------------------------------------------------------------


def test_every_account_page_is_declared_public_private_or_closed():
    declared = {*PUBLIC_ACCOUNT_PAGES, *PRIVATE_ACCOUNT_PAGES, *CLOSED_ACCOUNT_PAGES}
    unsettled = account_pages() ^ declared
    assert not unsettled, (
        f"declare in tests/test_access_matrix.py who may see {unsettled}, or that it is gone"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC_ACCOUNT_PAGES)
def test_a_public_account_page_answers_without_a_sign_in_and_changes_nothing(name):
    for method in METHODS:
        response, changed = ask(None, method, reverse(name, kwargs=PUBLIC_ACCOUNT_PAGES[name]))
        assert response.status_code < 500, method
        assert "?next=" not in response.get("Location", ""), method
        assert not changed, method


def private_address(name):
    return reverse(name, args=[1] if name in WITH_A_NUMBER else [])


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PRIVATE_ACCOUNT_PAGES))
def test_a_private_account_page_asks_for_a_sign_in_first(name):
    for method in METHODS:
        response, changed = ask(None, method, private_address(name))
        assert sent_to_sign_in(response), method
        assert not changed, method


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_closed_account_page_is_there_for_nobody(role, actors):
    for method in METHODS:
        response, changed = ask(actors[role], method, reverse("account_email"), {"email": "new@example.com"})
        assert response.status_code == 404 or sent_to_sign_in(response), method
        assert not changed, method


@pytest.mark.parametrize("role", sorted(EVERYBODY - {"staff"}))
def test_the_admin_site_shows_nothing_to_people_who_are_not_staff(role, rows, actors):
    before = fingerprint()
    for name, url in admin_addresses():
        for method in ("GET", "POST"):
            response, changed = ask(actors[role], method, url, {}, before)
            if name == "admin:login" or (name, method) == ("admin:logout", "POST"):
                assert response.status_code < 500, name
            else:
                assert response.status_code in (302, 403, 404, 405), (
                    f"{method} {name} gave {response.status_code}"
                )
            assert not changed, f"{method} {name}"
            assert b"Topic 1" not in response.content, name


def test_staff_without_permissions_change_nothing_in_the_admin_site(rows, actors):
    before = fingerprint()
    for name, url in admin_addresses():
        for method in ("GET", "POST", "DELETE"):
            response, changed = ask(actors["staff"], method, url, {}, before)
            assert response.status_code < 500, f"{method} {name}"
            assert not changed, f"{method} {name}"


def test_no_page_of_the_admin_site_breaks_for_a_superuser(rows, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    cookies, before = cookies_of(alice), fingerprint()
    for name, url in admin_addresses():
        for method in ("GET", "POST"):
            response, _ = ask(cookies, method, url, {}, before)
            assert response.status_code < 500, f"{method} {name} gave {response.status_code}"


def test_the_answers_of_tenants_cannot_be_edited_in_the_admin_site(rf, rows, alice):
    alice.is_superuser = alice.is_staff = True
    request = rf.get("/")
    request.user = alice
    for model in (Site, Assessment, Answer, AnswerRevision, FitCheck, Review, Finding, Comment):
        if model in admin.site._registry:
            page = admin.site._registry[model]
            asked = page.has_add_permission, page.has_change_permission, page.has_delete_permission
            assert not any(permission(request) for permission in asked), model.__name__


# ---- would the walk notice? -------------------------------------------------------------------------------------


def leak(request, pk):
    """What one forgotten scope looks like."""
    assessment = Assessment.objects.get(pk=pk)
    if request.method == "POST":
        assessment.answers.update(note="overwritten")
    return HttpResponse(str(assessment))


@pytest.fixture
def planted(settings):
    """The URL map with a view in it that forgets to ask."""
    settings.ROOT_URLCONF = module = ModuleType("planted")
    module.urlpatterns = [path("leak/<int:pk>/", leak, name="leak"), path("", include("copcready.urls"))]


@pytest.mark.usefixtures("planted")
def test_an_address_that_nobody_declared_is_asked_for():
    (sentence,) = missing_from(MATRIX)
    assert sentence.startswith("'leak' is not in MATRIX of tests/access_table.py. Add a row:")


@pytest.mark.usefixtures("planted")
def test_a_view_that_forgets_to_ask_is_found_by_the_walk(rows, actors):
    found = differences("leak", Route(get=MEMBERS, post=ANSWERERS, of="assessment"), rows, actors)
    assert (
        "GET leak as stranger: is a stranger: to them this does not exist, expected 404; it gave 200" in found
    )
    assert "GET leak as staff: is a stranger: to them this does not exist, expected 404; it gave 200" in found
    assert "POST leak as stranger: the database changed; it gave 200" in found
    assert "POST leak as viewer: the database changed; it gave 200" in found
    assert not [line for line in found if "owner" in line or "signed out" in line], (
        "these are as the table says"
    )
