"""What a browser would never send by itself: forged forms, odd values in every parameter, addresses to be sent on to, and
names of hosts that are not ours."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.signals import request_started
from django.db import close_old_connections, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import User
from copcready.wsgi import application
from tests.access_rows import address, rows_of, sample
from tests.access_table import MATRIX
from tests.test_access_matrix import PRIVATE_ACCOUNT_PAGES, PUBLIC_ACCOUNT_PAGES, private_address
from tests.test_security import PASSWORD, breakable, signed_in  # noqa: F401 - a fixture
from tests.walk import fingerprint

ROOT = Path(__file__).resolve().parent.parent
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def rows(assessment, alice, bob, newer, monkeypatch):
    monkeypatch.setattr("assessments.report.pdf.render", lambda *args, **kwargs: b"%PDF-1.7")
    return rows_of(assessment, alice, bob, newer)


# ---- forged forms -----------------------------------------------------------------------------------------------


def test_every_post_without_its_token_is_refused_and_changes_nothing(rows, alice):
    client, before = signed_in(alice, enforce_csrf_checks=True), fingerprint()
    posts = [
        (name, address(name, route, rows), sample(route, rows))
        for name, route in MATRIX.items()
        if route.post and not route.by_token
    ]
    posts += [(name, private_address(name), {}) for name in sorted(PRIVATE_ACCOUNT_PAGES)]
    posts += [
        (name, reverse(name), {}) for name in ("account_login", "account_logout", "account_reset_password")
    ]
    statuses = {name: client.post(url, data).status_code for name, url, data in posts}
    assert {name: status for name, status in statuses.items() if status != 403} == {}
    assert len(statuses) > 40, "found too few to say anything"
    assert fingerprint() == before


# ---- odd values -------------------------------------------------------------------------------------------------

ODD = {
    "a NUL": "%00",
    "half a character": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "a long number": "9" * 400,
    "a negative number": "-1",
    "another script's digits": quote("٣"),
    "markup": quote("<svg onload=alert(1)>{{ 7|add:7 }}%s'\";--"),
    "a way out": quote("../../../etc/passwd\r\nX-Planted: 1"),
}


def names_of_queries():
    """Every parameter that a view asks an address for."""
    sources = [*(ROOT / "assessments").rglob("*.py"), *(ROOT / "standards").rglob("*.py")]
    asked = re.compile(r"""GET(?:\.get|\.getlist)?[(\[]["'](\w+)["']|["'](\w+)["'] in request\.GET""")
    return sorted(
        {one or other for path in sources for one, other in asked.findall(path.read_text())} | {"next"}
    )


def encoded(fields):
    """Names with values that are encoded already; lists as repeated names."""
    pairs = [
        (name, one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return "&".join(f"{quote(name)}={value}" for name, value in pairs)


TURNS = (0, 3, 5)  # so that neighbours meet different values, and a minute is enough for all addresses


def mixed(names, turn):
    """An odd value for each name, another one at each turn."""
    values = list(ODD.values())
    return {name: values[(place + turn) % len(values)] for place, name in enumerate(names)}


def bodies(fields):
    """(what is odd, the body): every field at once, a few times over, and each alone for the oddest value."""
    for turn in TURNS:
        yield f"turn {turn}", encoded(mixed(fields, turn))
    yield "everything twice", encoded({key: ["1", "%00"] for key in fields})
    proper = {
        name: [quote(one) for one in value] if isinstance(value, list) else quote(value)
        for name, value in fields.items()
    }
    for name in fields:
        yield f"a NUL in {name}", encoded(proper | {name: "%00%ED%A0%80x"})


def failed(client, method, url, what, body):
    """A sentence if the server fails at it. Nothing of the request stays."""
    with transaction.atomic():
        if method == "GET":
            response = client.get(f"{url}?{body}")
        else:
            response = client.post(url, body, content_type=FORM)
        transaction.set_rollback(True)
    planted = "X-Planted" in response
    return (
        [f"{method} {url} with {what}: {response.status_code}"]
        if response.status_code >= 500 or planted
        else []
    )


def text_fields(route, rows):
    return {name: value for name, value in sample(route, rows).items() if name != route.file}


def test_no_odd_value_breaks_any_address(rows, alice):
    client, queries, found = signed_in(alice), names_of_queries(), []
    assert len(queries) > 5, "found too few to say anything"
    for name, route in MATRIX.items():
        url = address(name, route, rows)
        for turn in TURNS:
            found += failed(client, "GET", url, f"turn {turn}", encoded(mixed(queries, turn)))
        if route.post:
            for what, body in bodies(text_fields(route, rows)):
                found += failed(client, "POST", url, what, body)
    for name in PUBLIC_ACCOUNT_PAGES:
        url = reverse(name, kwargs=PUBLIC_ACCOUNT_PAGES[name])
        fields = dict.fromkeys(("login", "password", "email", "password1", "password2", "next", "code"), "x")
        for what, body in bodies(fields):
            found += failed(Client(raise_request_exception=False), "POST", url, what, body)
    assert found == [], "\n".join(found)


JSON_BODIES = [
    '{"metric": "\\ud800"}',
    '{"metric": "\\u0000"}',
    "[" * 5000,
    '{"a":' * 3000,
    "9" * 5000,
    "NaN",
    "",
    "\xff",
]


@pytest.mark.parametrize("body", JSON_BODIES, ids=range(len(JSON_BODIES)))
def test_no_odd_json_breaks_the_interface(body, rows):
    for name, route in MATRIX.items():
        if route.by_token:
            client = Client(raise_request_exception=False)
            response = client.post(
                address(name, route, rows), body.encode("latin-1"), content_type="application/json"
            )
            assert response.status_code < 500


@pytest.mark.usefixtures("breakable")
def test_an_address_with_a_planted_failure_is_found(alice):
    (sentence,) = failed(signed_in(alice), "GET", "/broken/", "anything", "a=1")
    assert sentence == "GET /broken/ with anything: 500"


# ---- limits -----------------------------------------------------------------------------------------------------


def test_a_form_of_too_many_fields_or_too_many_bytes_is_refused(alice, acme):
    client, url = signed_in(alice), reverse("organisation-add")
    many = "&".join(f"f{number}=1" for number in range(6000))
    assert client.post(url, many, content_type=FORM).status_code == 400
    assert client.post(url, "name=" + "x" * 3_000_000, content_type=FORM).status_code in (400, 413)


# ---- sent on to ------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.example",
    " https://evil.example",
    "\thttps://evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    "\x00//evil.example",
    "https://testserver@evil.example/",
    "https://evil.example\\@testserver/",
    "https://testserver.evil.example/",
    "//evil.example\\..\\testserver",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://evil.example/",
    "https://evil。example/",
]


def lands_at(location):
    """Where a browser goes: it takes a backslash for a slash, and drops tabs, line breaks and what stands before."""
    seen = re.sub(r"[\t\r\n]", "", location).lstrip("\x00 ").replace("\\", "/")
    return urlsplit(urljoin("http://testserver/", seen))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_next_leads_to_another_host(target, alice):
    alice.set_password(PASSWORD)
    alice.save()
    forms = {
        "account_login": {"login": alice.email, "password": PASSWORD},
        "account_logout": {},
        "account_reauthenticate": {"password": PASSWORD},
        "admin:login": {},
        "admin:logout": {},
        "organisation-switch": {"organisation": ""},
    }
    for name, fields in forms.items():
        out = name == "account_login"
        client = Client(raise_request_exception=False) if out else signed_in(alice)
        for method in ("get", "post"):
            url = f"{reverse(name)}?next={quote(target)}"
            response = getattr(client, method)(url, fields | {"next": target})
            assert response.status_code < 500
            if "Location" in response:
                landed = lands_at(response["Location"])
                assert (landed.scheme, landed.netloc) == ("http", "testserver"), response["Location"]


def test_a_browser_would_have_gone_elsewhere():
    away = [target for target in ELSEWHERE if lands_at(target).netloc != "testserver"]
    assert len(away) >= 18, "the list has to hold what a careless redirect would follow"


# ---- names of hosts ---------------------------------------------------------------------------------------------


def served(method, path, charset, body=b""):
    """(status, headers, body) as gunicorn gets them, of a request that says in what letters it is; the test client makes its own."""
    query, said = path.partition("?")[2], []
    environ = Client()._base_environ(
        REQUEST_METHOD=method,
        PATH_INFO=path.partition("?")[0],
        QUERY_STRING=query,
        CONTENT_TYPE=f"{FORM}; charset={charset}",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": BytesIO(body)},
    )
    # As the test client does: the connection is that of the test, and outlives the request.
    request_started.disconnect(close_old_connections)
    try:
        reply = application(environ, lambda status, headers: said.extend((status, dict(headers))))
    finally:
        request_started.connect(close_old_connections)
    return int(said[0].split()[0]), said[1], b"".join(reply).decode()


@pytest.mark.parametrize(
    "charset", ["hex", "idna", "undefined", "unicode_escape", "utf-7", "utf-16", "latin-1", "no-such-thing"]
)
def test_text_in_other_letters_is_refused_before_anybody_reads_it(charset, db):
    asked = served("GET", "/account/login/?next=%5Cud800", charset)
    sent = served("POST", "/account/password/reset/", charset, b"email=%5Cud800")
    for status, headers, body in (asked, sent):
        assert (status, "UTF-8" in body) == (415, True)
        assert "Content-Security-Policy" in headers


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"'])
def test_utf_8_is_read_however_it_is_spelled(charset, db):
    status, _headers, body = served("GET", "/account/login/?next=%2Fplan%2F%C3%A9", charset)
    assert (status, "/plan/é" in body) == (200, True)


@pytest.mark.parametrize("charset", ["hex", "undefined", "unicode_escape"])
def test_a_program_that_names_other_letters_is_answered_by_the_interface(charset, db):
    for place in (reverse("readings-api", args=[1]), reverse("assessments-api", args=[1])):
        status, headers, _body = served("GET", f"{place}?x=%5Cud800", charset)
        assert (status, headers["Content-Type"]) == (401, "application/json")


def test_too_many_parameters_are_refused_where_a_header_says_in_what_letters_they_are(db):
    status, _headers, body = served("GET", "/account/login/?" + "a&" * 6000, "utf-8")
    assert (status, "<h1" in body) == (400, True)


@pytest.mark.parametrize(
    "name",
    ["a\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "short", "x" * 400, "É" * 32, "../../../../../../etc/passwdxxxxxx"],
)
def test_a_session_under_a_name_that_is_none_of_ours_is_none(name, db, monkeypatch):
    asked = []
    monkeypatch.setattr(Session.objects, "get", lambda **lookup: asked.append(lookup))
    client = Client()
    client.cookies["sessionid"] = name
    assert client.get("/organisations/add/").status_code == 302
    assert asked == []


@pytest.mark.parametrize(
    "forged",
    [
        {"x-forwarded-host": "evil.example"},
        {"forwarded": "host=evil.example;proto=https"},
        {"x-original-host": "evil.example", "x-host": "evil.example"},
        {"host": "other.example.org"},
    ],
)
def test_links_in_mail_lead_to_the_address_of_the_settings_whatever_the_request_says(forged, settings, db):
    settings.ALLOWED_HOSTS = ["testserver", "other.example.org"]
    settings.SITE_URL = "https://copcready.example.org"
    User.objects.create_user("hannah@example.com", PASSWORD, name="Hannah")
    for email in ("hannah@example.com", "nobody@example.com"):
        Client().post(reverse("account_reset_password"), {"email": email}, headers=forged)
    assert len(mail.outbox) >= 1
    for message in mail.outbox:
        said = message.subject + message.body
        assert "evil.example" not in said
        assert "other.example.org" not in said
        for link in re.findall(r"https?://\S+", said):
            assert f"{link}/".startswith("https://copcready.example.org/"), link
