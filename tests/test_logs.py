"""What the log says, and what it never does: of one line, and of a whole server that is asked well and badly."""

import http.client
import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import RequestFactory

from copcready import logs

ROOT = Path(__file__).resolve().parent.parent
KEY = "xK3vQ9-Lm2_ZpT7wR4yB8nD1cF6gH5jS0aUeIoXqWz"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"Not Found: /calendar/{KEY}.ics", "Not Found: /calendar/***"),
        ("Not Found: /shared/abc", "Not Found: /shared/***"),
        ("Not Found: /invitations/abc/", "Not Found: /invitations/***/"),
        ("/account/password/reset/key/1-short/", "/account/password/reset/key/***/"),
        ("/account/confirm-email/abc/", "/account/confirm-email/***/"),
        ("postgres://me:hunter2@host/db refused", "postgres://me:***@host/db refused"),
        ("Authorization: Bearer copc_abcdefgh1", "Authorization: *** ***"),
        ("{'password': 'four words', 'x': 1}", "{'password': ***, 'x': 1}"),
        ("?token=abc&page=2", "?token=***&page=2"),
        (f"seen {KEY} twice", "seen *** twice"),
        ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "***"),
        ("alice@example.com signed in", "(e-mail) signed in"),
        ("failed\nDETAIL:  Failing row contains (1, our note).", "failed\nDETAIL: ***"),
        ("/srv/copcready/assessments/migrations/0022_organisations_and_scope.py", None),
        ("in test_a_not_known_answer_lowers_the_score_but_not_the_ceiling", None),
        ("UserAttributeSimilarityValidator", None),
        ("Not Found: /organisations/12/activity/", None),
    ],
)
def test_a_line_loses_its_secrets_and_nothing_else(said, told):
    assert logs.masked(said) == (said if told is None else told)


def record(message, *args, **extra):
    made = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, None)
    vars(made).update(extra)
    assert logs.Masked().filter(made)
    return made


def test_what_a_request_brought_along_is_left_out_wherever_it_is_quoted():
    request = RequestFactory().post(
        "/", {"note": "Our 'own' words"}, headers={"cookie": "sessionid=plainwords"}
    )
    assert request.POST
    said = record("%s and %r, %s", "Our 'own' words", "Our 'own' words", "plainwords", request=request)
    assert said.getMessage() == '*** and "***", ***'


def test_so_is_what_came_as_json():
    body = json.dumps({"readings": [{"note": "Our own words"}]})
    request = RequestFactory().post("/", body, content_type="application/json")
    assert request.body
    assert record("cannot take %s", "Our own words", request=request).getMessage() == "cannot take ***"


def test_a_body_that_nobody_read_stays_unread():
    request = RequestFactory().post("/", {"note": "Our own words"})
    record("x", request=request)
    assert not {"_post", "_body"} & set(vars(request))


def test_a_message_that_cannot_be_put_together_stops_nothing():
    assert "could not be put together" in record("%d", "x").getMessage()


def test_a_traceback_is_masked_too():
    try:
        raise ValueError(f"no {KEY}")
    except ValueError:
        made = record("failed", exc_info=sys.exc_info())
    assert "ValueError: no ***" in json.loads(logs.JsonLine().format(made))["trace"]


def test_a_line_feed_begins_no_line():
    line = logs.JsonLine().format(record("one\ntwo\u2028three"))
    assert line.splitlines() == [line]
    assert json.loads(line)["message"] == "one\ntwo\u2028three"


def test_times_are_those_of_utc_wherever_the_server_stands(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        line = logs.JsonLine().format(record("x", created=1_795_000_000))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert json.loads(line)["time"] == "2026-11-18T11:06:40.000+00:00"


def facts_of(caplog):
    return [each.facts for each in caplog.records if each.name == "copcready.requests"]


def test_each_request_is_a_line_with_who_and_what_and_no_address(sign_in, mark, acme, caplog):
    with caplog.at_level(logging.INFO, "copcready.requests"):
        sign_in(mark).get(f"/organisations/{acme.pk}/activity/?person=x")
        sign_in(mark).get(f"/calendar/{KEY}.ics")
        sign_in(mark).get("/nowhere/")
    activity, calendar, nowhere = facts_of(caplog)
    assert activity.pop("milliseconds") >= 0
    assert activity == {
        "method": "GET",
        "route": "activity",
        "status": 200,
        "user": mark.pk,
        "organisation": acme.pk,
    }
    assert (calendar["route"], calendar["status"]) == ("calendar-feed", 404)
    assert (nowhere["route"], nowhere["status"]) == ("none", 404)
    assert KEY not in str(facts_of(caplog))


def test_what_is_known_of_one_request_is_not_said_of_the_next(sign_in, mark, acme, client, caplog):
    with caplog.at_level(logging.INFO, "copcready.requests"):
        sign_in(mark).get(f"/organisations/{acme.pk}/")
        client.logout()
        client.get("/help/")
    assert "organisation" in facts_of(caplog)[0]
    assert not {"organisation", "user"} & set(facts_of(caplog)[1])


def test_the_line_of_a_request_costs_no_query(client, db, django_assert_num_queries, caplog):
    with caplog.at_level(logging.INFO, "copcready.requests"), django_assert_num_queries(0):
        client.get("/healthz")


# ---- a whole server -----------------------------------------------------------------------------------------------

PASSWORD, TOTP = "seven calm herons wading", "JBSWY3DPEHPK3PXPKRUGKIDROVUWG2ZA"
CANARY = "quiet marigold"
NOTE, TITLE = "we never coach on Fridays", "minutes of the quiet meeting"
WRITTEN = {
    "password": PASSWORD,
    "note": NOTE,
    "title": TITLE,
    "second factor": TOTP,
    "e-mail": "mark@example.com",
}
SETUP = f"""
from assessments.models import *
user = User.objects.create_superuser("mark@example.com", {PASSWORD!r}, name="Mark")
acme = Organisation.objects.create(name="Acme")
Membership.objects.create(organisation=acme, user=user, role="owner")
site = Site.objects.create(organisation=acme, name="Leeds", country="GB", seats=1, time_zone="UTC", channels=["phone"])
print(ApiToken.objects.issue(site=site, name="BI", days=30, by=user)[1])
print(CalendarFeed.objects.issue(user=user, covers="mine")[1])
"""


class Server:
    """gunicorn as ./start runs it, all it says in one file. `application` may have faults planted."""

    def __init__(self, folder, **given):
        self.log, self.cookies = folder / "server.log", {}
        self.environment = {
            "PATH": os.environ["PATH"],
            "COPCREADY_DATA_DIR": str(folder),
            "COPCREADY_LOG": "json",
            "PYTHONUNBUFFERED": "1",
            "PLANTED": CANARY,
            "EMAIL_URL": f"filemail:///{folder}/mails",
            **given,
        }

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "tests.planted", "--bind", f"127.0.0.1:{self.port}"]
        command += [
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
            "--graceful-timeout",
            "5",
        ]
        command += ["--no-control-socket", "--log-level", "warning"]
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=file, stderr=file, start_new_session=True
            )
        for _try in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method, path, data=None, **headers):
        """(status, text). Cookies are kept; `data` is a form, or bytes with a content type among the headers."""
        body = urlencode(data).encode() if isinstance(data, dict) else data
        if isinstance(data, dict):
            headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(
            method, path, body, {"Cookie": cookie} | {k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = link.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode("utf-8", "replace")
        link.close()
        return answer.status, text

    def send(self, path, data, page="/help/"):
        """A POST with the token of a page."""
        _status, text = self.ask("GET", page)
        self.token = re.search('name="csrfmiddlewaretoken" value="(.*?)"', text)[1]
        return self.ask("POST", path, {**data, "csrfmiddlewaretoken": self.token})


def said_in(log, secrets):
    """The names of those secrets that stand in the log, in any of the ways a text is written down."""
    return {
        name
        for name, secret in secrets.items()
        if any(way in log for way in (secret, quote(secret), repr(secret)[1:-1], json.dumps(secret)[1:-1]))
    }


def test_a_server_that_is_asked_well_and_badly_says_no_secret(tmp_path):
    server = Server(tmp_path)
    server.manage("migrate", "-v", "0")
    api, calendar = server.manage("shell", "-v", "0", "-c", SETUP).split()
    statuses = []

    def ask(*arguments, **headers):
        statuses.append(server.ask(*arguments, **headers)[0])

    def send(*arguments):
        statuses.append(server.send(*arguments)[0])

    with server:
        login = "/account/login/"
        send("/account/password/reset/", {"email": "mark@example.com"}, login)
        mail = next((tmp_path / "mails").iterdir()).read_text()
        reset = re.search("/account/password/reset/key/([^/]+)/", mail)[1]
        ask("GET", f"/account/password/reset/key/{reset}/")
        ask("GET", f"/account/password/reset/key/{reset}/more/")
        send(login, {"login": "mark@example.com", "password": PASSWORD + "!"}, login)
        ask("POST", login, {"login": "mark@example.com", "password": PASSWORD})  # without its token
        send(login, {"login": "mark@example.com", "password": PASSWORD}, login)
        signed_in = bool(server.cookies.get("sessionid"))
        for path in (f"/calendar/{calendar}.ics", f"/calendar/{calendar}.ics/", f"/calendar/{calendar}x.ics"):
            ask("GET", path)
        for path in (f"/shared/{calendar}", f"/invitations/{calendar}/", f"/nowhere/{api}?token={api}"):
            ask("GET", path)
        ask("GET", f"/calendar/{calendar}.ics", Host="evil.example")
        kind, body = "application/json", json.dumps({"readings": [{"metric": NOTE, "note": NOTE}]}).encode()
        for token in (api, api + "x"):
            ask("POST", "/api/sites/1/readings/", body, Authorization=f"Bearer {token}", Content_Type=kind)
        ask("POST", "/api/sites/1/readings/", body[:-1], Authorization=f"Bearer {api}", Content_Type=kind)
        send("/answers/1/note/", {"note": NOTE, "title": TITLE, "secret": TOTP, "password": PASSWORD})
        send("/nowhere/", {"note": NOTE, "title": TITLE, "secret": TOTP})
        ask("GET", "/admin/assessments/user/?q=mark%40example.com&is_staff__exact=1")
        ask("POST", login, b"--x\r\n" + NOTE.encode(), Content_Type="multipart/form-data")
        send("/account/notices/", {"note": NOTE})
    log = server.log.read_text()
    secrets = WRITTEN | {
        "session": server.cookies["sessionid"],
        "csrf cookie": server.cookies["csrftoken"],
        "csrf token": server.token,
        "api token": api,
        "calendar token": calendar,
        "reset key": reset,
        "reset key without its person": reset.partition("-")[2],
    }
    assert signed_in
    assert {200, 302, 400, 401, 403, 404, 422, 500} <= set(statuses), statuses
    assert said_in(log, secrets | {"canary": CANARY}) == {"canary"}
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert sum(line["logger"] == "copcready.requests" for line in lines) >= len(statuses)
    assert "user 1 listed users: is_staff__exact, q" in {line["message"] for line in lines}
    assert "RuntimeError: cannot take" in "".join(line.get("trace", "") for line in lines)
    assert {"django.request", "django.security.DisallowedHost", "django.security.csrf"} <= {
        line["logger"] for line in lines
    }


def test_a_server_without_its_database_says_no_password(tmp_path):
    password = "hunter and gatherer".replace(" ", "-")
    address = f"postgres://copcready:{password}@127.0.0.1:1/copcready"
    with Server(tmp_path, DATABASE_URL=address) as server:
        server.cookies["sessionid"] = "x" * 32
        assert server.ask("GET", "/account/login/")[0] == 503
    log = server.log.read_text()
    assert "OperationalError" in log
    assert said_in(log, {"password": password}) == set()
    assert said_in(log + address, {"password": password}) == {"password"}
