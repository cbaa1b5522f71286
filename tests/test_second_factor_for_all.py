"""COPCREADY_SECOND_FACTOR=required: whoever has none reaches their own account, sets one up, and comes back."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from assessments.models import ApiToken, Site, User
from tests.access_table import EVERYBODY, MATRIX
from tests.second_factors import PASSWORD, with_app

pytestmark = pytest.mark.usefixtures("_required")


@pytest.fixture
def _required(settings):
    settings.SECOND_FACTOR = "required"


def test_everybody_who_has_none_is_led_to_set_one_up_and_back(sign_in, alice, site):
    client, page = sign_in(alice), reverse("site-edit", args=[site.pk])
    response = client.get(page, follow=True)
    assert response.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "Everybody who works here needs a second factor at sign-in." in response.text
    Authenticator.objects.create(user=alice, type="totp", data={})
    assert client.get(reverse("second-factor-done"))["Location"] == page
    assert client.get(page).status_code == 200


def test_who_has_none_reaches_their_account_and_what_is_for_everybody_and_nothing_else(sign_in, alice):
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client = sign_in(alice)
    plain = {
        name: route
        for name, route in MATRIX.items()
        if "owner" in route.get and not (route.of or route.kwargs)
    }
    reached = {name for name in plain if client.get(reverse(name)).status_code == 200}
    assert {name for name in reached if plain[name].get != EVERYBODY} == {"account"}
    assert len(plain) > 15
    for elsewhere in ("admin:index", "home"):
        assert client.get(reverse(elsewhere))["Location"] == reverse("mfa_index")
    for mine in ("usersessions_list", "account_delete", "mfa_index"):
        assert client.get(reverse(mine)).status_code == 200


def test_nothing_is_saved_for_who_has_none(sign_in, alice, site):
    response = sign_in(alice).post(reverse("site-edit", args=[site.pk]), {"name": "Elsewhere"})
    assert response.status_code == 403
    assert "Set up a second factor" in response.text
    site.refresh_from_db()
    assert site.name == "Leeds"


def test_taking_the_last_one_away_warns_of_all_that_is_lost_with_it(sign_in, alice, acme):
    with_app(alice)
    client = sign_in(alice)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = client.get(reverse("mfa_deactivate_totp")).text
    assert "Your access ends with it." in shown
    assert "Acme" in shown


def test_an_owner_reads_that_the_server_asks_everybody(sign_in, alice, acme):
    with_app(alice)
    shown = sign_in(alice).get(reverse("organisation-sign-in", args=[acme.pk])).text
    assert "This server asks everybody who signs in for one." in shown
    assert "A password is enough" not in shown


def test_tools_and_links_are_no_people_and_go_on(client, site, alice):
    _token, text = ApiToken.objects.issue(site=site, name="BI", days=30, by=alice)
    answer = client.get(reverse("readings-api", args=[site.pk]), headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200


def test_nor_does_anything_leave_by_a_calendar_or_an_e_mail(site, alice):
    """Whatever asks what somebody may see, not only a page, is told the same."""
    assert list(Site.objects.for_user(alice)) == []
    assert list(Site.objects.for_user(alice, any_factor=True)) == [site]
    with_app(alice)
    assert list(Site.objects.for_user(alice)) == [site]
