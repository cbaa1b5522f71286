"""What every response says about itself, and what guards the door."""

from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, reverse

from assessments.models import User
from copcready import errors
from tests.walk import cookies_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "a long and quiet afternoon"

# ---- headers ----------------------------------------------------------------------------------------------------


def policy(response):
    """The Content-Security-Policy as directive -> sources."""
    directives = response["Content-Security-Policy"].split(";")
    return {words[0]: set(words[1:]) for words in (directive.split() for directive in directives) if words}


def assert_guarded(response):
    csp = policy(response)
    assert csp["default-src"] == {"'none'"}
    assert csp["frame-ancestors"] == {"'none'"}
    assert csp["base-uri"] == {"'none'"}
    assert csp["form-action"] in ({"'self'"}, {"'none'"})
    loose = {
        "'unsafe-inline'",
        "'unsafe-eval'",
        "'unsafe-hashes'",
        "'strict-dynamic'",
        "*",
        "http:",
        "https:",
    }
    for directive, sources in csp.items():
        assert not sources & loose, directive
        assert directive == "img-src" or "data:" not in sources, directive
    assert not [source for sources in csp.values() for source in sources if "." in source], "no other host"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer", "strict-origin")
    assert "Server" not in response
    assert "X-Powered-By" not in response


def assert_private(response):
    assert {"private", "no-store"} <= {part.strip() for part in response["Cache-Control"].split(",")}


@login_not_required
def broken(request):
    raise RuntimeError("planted")


@login_not_required
def busy(request):
    raise OperationalError("planted: database is locked")


@pytest.fixture
def breakable(settings):
    """The application with one address in it that fails and one that tells a secret to caches."""
    settings.ROOT_URLCONF = module = ModuleType("breakable")
    module.urlpatterns = [
        path("broken/", broken),
        path("busy/", busy),
        path(
            "cached/", lambda request: HttpResponse("mine", headers={"Cache-Control": "public, max-age=3600"})
        ),
        path("", include("copcready.urls")),
    ]
    for status in (400, 403, 404, 500):
        names = {400: "bad_request", 403: "forbidden", 404: "not_found", 500: "server_error"}
        setattr(module, f"handler{status}", getattr(errors, names[status]))


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


def signed_in(user, **options):
    client = Client(raise_request_exception=False, **options)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("home", 200),
        ("assessment", 200),
        ("results", 200),
        ("gaps-csv", 200),
        ("report", 200),
        ("site-edit", 403),
    ],
)
def test_pages_of_a_person_are_guarded_and_stay_out_of_caches(name, status, assessment, vera, monkeypatch):
    monkeypatch.setattr("assessments.report.pdf.render", lambda *args, **kwargs: b"%PDF-1.7")
    numbers = {"home": [], "site-edit": [assessment.site_id]}
    response = signed_in(vera).get(reverse(name, args=numbers.get(name, [assessment.pk])))
    assert response.status_code == status
    assert_guarded(response)
    assert_private(response)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/help/", 200),
        ("/standards/", 200),
        ("/healthz", 200),
        ("/", 302),
        ("/account/login/", 200),
        ("/nowhere/", 404),
    ],
)
def test_pages_for_everybody_are_guarded_too(address, status, visitor):
    response = visitor.get(address)
    assert response.status_code == status
    assert_guarded(response)


@pytest.mark.usefixtures("breakable")
def test_a_page_that_fails_says_so_in_a_sentence_and_stays_guarded(alice):
    for client, private in ((Client(raise_request_exception=False), False), (signed_in(alice), True)):
        response = client.get("/broken/")
        assert response.status_code == 500
        assert_guarded(response)
        assert "planted" not in response.content.decode()
        assert "Traceback" not in response.content.decode()
        if private:
            assert_private(response)


@pytest.mark.usefixtures("breakable")
def test_a_database_that_is_busy_or_away_is_told_from_a_failure(alice):
    for client in (Client(raise_request_exception=False), signed_in(alice)):
        response = client.post("/busy/")
        assert response.status_code == 503
        assert response["Retry-After"] == "5"
        assert "Your last step was not saved" in response.text
        assert "planted" not in response.text
        assert_guarded(response)


@pytest.mark.usefixtures("breakable")
def test_a_page_cannot_talk_a_cache_into_keeping_it(alice):
    assert_private(signed_in(alice).get("/cached/"))


def test_a_form_without_its_token_is_refused_with_a_sentence(acme, alice):
    response = signed_in(alice, enforce_csrf_checks=True).post(
        reverse("organisation-add"), {"name": "Forged"}
    )
    assert response.status_code == 403
    assert_guarded(response)
    assert "<h1" in response.content.decode()


def test_an_unknown_host_name_is_refused(visitor):
    response = visitor.get("/help/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert_guarded(response)


@pytest.mark.parametrize(
    "address", ["/assessments/99999999999999999999/", "/sites/0/", "/answers/-1/choice/", "/%00/"]
)
def test_addresses_nobody_made_are_not_found_and_break_nothing(address, alice):
    response = signed_in(alice).get(address)
    assert response.status_code in (400, 404, 405)
    assert_guarded(response)


def test_the_page_for_a_failure_needs_no_database(db, django_assert_num_queries):
    """The database may be what failed."""
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        response = errors.server_error(request)
    assert response.status_code == 500
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("name", ["css/site.css", "admin/css/base.css"])
def test_static_files_are_guarded(name, visitor):
    response = visitor.get(f"/static/{name}")
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"].startswith("text/css")
    assert_guarded(response)


def test_fonts_are_kept_for_a_month_and_what_an_upgrade_changes_for_a_minute(visitor):
    kept = {
        name: visitor.get(f"/static/{name}")["Cache-Control"]
        for name in ("vendor/fonts/source-sans-3-latin.woff2", "css/site.css", "js/save.js")
    }
    assert list(kept.values()) == ["max-age=2592000, public", "max-age=60, public", "max-age=60, public"]


def test_a_browser_that_asks_for_an_icon_gets_ours(visitor):
    response = visitor.get("/favicon.ico", follow=True)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "name", ["../manage.py", "%2e%2e/manage.py", "..%2f..%2fetc/passwd", "css/", "css/../../manage.py"]
)
def test_nothing_but_static_files_is_served_as_one(name, visitor):
    assert visitor.get(f"/static/{name}").status_code in (400, 404)


def test_the_pages_of_the_admin_site_are_guarded(alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    response = signed_in(alice).get(reverse("admin:index"))
    assert_guarded(response)
    assert_private(response)


# ---- the door ---------------------------------------------------------------------------------------------------


@pytest.fixture
def hannah(db):
    return User.objects.create_user("hannah@example.com", PASSWORD, name="Hannah")


def try_to_sign_in(email, password, address="203.0.113.1"):
    client = Client(REMOTE_ADDR=address)
    return client, client.post(reverse("account_login"), {"login": email, "password": password})


def is_in(response):
    return response.status_code == 302 and response["Location"] == reverse("home")


def test_the_right_password_leads_in_and_the_wrong_one_does_not(hannah):
    assert is_in(try_to_sign_in(hannah.email, PASSWORD)[1])
    assert is_in(try_to_sign_in("HANNAH@Example.com", PASSWORD)[1])
    assert not is_in(try_to_sign_in(hannah.email, "wrong")[1])


def test_guessing_one_account_is_stopped_from_anywhere_until_time_has_passed(hannah, time_machine):
    start = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    for number in range(5):
        assert not is_in(try_to_sign_in(hannah.email, f"guess {number}", address=f"203.0.113.{number}")[1])
    _, stopped = try_to_sign_in(hannah.email, PASSWORD, address="203.0.113.99")
    assert not is_in(stopped)
    assert "too many" in stopped.content.decode().lower()
    time_machine.move_to(start + timedelta(seconds=301), tick=False)
    assert is_in(try_to_sign_in(hannah.email, PASSWORD)[1])


def test_guessing_many_accounts_from_one_place_is_stopped_too(hannah, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), tick=False)
    for number in range(12):
        try_to_sign_in(f"person{number}@example.com", "guess")
    assert not is_in(try_to_sign_in(hannah.email, PASSWORD)[1])
    assert is_in(try_to_sign_in(hannah.email, PASSWORD, address="198.51.100.7")[1])


def test_the_admin_site_has_no_door_of_its_own_to_guess_at(client, hannah):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.request["PATH_INFO"] == reverse("account_login")
    posted = client.post(reverse("admin:login"), {"username": hannah.email, "password": PASSWORD})
    assert posted.status_code in (302, 403, 405)
    assert "_auth_user_id" not in client.session


def without_secrets(response, *addresses):
    """The page without what differs each time anyway."""
    text = response.content.decode()
    for address in addresses:
        text = text.replace(address, "")
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line and "nonce" not in line]


def test_a_wrong_password_and_an_unknown_address_read_the_same(hannah):
    known = try_to_sign_in(hannah.email, "wrong")[1]
    unknown = try_to_sign_in("nobody@example.com", "wrong")[1]
    assert known.status_code == unknown.status_code
    assert without_secrets(known, hannah.email) == without_secrets(unknown, "nobody@example.com")


def test_a_password_reset_tells_nobody_who_has_an_account(hannah):
    pages = []
    for address in (hannah.email, "nobody@example.com"):
        response = Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
        pages.append((response.redirect_chain, without_secrets(response, address)))
    assert pages[0] == pages[1]
    sent = {message.to[0]: message.body for message in mail.outbox}
    assert "/password/reset/key/" in sent[hannah.email]
    assert "/password/reset/key/" not in sent.get("nobody@example.com", "")


def test_a_reset_link_works_once_and_ends_every_other_session(hannah):
    elsewhere, _ = try_to_sign_in(hannah.email, PASSWORD)
    Client().post(reverse("account_reset_password"), {"email": hannah.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    address = "/" + link.split("/", 3)[3]
    browser = Client()
    form = browser.get(address, follow=True)
    changed = {"password1": "another long afternoon", "password2": "another long afternoon"}
    browser.post(form.request["PATH_INFO"], changed)
    assert not is_in(try_to_sign_in(hannah.email, PASSWORD)[1])
    assert is_in(try_to_sign_in(hannah.email, "another long afternoon")[1])
    assert elsewhere.get(reverse("home")).status_code == 302
    again = Client().get(address, follow=True)
    assert "password1" not in again.content.decode()


def test_signing_in_changes_the_session_and_its_cookie_is_out_of_reach_of_scripts(hannah):
    client = Client()
    client.cookies.load({"sessionid": "chosenbysomebodyelse0000000000000"})
    client.post(reverse("account_login"), {"login": hannah.email, "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie.value != "chosenbysomebodyelse0000000000000"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_out_ends_the_session_on_the_server(hannah):
    client, _ = try_to_sign_in(hannah.email, PASSWORD)
    kept = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies.load({"sessionid": kept})
    assert thief.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_signing_in_nobody_is_sent_to_another_host(hannah, target):
    response = Client().post(
        reverse("account_login"), {"login": hannah.email, "password": PASSWORD, "next": target}
    )
    assert response["Location"] == reverse("home")


def test_a_closed_instance_makes_no_accounts(visitor):
    fields = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    response = visitor.post(reverse("account_signup"), fields)
    assert response.status_code == 200
    assert not User.objects.exists()


def test_an_open_instance_makes_an_account_that_sees_nothing_yet(settings, assessment, visitor):
    settings.SIGNUP = "open"
    fields = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert visitor.post(reverse("account_signup"), fields).status_code == 302
    User.objects.get(email="new@example.com").confirm_address()
    assert is_in(visitor.post(reverse("account_login"), {"login": "new@example.com", "password": PASSWORD}))
    page = visitor.get(reverse("home")).content.decode()
    assert "Acme" not in page
    assert "Leeds" not in page


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345", "hannah@example.com"])
def test_a_weak_password_is_refused(settings, visitor, password):
    settings.SIGNUP = "open"
    fields = {"email": "hannah@example.com", "password1": password, "password2": password}
    visitor.post(reverse("account_signup"), fields)
    assert not User.objects.exists()


def test_an_account_that_was_switched_off_is_out_at_once(alice):
    client = Client()
    client.cookies.load(cookies_of(alice))
    assert client.get(reverse("home")).status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(reverse("home")).status_code == 302
