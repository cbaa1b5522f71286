"""The whole URL map, asked by three people and with every method: what is refused and what fails is guarded like what is shown,
and nothing that is sent carries a script or a style of its own."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from tests.access_rows import address, rows_of, sample
from tests.access_table import MATRIX
from tests.test_access_matrix import PRIVATE_ACCOUNT_PAGES, PUBLIC_ACCOUNT_PAGES, private_address
from tests.test_security import assert_guarded, assert_private, policy, signed_in
from tests.walk import admin_addresses

ROOT = Path(__file__).resolve().parent.parent
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
PAGES_WITH_SECRETS = ("/calendar/guess.ics", "/account/password/reset/key/1-guess/")
SCRIPT_FREE = "script and style only by file or nonce"


@pytest.fixture
def rows(assessment, alice, bob, newer, monkeypatch):
    monkeypatch.setattr("assessments.report.pdf.render", lambda *args, **kwargs: b"%PDF-1.7")
    return rows_of(assessment, alice, bob, newer)


def addresses(rows):
    """(name, address, a POST to it) of everything there is outside the admin site."""
    for name, route in MATRIX.items():
        yield name, address(name, route, rows), sample(route, rows)
    for name, kwargs in sorted(PUBLIC_ACCOUNT_PAGES.items()):
        yield name, reverse(name, kwargs=kwargs), {}
    for name in sorted(PRIVATE_ACCOUNT_PAGES):
        yield name, private_address(name), {}
    yield "no such page", "/no-such-page/", {}


def asked(client, method, url, data=None):
    """The response; whatever it changed is undone."""
    with transaction.atomic():
        cookies = client.cookies.copy()
        response = client.post(url, data or {}) if method == "POST" else client.generic(method, url)
        response.content_sent = b"".join(response)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def complaints(response, private=False):
    """What the headers of a response lack, as sentences."""
    found = []
    try:
        assert_guarded(response)
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in response["Permissions-Policy"]
        assert response["X-Frame-Options"] == "DENY"
        assert policy(response)["object-src"] == {"'none'"}
        if private:
            assert_private(response)
    except (AssertionError, KeyError) as error:
        found.append(repr(error))
    if "html" in response.get("Content-Type", ""):
        found += inline(response.content_sent.decode())
    if response.content_sent and response.status_code != 304:
        kind = response.get("Content-Type", "")
        if not kind or (kind.startswith("text/") and "charset" not in kind):
            found.append(f"its content is called {kind!r}")
    return found


class Inline(HTMLParser):
    """Collects whatever the Content-Security-Policy would refuse, and what it would not and still should not be there."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or (
            tag == "script"
            and not ({"src", "nonce"} & given.keys())
            and given.get("type") != "application/json"
        ):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{name}= on <{tag}>")
            if re.match(r"\s*(javascript|vbscript|data:text)", value or "", re.IGNORECASE):
                self.found.append(f"{name}={value[:40]!r} on <{tag}>")


def inline(html):
    parser = Inline()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("who", ["alice", "charlie", "nobody"])
def test_every_response_of_every_address_is_guarded(who, rows, request):
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client = signed_in(request.getfixturevalue(who))
    found = []
    for name, url, data in addresses(rows):
        for method in METHODS:
            response = asked(client, method, url, data)
            reads_user = who != "nobody" and method not in ("TRACE", "BREW") and response.status_code != 301
            wrong = complaints(response, private=reads_user and not name.startswith("account_log"))
            found += [f"{method} {name} ({response.status_code}): {line}" for line in wrong]
    assert found == []


def test_every_page_of_the_admin_site_is_guarded_and_carries_no_script_of_its_own(rows, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client, found = signed_in(alice), []
    for name, url in admin_addresses():
        if name != "admin:logout":
            response = asked(client, "GET", url)
            private = not name.startswith("admin:jsi18n")
            found += [f"{name} ({response.status_code}): {line}" for line in complaints(response, private)]
    assert found == []


def test_drawings_that_stand_alone_carry_no_script_and_no_style_and_e_mails_are_plain_text():
    drawings = [*(ROOT / "static").rglob("*.svg")]
    assert len(drawings) >= 3
    assert {path.name: found for path in drawings if (found := inline(path.read_text()))} == {}
    assert [*(ROOT / "templates").rglob("email/*.html")] == []


@pytest.mark.parametrize("url", PAGES_WITH_SECRETS)
def test_an_address_that_opens_something_by_itself_is_kept_and_passed_on_by_nobody(url, db):
    response = Client().get(url)
    assert_private(response)
    assert response["Referrer-Policy"] == "strict-origin"  # a form on it has to say where it comes from
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
def test_a_method_that_nobody_needs_is_refused_with_a_sentence(method, sign_in, alice):
    response = sign_in(alice).generic(method, "/")
    assert response.status_code == 405
    assert response.content.decode() == "This address does not know that method.\n"
    assert "POST" in response["Allow"]


@pytest.mark.parametrize("host", ["evil.example", "copcready.example.org:x", "[::1", ""])
def test_what_is_refused_before_any_page_is_guarded_too(host, db):
    client = Client(raise_request_exception=False)
    response = client.get("/help/", headers={"host": host})
    response.content_sent = response.content
    assert response.status_code == 400
    assert complaints(response) == []


# ---- behind TLS -------------------------------------------------------------------------------------------------


@pytest.fixture
def https(settings):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.DEMO = False
    return settings


@pytest.mark.parametrize("url", ["/help/", "/healthz", "/no-such-page/", "/static/css/site.css", "/"])
def test_behind_tls_browsers_are_told_to_stay_there(url, https, db):
    response = Client().get(url, headers={"x-forwarded-proto": "https"})
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_a_page_asked_for_in_the_open_is_sent_on_to_https_and_guarded(https, db):
    response = Client().get("/help/")
    response.content_sent = b""
    assert (response.status_code, response["Location"]) == (301, "https://testserver/help/")
    assert complaints(response) == []


def test_a_program_that_sends_its_token_in_the_open_is_refused_and_not_sent_on(https, db):
    response = Client().post("/api/1/readings", headers={"authorization": "Bearer secret"})
    assert response.status_code == 403
    assert "https://" in response.content.decode()
    assert "Location" not in response


def test_an_account_of_the_demo_is_shut_out_where_others_can_reach_the_server(https, alice):
    alice.email = "Owner@copcready.example"
    alice.save()
    client = signed_in(alice)
    response = client.get(reverse("home"), headers={"x-forwarded-proto": "https"}, follow=True, secure=True)
    assert response.redirect_chain[0][0] == reverse("account_login")
    assert "Accounts of the demo are closed on this server." in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("https_on", "demo", "email"),
    [
        (True, True, "owner@copcready.example"),
        (False, False, "owner@copcready.example"),
        (True, False, "a@real.test"),
    ],
)
def test_nobody_else_is_shut_out_and_neither_are_they_where_that_is_meant(
    https_on, demo, email, settings, alice
):
    settings.HTTPS, settings.DEMO = https_on, demo
    alice.email = email
    alice.save()
    assert signed_in(alice).get(reverse("home"), secure=https_on).status_code == 200


# ---- would the walk notice? -------------------------------------------------------------------------------------

PLANTED = {
    "<script>alert(1)</script>": ["<script>"],
    '<p style="color:red">': ["style= on <p>"],
    "<style>p{}</style>": ["<style>"],
    '<img onerror="x()">': ["onerror= on <img>"],
    '<a href=" JavaScript:x()">': ["href=' JavaScript:x()' on <a>"],
    '<script src="/static/x.js"></script><script nonce="n">x</script>': [],
    '<script type="application/json">{}</script>': [],
}


@pytest.mark.parametrize("html", PLANTED)
def test_a_planted_script_or_style_is_found(html):
    assert inline(html) == PLANTED[html], SCRIPT_FREE


def test_a_page_without_guard_is_found(settings, db):
    settings.ROOT_URLCONF = module = ModuleType("bare")
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Guarded" not in name]
    module.urlpatterns = [
        path("bare/", lambda request: HttpResponse("x")),
        path("", include("copcready.urls")),
    ]
    response = Client().get("/help/")
    response.content_sent = response.content
    assert complaints(response) != []
