"""An OpenID Connect provider on this machine, copcready in processes of their own that are set up for it, and visitors."""

import html
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import flask
import jwt
import oidc_provider_mock
import requests
import werkzeug.serving

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a long and quiet afternoon"
SECRET = "known-to-both-of-us-and-nobody-else-0123456789"
CAST = f"""
from allauth.account.models import EmailAddress
from assessments.models import Membership, Organisation, User
def person(address, **fields):
    return User.objects.create_user(address, {PASSWORD!r}, name=address.split("@")[0].title(), **fields)
def never_confirmed(address):
    EmailAddress.objects.filter(user=person(address)).update(verified=False)
for name in ("alice", "bob", "nora", "rita", "mark", "ivan", "olga", "hugo", "dora", "lena", "yves", "walk"):
    never_confirmed(name + "@acme.example")
person("vera@acme.example")
person("closed@acme.example", is_active=False)
person("partner@elsewhere.example")
moved = person("moved@acme.example")
EmailAddress.objects.create(user=moved, email="before@acme.example", verified=True, primary=False)
person("staff@elsewhere.example", is_staff=True, is_superuser=True)
dora = User.objects.get(email="dora@acme.example")
Membership.objects.create(organisation=Organisation.objects.create(name="Acme"), user=dora, role="owner")
"""


class Provider:
    """`people` are told apart by their number there. `spoil` may change what its token and user pages answer; those in `moved`
    answer with where else to ask, and answer there."""

    def __init__(self):
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
        app = oidc_provider_mock.app()
        self.asked_for_tokens, self.spoil, self.moved = [], {}, set()
        app.before_request(self.note)
        app.after_request(self.answer)
        self.server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def note(self):
        if flask.request.path == "/oauth2/token":
            self.asked_for_tokens.append(flask.request.form.to_dict())

    def answer(self, response):
        if flask.request.path in self.moved and "moved" not in flask.request.args:
            return flask.redirect(f"{flask.request.path}?moved", 307)
        change = self.spoil.get(flask.request.path)
        if change and response.is_json:
            self.key = flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True)
            response.data = json.dumps(change(response.get_json()))
        return response

    def signed(self, claims, key=None, algorithm="RS256"):
        """An identity token as the provider itself would write it, or with another key."""
        return jwt.encode(claims, key or jwt.PyJWK.from_dict(self.key, "RS256").key, algorithm)

    def person(self, number, address, **claims):
        said = {"email": address, "email_verified": True, "name": number.title()} | claims
        said = {name: value for name, value in said.items() if value is not None}
        requests.put(f"{self.url}/users/{number}", json=said, timeout=10).raise_for_status()
        return number

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def environment(folder, provider_url, **more):
    return {
        "PATH": os.environ["PATH"],
        "COPCREADY_DATA_DIR": str(folder),
        "COPCREADY_OIDC_URL": provider_url,
        "COPCREADY_OIDC_CLIENT": "copcready",
        "COPCREADY_OIDC_SECRET": SECRET,
        "COPCREADY_OIDC_NAME": "Acme & Co",
        "COPCREADY_OIDC_DOMAINS": "acme.example, acme.test",
        **more,
    }


def manage(given, *arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=given,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


class Instance:
    """copcready in a process of its own."""

    def __init__(self, folder, provider, **more):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.folder, self.provider, self.url = folder, provider, f"http://127.0.0.1:{port}"
        self.given = environment(folder, provider.url, COPCREADY_URL=self.url, **more)
        command = [sys.executable, str(ROOT / "manage.py"), "runserver", f"127.0.0.1:{port}", "--noreload"]
        self.log = (folder / f"{port}.log").open("w+")
        self.process = subprocess.Popen(
            [*command, "--skip-checks"], env=self.given, cwd=ROOT, stdout=self.log, stderr=self.log
        )
        self.wait()

    def wait(self):
        for _ in range(600):
            with suppress(requests.ConnectionError):
                requests.get(f"{self.url}/healthz", timeout=10)
                return
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(self.said())

    def said(self):
        return Path(self.log.name).read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def rows(self, query, *values):
        with closing(sqlite3.connect(self.folder / "copcready.sqlite3", timeout=20)) as link:
            return link.execute(query, values).fetchall()

    def change(self, query, *values):
        with closing(sqlite3.connect(self.folder / "copcready.sqlite3", timeout=20)) as link, link:
            link.execute(query, values)

    def connections(self, address):
        """How many people at the provider the account is connected with."""
        query = "SELECT count(*) FROM socialaccount_socialaccount JOIN assessments_user u ON u.id = user_id WHERE email = ?"
        return self.rows(query, address)[0][0]

    def accounts(self, address):
        return self.rows("SELECT count(*) FROM assessments_user WHERE email = ?", address)[0][0]


def prepared(folder, provider):
    """A database with the cast in it, for any number of instances."""
    given = environment(folder, provider.url)
    for arguments in (("migrate", "--no-input"), ("shell", "-v", "0", "-c", CAST)):
        result = manage(given, *arguments)
        assert result.returncode == 0, result.stderr
    return folder


class Visitor:
    """A browser without a window."""

    def __init__(self, instance):
        self.instance, self.session = instance, requests.Session()

    def get(self, address, **options):
        return self.session.get(self.instance.url + address, timeout=30, **options)

    def post(self, address, data=None, page="/account/login/"):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page).text)[1]
        return self.session.post(
            self.instance.url + address,
            {"csrfmiddlewaretoken": token, **(data or {})},
            timeout=30,
            allow_redirects=False,
        )

    def begin(self, following=""):
        """Where the page that leads to the provider leads to."""
        page = self.post("/account/sso/", {"next": following})
        assert page.status_code == 200, page.text
        return html.unescape(re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', page.text)[1])

    def agree(self, address, number):
        """What the provider answers to somebody who signs in there: the address back to us."""
        data = {"sub": number} if number else {"action": "deny"}
        answer = requests.post(address, data, timeout=30, allow_redirects=False)
        return answer.headers["Location"]

    def come_back(self, address):
        return self.session.get(address, timeout=30, allow_redirects=False)

    def sign_in(self, number, following=""):
        return self.come_back(self.agree(self.begin(following), number))

    def who(self):
        """The address of whoever is signed in, or None."""
        found = re.search(r'class="menu-who">.*?<span>([^<]+)</span>', self.get("/help/").text, re.DOTALL)
        return found and html.unescape(found[1])


def query_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def assert_refused(response, words, visitor):
    assert response.status_code == 403, response.text
    assert words in response.text
    assert "site.css" in response.text
    assert visitor.who() is None


def assert_failed(response, visitor, status=502):
    assert response.status_code == status, response.text
    assert ("did not answer as it should" if status == 502 else "could not be finished") in response.text
    assert visitor.who() is None


def forging(provider, forge):
    """From now on the provider's token page gives what `forge` makes of the claims."""

    def change(answer):
        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        return answer | {"id_token": forge(claims)}

    provider.spoil["/oauth2/token"] = change


def thin(provider):
    """Identity tokens that say a number and no more."""
    kept = ("iss", "sub", "aud", "exp", "iat", "nonce")
    forging(provider, lambda said: provider.signed({name: said[name] for name in kept}))
