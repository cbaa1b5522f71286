"""A real Chromium against a real server. `./check --all` names the program in COPCREADY_CHROMIUM."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.models.metrics import newest_month
from assessments.months import first_of, month_number
from tests import factories

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in a file, as in use. In memory, the connections of test and server share one cache, whose table locks know
    no patience: a test that reads while the server writes failed at once, now and then."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        file = tmp_path_factory.mktemp("database") / "browser.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(file)


@pytest.fixture(scope="session")
def chromium():
    api = pytest.importorskip("playwright.sync_api", reason="needs requirements/browser.txt")
    program = os.environ.get("COPCREADY_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("no Chromium: name one in COPCREADY_CHROMIUM")
    # Playwright keeps an event loop in this thread; Django would take every query beside it for a mistake.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """`open_page(width=320, color_scheme="dark", java_script_enabled=False)` gives a page of its own browser window.

    A script that throws and anything the Content-Security-Policy blocks fail the test.
    """
    contexts, complaints = [], []

    def new(width=1280, height=900, **options):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: "Content Security" in said.text and complaints.append(said.text))
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def sign_in_browser(live_server):
    """`sign_in_browser(page, bob)`: the page's window is signed in as Bob, on the live server or the one `at` an address."""

    def as_user(page, user, at=live_server.url):
        client = Client(SERVER_NAME=urlsplit(at).hostname)
        client.force_login(user, backend=BACKEND)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": at}])
        return page

    return as_user


@pytest.fixture
def assessment(transactional_db, site, alice):
    return factories.started(site, by=alice)


@pytest.fixture
def asked(assessment):
    return list(assessment.answers.in_item("PR1").in_order())


@pytest.fixture
def item(assessment):
    return reverse("item", args=[assessment.pk, "PR1"])


@pytest.fixture
def bobs(page, sign_in_browser, bob):
    return sign_in_browser(page, bob)


@pytest.fixture
def axe():
    """`axe(page)`: what the accessibility rules find on it, one line a finding; empty is right."""
    api = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs requirements/browser.txt"
    )

    def findings(page):
        found = api.Axe().run(page).response["violations"]
        return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]

    return findings


# ---- the sheet of monthly figures


@pytest.fixture
def rate(site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="Answered in 30 s", denominator="Calls offered"
    )


@pytest.fixture
def hold(site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", kind="cost")


@pytest.fixture
def months(site):
    """The thirteen months of the sheet."""
    last = month_number(newest_month(site.today()))
    return [first_of(number) for number in range(last - 12, last + 1)]


@pytest.fixture
def sheet(site, rate, hold):
    return reverse("readings", args=[site.pk])
