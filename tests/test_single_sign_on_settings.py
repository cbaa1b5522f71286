"""Single sign-on is set up in full or not at all, and where it is not, nothing of it is there."""

import re
import subprocess

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse

from copcready import single_sign_on
from tests.single_sign_on import ROOT, environment, manage

URL = "https://login.example.org/acme"


def given(**more):
    everything = environment("nowhere", URL)
    return {name: value for name, value in (everything | more).items() if name.startswith("COPCREADY_OIDC")}


def read(only=False, **more):
    return single_sign_on.read(given(**more), only=only)


def test_without_any_of_it_there_is_no_single_sign_on(client, db, settings):
    assert single_sign_on.read({}, only=False) is None
    assert settings.SINGLE_SIGN_ON is None, "the tests run without"
    assert "allauth.socialaccount" not in settings.INSTALLED_APPS
    assert "/account/sso/" not in client.get(reverse("account_login")).content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("sso-begin")
    assert client.get("/account/sso/return/").status_code in (302, 404)


@pytest.mark.parametrize("name", single_sign_on.NEEDED.values())
def test_half_of_it_stops_the_process_and_names_what_is_missing(name):
    with pytest.raises(ImproperlyConfigured, match=rf"by half: {name} must be set as well.*\.$"):
        read(**{name: " "})


def test_alone_the_switch_for_passwords_is_half_of_it():
    with pytest.raises(ImproperlyConfigured, match="COPCREADY_OIDC_URL, COPCREADY_OIDC_CLIENT"):
        single_sign_on.read({}, only=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org/",
        "login.example.org",
        "https://",
        "https://user@login.example.org",
        "https://login.example.org/?tenant=1",
        "https://login.example.org/#x",
        "ftp://login.example.org",
    ],
)
def test_an_address_that_is_not_that_of_a_provider_behind_tls_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="COPCREADY_OIDC_URL is"):
        read(COPCREADY_OIDC_URL=url)


@pytest.mark.parametrize(
    "domains", ["@acme.example", "acme", "*.acme.example", "acme.example acme.test", ",", "-a.b", "a..b"]
)
def test_a_domain_that_is_none_is_refused(domains):
    with pytest.raises(ImproperlyConfigured, match="COPCREADY_OIDC_DOMAINS"):
        read(COPCREADY_OIDC_DOMAINS=domains)


@pytest.mark.parametrize("end", ["", "/", "/.well-known/openid-configuration"])
def test_the_address_of_the_configuration_does_as_well(end):
    app = single_sign_on.settings_for(read(COPCREADY_OIDC_URL=URL + end))["SOCIALACCOUNT_PROVIDERS"][
        "openid_connect"
    ]
    assert app["APPS"][0]["settings"]["server_url"] == f"{URL}/.well-known/openid-configuration"


def test_domains_are_read_in_small_letters_and_stand_for_themselves():
    provider = read(COPCREADY_OIDC_DOMAINS=" Acme.example ,,acme.TEST")
    assert provider.domains == ("acme.example", "acme.test")
    assert provider.covers("Alice@ACME.example")
    others = [
        "alice@sub.acme.example",
        "alice@acme.example.org",
        "acme.example@evil.example",
        "",
        "alice@",
        "@",
    ]
    assert not any(map(provider.covers, others))


def test_the_secret_is_not_in_what_a_log_would_print():
    assert given()["COPCREADY_OIDC_SECRET"] not in repr(read())


def test_without_the_packages_the_sentence_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(single_sign_on, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"Run ./start, or install requirements/extras\.txt"):
        read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COPCREADY_OIDC_NAME", ""),
        ("COPCREADY_OIDC_ONLY", "sometimes"),
        ("COPCREADY_OIDC_URL", "http://x.example"),
    ],
)
def test_the_process_ends_with_the_sentence(name, value, tmp_path):
    result = manage(environment(tmp_path, URL) | {name: value}, "check")
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: "), last
    assert name in last
    assert environment(tmp_path, URL)["COPCREADY_OIDC_SECRET"] not in result.stderr


@pytest.mark.parametrize(
    ("variables", "pins"),
    [
        ({}, "runtime"),
        ({"COPCREADY_OIDC_NAME": "Acme"}, "extras"),
        ({"COPCREADY_STORAGE": "s3://x"}, "extras"),
    ],
)
def test_start_installs_the_extras_for_whoever_asks_for_one(variables, pins):
    """The lines of ./start that choose, run alone."""
    script = (ROOT / "start").read_text()
    lines = script[script.index("wanted=") : script.index("esac", script.index("wanted=")) + 4]
    result = subprocess.run(
        ["sh", "-euc", f"install_pins() {{ echo $1; }}\n{lines}"],
        env=variables,
        capture_output=True,
        text=True,
    )
    assert (result.stdout.strip(), result.stderr) == (pins, "")


# ---- what an administrator reads --------------------------------------------------------------------------------

GUIDE = (ROOT / "docs" / "single-sign-on.md").read_text()


def test_the_guide_names_every_variable_and_the_redirect_address():
    named = set(re.findall(r"^   \| `(COPCREADY_\w+)`", GUIDE, re.MULTILINE))
    assert named == {*single_sign_on.NEEDED.values(), "COPCREADY_URL", "COPCREADY_OIDC_ONLY"}
    addresses = (ROOT / "copcready" / "urls.py").read_text()
    (path,) = re.findall(r'"(account/sso/[^"]*)", single_sign_on.come_back', addresses)
    assert f"https://copcready.example.org/{path}\n" in GUIDE


def test_what_the_guide_says_is_seen_is_what_the_pages_say():
    pages = [ROOT / "templates" / name for name in ("account/sso_stopped.html", "429.html")]
    said = "".join(path.read_text() for path in [*pages, ROOT / "assessments" / "sso" / "rules.py"])
    quoted = re.findall(r"^\| \*(?:\.\.\. )?(.*?)(?: \.\.\.)?\* \|", GUIDE, re.MULTILINE)
    assert len(quoted) == 5
    assert [words for words in quoted if words not in said] == []
