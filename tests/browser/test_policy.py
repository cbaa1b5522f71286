"""No page does what the Content-Security-Policy would refuse: every page is visited, and the browser's own complaints counted."""

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from tests.access_rows import address, rows_of
from tests.access_table import MATRIX
from tests.assessments.test_weight import NO_PAGES
from tests.walk import admin_addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTEN = "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(`${e.violatedDirective} ${e.blockedURI}`))"
PICTURES = {"report-logo"}  # shown in a page of Chromium's own making, with styles that ours refuse
urlpatterns = [
    path(
        "canary/", lambda request: HttpResponse("<h1 style='color:red'>x</h1><script>window.ran = 1</script>")
    ),
    path("", include("copcready.urls")),
]


@pytest.fixture
def looker(chromium, live_server, sign_in_browser, alice):
    """A page that notes what is refused on it, signed in as Alice, who is also staff."""
    alice.is_staff = alice.is_superuser = True
    alice.save()
    context = chromium.new_context(base_url=live_server.url)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.said = []
    page.on("console", lambda line: line.type == "error" and page.said.append(line.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield sign_in_browser(page, alice)
    context.close()


def refused_on(page, url):
    """(status, what the browser complained of)"""
    page.said.clear()
    try:
        response = page.goto(url, wait_until="load")
    except Exception as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return 204, []  # a file to keep, and no page
        raise
    ours = [line for line in page.said if "status of 4" not in line and "status of 5" not in line]
    return response.status, [*page.evaluate("window.refused"), *ours]


def test_no_page_does_what_its_policy_refuses(looker, assessment, alice, bob, newer):
    rows = rows_of(assessment, alice, bob, newer)
    pages = [
        (name, address(name, route, rows))
        for name, route in MATRIX.items()
        if "owner" in route.get and name not in NO_PAGES | PICTURES
    ]
    pages += [pair for pair in admin_addresses() if pair[0] not in ("admin:logout", "admin:jsi18n")]
    found, seen = [], 0
    for name, url in pages:
        status, refused = refused_on(looker, url)
        seen += status == 200
        found += [f"{name}: {line}" for line in refused]
    assert found == [], "\n".join(found)
    assert seen > 80, "saw too few pages to say anything"


@override_settings(ROOT_URLCONF="tests.browser.test_policy")
def test_a_planted_script_and_style_are_heard_of(looker):
    status, refused = refused_on(looker, "/canary/")
    assert status == 200
    assert any("script-src" in line for line in refused)
    assert any("style-src" in line for line in refused)
    assert looker.evaluate("window.ran") is None
