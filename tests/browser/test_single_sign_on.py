"""From the sign-in page to a provider and back, as a person walks it, and how the pages on the way look."""

import re

import pytest
from playwright.sync_api import expect

from tests.single_sign_on import PASSWORD, Instance, Provider, prepared

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def instance(tmp_path_factory, provider):
    instance = Instance(prepared(tmp_path_factory.mktemp("sso"), provider), provider)
    yield instance
    instance.stop()


@pytest.fixture
def window(chromium, instance):
    """`window(width=320, color_scheme="dark")`: a page that reaches this machine only, and whose complaints fail the test."""
    contexts, complaints = [], []

    def new(width=1280, **options):
        context = chromium.new_context(
            base_url=instance.url, viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        context.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: "Content Security" in said.text and complaints.append(said.text))
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


def go_there(page):
    page.goto("/account/login/?next=/help/")
    page.get_by_role("button", name="Sign in with Acme & Co").click()


def agree(page, number):
    page.get_by_placeholder("sub").fill(number)
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.parametrize("script", [True, False])
def test_one_signs_in_over_there_and_is_the_right_person_here(window, provider, instance, script):
    page = window(java_script_enabled=script)
    go_there(page)
    expect(page).to_have_url(re.compile(f"^{provider.url}/oauth2/authorize"))
    agree(page, provider.person("a-1", "alice@acme.example"))
    expect(page).to_have_url(f"{instance.url}/help/")
    page.locator(".menu-account > summary").click()
    expect(page.locator(".menu-who")).to_contain_text("alice@acme.example")
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Single sign-on").click()
    expect(page.get_by_text("As alice@acme.example, since")).to_be_visible()
    page.locator(".menu-account > summary").click()
    page.locator(".menu-panel").get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Sign in")


def test_the_keyboard_is_enough(window, provider, instance):
    page = window()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with Acme & Co").focus()
    page.keyboard.press("Enter")
    page.get_by_placeholder("sub").fill(provider.person("b-1", "bob@acme.example"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{instance.url}/")


def test_who_is_refused_or_says_no_reads_why_and_can_begin_again(window, provider):
    page = window()
    go_there(page)
    agree(page, provider.person("p-1", "partner@elsewhere.example"))
    expect(page.locator(".lead")).to_contain_text("may sign in people of these domains only")
    page.get_by_role("link", name="Back to signing in").click()
    page.get_by_role("button", name="Sign in with Acme & Co").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.locator("h1")).to_have_text("You did not sign in")


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (768, "dark"), (320, "light"), (320, "dark")]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(window, provider, axe, width, scheme):
    page = window(width, color_scheme=scheme)

    def is_right():
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto("/account/login/")
    is_right()
    page.goto("/account/sso/return/?error=access_denied")
    is_right()
    page.goto("/account/sso/return/?code=guess&state=guess")
    is_right()
    go_there(page)
    agree(page, provider.person("x-1", f"{'x' * 60}@acme.example"))
    expect(page.locator("h1")).to_contain_text("You cannot sign in here")
    is_right()
    go_there(page)
    agree(page, provider.person(f"l-{width}-{scheme}", f"lena-{width}-{scheme}@acme.example"))
    expect(page.locator("h1")).to_contain_text("You cannot sign in here")
    go_there(page)
    agree(page, provider.person("l-1", "lena@acme.example"))
    page.goto("/account/sso/connections/")
    is_right()
    page.goto("/account/logout/")
    is_right()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_page_that_leads_on_is_in_order_too(window, axe, provider, width, scheme):
    """Seen by whoever's browser does not go on by itself."""
    page = window(width, color_scheme=scheme)
    page.route(f"{provider.url}/**", lambda route: route.abort())
    page.goto("/account/login/")
    page.route(
        "**/account/sso/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=re.sub("<meta http-equiv[^>]+>", "", answer.text())
        ),
    )
    page.get_by_role("button", name="Sign in with Acme & Co").click()
    expect(page.get_by_role("link", name="Go on")).to_have_attribute("href", re.compile(provider.url))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_connection_is_ended_by_whoever_has_a_password(window, provider):
    page = window()
    page.goto("/account/login/")
    go_there(page)
    agree(page, provider.person("v-1", "vera@acme.example"))
    page.goto("/account/sso/connections/")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator(".messages")).to_contain_text("Disconnected.")
    expect(page.get_by_text("Your account is not connected")).to_be_visible()
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill("vera@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".menu-account")).to_be_visible()
