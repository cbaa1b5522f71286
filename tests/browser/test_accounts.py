"""One's account in the browser: a second factor is set up and asked for, a passkey signs in, sessions are ended."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Organisation
from tests.second_factors import PASSWORD, code_of, recovery_codes, with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WINDOWS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]


@pytest.fixture
def rita(alice):
    """An owner with a password."""
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def enter_password(page, user):
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")


def confirm(page):
    """Say once more who one is, where that is asked."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def signed_in(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Your sites")


@pytest.mark.parametrize("script", [True, False])
def test_an_app_is_set_up_and_its_code_or_a_recovery_code_signs_in(
    open_page, live_server, rita, site, script
):
    page = open_page(java_script_enabled=script)
    enter_password(page, rita)
    signed_in(page)
    page.goto("/account/")
    page.get_by_role("link", name="Set up a second factor").click()
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    secret = page.get_by_label("Or type this key into the app").input_value()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    spare = page.locator(".codes li").first.inner_text()
    assert spare in recovery_codes(rita)

    door = open_page(java_script_enabled=script)
    enter_password(door, rita)
    expect(door.get_by_role("heading", level=1)).to_have_text("One more step")
    door.get_by_label("Code").fill("000000")
    door.get_by_role("button", name="Sign in").click()
    expect(door.locator(".invalid-feedback")).to_contain_text("Incorrect code")
    door.get_by_label("Code").fill(code_of(secret))
    door.get_by_role("button", name="Sign in").click()
    signed_in(door)

    other = open_page(java_script_enabled=script)
    enter_password(other, rita)
    other.get_by_label("Code").fill(spare)
    other.get_by_role("button", name="Sign in").click()
    signed_in(other)


def test_who_is_asked_for_a_second_factor_sets_one_up_and_is_back_where_they_were(
    page, sign_in_browser, acme, assessment, bob
):
    bob.set_password(PASSWORD)
    bob.save()
    Organisation.objects.filter(pk=acme.pk).update(second_factor_required=True)
    sign_in_browser(page, bob).goto("/")
    expect(page.locator("main")).to_contain_text("Acme asks for a second factor at sign-in")
    place = reverse("assessment", args=[assessment.pk])
    page.goto(place)
    expect(page.locator(".messages")).to_contain_text("Set one up, then come back")
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    secret = page.get_by_label("Or type this key into the app").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("link", name="Go on to where you were").click()
    page.wait_for_url(f"**{place}")


def test_what_was_being_answered_is_kept_when_a_second_factor_is_asked_for(bobs, acme, item, assessment):
    """The policy changes while Bob is on the page: the save is refused with a sentence, and what he chose stays there."""
    bobs.goto(item)
    Organisation.objects.filter(pk=acme.pk).update(second_factor_required=True)
    section = bobs.locator("section#a")
    section.locator(".opt").get_by_text("Designed only", exact=True).click()
    expect(section.locator(".save-state")).to_contain_text("Not saved")
    expect(section.locator(".save-state")).to_contain_text("kept on this device")
    assert assessment.answers.in_item("PR1").in_order().first().choice == ""


@pytest.fixture
def device():
    """`device(page)`: the window has a device with a fingerprint reader that always agrees."""

    def plug(page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return session, made["authenticatorId"]

    return plug


@pytest.fixture
def localhost(live_server, settings):
    """Browsers use passkeys without HTTPS on this name alone."""
    settings.ALLOWED_HOSTS = ["localhost"]
    return live_server.url.replace("127.0.0.1", "localhost")


def add_passkey(page, alone=True):
    page.goto(f"{page.context.at}/account/second-factor/webauthn/add/")
    confirm(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add it").click()


@pytest.fixture
def at_localhost(open_page, localhost, sign_in_browser, rita, device):
    """A window at the name, signed in as the owner, with a device."""
    page = sign_in_browser(open_page(), rita, at=localhost)
    page.context.at = localhost
    device(page)
    return page


def test_a_passkey_is_added_signs_in_alone_is_renamed_and_removed(at_localhost, rita, site):
    page = at_localhost
    add_passkey(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.context.clear_cookies()
    page.goto(f"{page.context.at}/account/login/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.goto(f"{page.context.at}/account/second-factor/webauthn/")
    expect(page.locator(".account-list")).to_contain_text("Signs in alone.")
    page.get_by_role("link", name="Rename Work laptop").click()
    confirm(page)
    page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(".account-list")).to_contain_text("None yet.")
    assert not rita.authenticator_set.exists()


def test_a_security_key_is_the_second_step_after_the_password_and_confirms_who_it_is(
    at_localhost, rita, site
):
    page = at_localhost
    add_passkey(page, alone=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.context.clear_cookies()
    page.goto(f"{page.context.at}/account/login/")
    page.get_by_label("E-mail address").fill(rita.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    page.get_by_role("button", name="Use a passkey").click()
    signed_in(page)
    page.goto(f"{page.context.at}/account/second-factor/webauthn/add/")
    page.get_by_role("link", name="Use a passkey or security key").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey or security key")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_a_passkey(at_localhost, axe, rita, scheme):
    page = at_localhost
    page.emulate_media(color_scheme=scheme)
    add_passkey(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    key = rita.authenticator_set.get(type="webauthn")
    at = page.context.at
    for name, args in (
        ("mfa_list_webauthn", []),
        ("mfa_edit_webauthn", [key.pk]),
        ("mfa_remove_webauthn", [key.pk]),
        ("mfa_index", []),
        ("account_delete", []),
    ):
        page.goto(at + reverse(name, args=args))
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Confirm that it is you")
        assert axe(page) == [], name
    page.goto(at + reverse("mfa_reauthenticate_webauthn"))
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_where_there_is_no_passkey_the_page_says_so_and_the_password_still_works(
    open_page, localhost, rita, site, device
):
    page = open_page()
    device(page)
    page.goto(f"{localhost}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("form[data-passkey] [role=alert]")).to_contain_text("Nothing was done")
    page.get_by_label("E-mail address").fill(rita.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    signed_in(page)


def test_without_scripts_passkeys_are_not_offered_and_a_sentence_says_why(open_page, rita):
    page = open_page(java_script_enabled=False)
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    # Chromium draws no <noscript> where a test takes the scripts away; who has none sees it.
    assert "Passkeys and security keys need JavaScript" in page.content()


def test_another_browser_is_signed_out_from_here(open_page, rita, site):
    here, there = open_page(), open_page()
    for page in (here, there):
        enter_password(page, rita)
        signed_in(page)
    here.goto("/account/sessions/")
    here.get_by_role("button", name=re.compile("^Sign out Chrome")).click()
    expect(here.locator(".messages")).to_contain_text("Signed out there.")
    there.goto("/")
    expect(there.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


PAGES = [
    "account",
    "usersessions_list",
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "account_change_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
]


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_on_any_page_of_an_account(open_page, axe, rita, acme, width, scheme):
    page = open_page(width, color_scheme=scheme)

    def is_right(name):
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    for name in ("account_login", "account_signup", "account_reset_password"):
        page.goto(reverse(name))
        is_right(name)
    enter_password(page, rita)
    page.goto(reverse("mfa_activate_totp"))
    confirm(page)
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    is_right("mfa_activate_totp")
    with_app_kept_in(rita, acme)
    for name in PAGES:
        page.goto(reverse(name))
        is_right(name)
    page.goto(reverse("organisation-sign-in", args=[acme.pk]))
    is_right("organisation-sign-in")
    page.context.clear_cookies()
    enter_password(page, rita)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    is_right("mfa_authenticate")


def with_app_kept_in(user, organisation):
    """`user` has an app, and the organisation requires it: the pages have everything to show."""
    kept = user.password
    with_app(user)
    type(user).objects.filter(pk=user.pk).update(password=kept)
    Organisation.objects.filter(pk=organisation.pk).update(second_factor_required=True)
