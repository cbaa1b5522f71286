from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.forms.sites import SiteForm
from assessments.models import Organisation, Role, Site
from tests import factories
from tests.pages import seen
from tests.test_security import signed_in

LEEDS = {
    "name": "Leeds contact centre",
    "country": "GB",
    "seats": "260",
    "time_zone": "Europe/London",
    "channels": ["phone", "chatbot"],
    "vendor": "",
}


def test_who_creates_an_organisation_owns_it(sign_in, charlie):
    response = sign_in(charlie).post(reverse("organisation-add"), {"name": "  Northgate Bank "})
    organisation = Organisation.objects.get(name="Northgate Bank")
    assert organisation.memberships.get().role == Role.OWNER
    assert response.url == reverse("site-add", args=[organisation.pk])


def test_a_person_creates_ten_organisations_a_day(sign_in, charlie, alice, time_machine):
    cache.clear()
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)
    page, client = reverse("organisation-add"), sign_in(charlie)
    assert client.post(page, {"name": ""}).status_code == 422
    assert {client.post(page, {"name": f"No. {number}"}).status_code for number in range(10)} == {302}
    refused = client.post(page, {"name": "One more"})
    assert refused.status_code == 422
    assert "You created 10 organisations within a day, which is the most." in refused.text
    assert 'value="One more"' in refused.text
    assert sign_in(alice).post(page, {"name": "Hers"}).status_code == 302
    time_machine.shift(24 * 3600)
    assert sign_in(charlie).post(page, {"name": "One more"}).status_code == 302


ODD = "North\r\ngate\n\nPay here: \u202eevil.example\x85\u2028Bank"
ONE_LINE = "North gate Pay here: evil.example Bank"


def test_the_name_of_an_organisation_and_of_a_site_is_one_line(sign_in, charlie):
    client = sign_in(charlie)
    page = client.post(reverse("organisation-add"), {"name": ODD}).url
    client.post(page, LEEDS | {"name": ODD, "vendor": ODD})
    site = Site.objects.get()
    assert [site.organisation.name, site.name, site.vendor] == [ONE_LINE] * 3


def test_pressing_twice_creates_one_organisation_and_leads_to_it(sign_in, charlie):
    client, data = sign_in(charlie), {"name": "Northgate Bank"}
    first, second = (client.post(reverse("organisation-add"), data) for _ in range(2))
    assert first.url == second.url
    assert Organisation.objects.filter(name="Northgate Bank").count() == 1


def test_the_same_name_is_another_organisation_for_somebody_else_and_after_a_while(
    sign_in, charlie, alice, time_machine
):
    time_machine.move_to("2026-11-20 09:00", tick=False)
    for person in (charlie, alice):
        sign_in(person).post(reverse("organisation-add"), {"name": "Northgate Bank"})
    time_machine.shift(61)
    sign_in(alice).post(reverse("organisation-add"), {"name": "Northgate Bank"})
    assert Organisation.objects.filter(name="Northgate Bank").count() == 3


def test_a_site_is_added_and_leads_on_to_its_assessment(sign_in, mark, acme):
    response = sign_in(mark).post(reverse("site-add", args=[acme.pk]), LEEDS)
    site = Site.objects.get()
    assert (site.organisation, site.seats, site.channels) == (acme, 260, ["phone", "chatbot"])
    assert response.url == reverse("assessment-add", args=[site.pk])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "\x00 \x07", "This field is required."),
        ("name", "x" * 121, "at most 120 characters"),
        ("country", "XX", "Select a valid choice"),
        ("seats", "0", "greater than or equal to 1"),
        ("seats", "many", "Enter a whole number"),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("channels", ["telepathy"], "Select a valid choice"),
        ("channels", [], "This field is required."),
    ],
)
def test_a_site_that_makes_no_sense_gets_a_sentence(sign_in, mark, acme, field, value, sentence):
    response = sign_in(mark).post(reverse("site-add", args=[acme.pk]), LEEDS | {field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Site.objects.exists()


def test_two_sites_of_one_organisation_cannot_share_a_name(sign_in, mark, acme, site):
    response = sign_in(mark).post(reverse("site-add", args=[acme.pk]), LEEDS | {"name": "LEEDS"})
    assert "“LEEDS” is taken in this organisation. Choose another name." in response.text


def test_who_works_in_some_sites_renames_theirs_and_is_told_nothing_of_others(sign_in, mark, acme, site):
    factories.SiteFactory(organisation=acme, name="Wakefield")
    acme.memberships.filter(user=mark).update(limited=True)
    mark.memberships.get().sites.add(site)
    page, client = reverse("site-edit", args=[site.pk]), sign_in(mark)
    assert client.post(page, LEEDS | {"name": "Leeds 2"} | seen(client, page)).status_code == 302
    response = client.post(page, LEEDS | {"name": "wakefielD"} | seen(client, page))
    assert response.status_code == 422
    assert "“wakefielD” is taken in this organisation. Choose another name." in response.text
    assert "Wakefield" not in response.text
    assert "a site called" not in response.text


def test_of_two_equal_sites_added_in_the_same_moment_one_is_refused_as_ever(sign_in, mark, acme, meanwhile):
    meanwhile(SiteForm, lambda: factories.SiteFactory(organisation=acme, name=LEEDS["name"]))
    response = sign_in(mark).post(reverse("site-add", args=[acme.pk]), LEEDS)
    assert response.status_code == 422
    assert "is taken in this organisation" in response.text
    assert Site.objects.count() == 1


def test_a_site_is_not_renamed_to_what_another_is_called_since_this_moment(
    sign_in, mark, acme, site, meanwhile
):
    client, address = sign_in(mark), reverse("site-edit", args=[site.pk])
    data = LEEDS | seen(client, address)
    meanwhile(SiteForm, lambda: factories.SiteFactory(organisation=acme, name=LEEDS["name"]))
    response = client.post(address, data)
    assert response.status_code == 422
    assert "is taken in this organisation" in response.text
    assert Site.objects.get(pk=site.pk).name == "Leeds"


def test_editing_a_site_keeps_its_own_name(sign_in, mark, site):
    client, address = sign_in(mark), reverse("site-edit", args=[site.pk])
    response = client.post(address, LEEDS | {"name": "Leeds", "seats": "90"} | seen(client, address))
    assert response.url == reverse("site", args=[site.pk])
    site.refresh_from_db()
    assert site.seats == 90


def test_two_who_edit_a_site_see_each_other_s_values_before_one_replaces_the_other(alice, mark, site):
    address, first, second = reverse("site-edit", args=[site.pk]), signed_in(alice), signed_in(mark)
    loaded = LEEDS | {"name": "Leeds", "seats": "120"} | seen(first, address)
    assert second.post(address, loaded | {"seats": "77", "channels": ["phone"]}).status_code == 302
    response = first.post(address, loaded | {"vendor": "Ours Ltd", "seats": "130"})
    assert response.status_code == 409
    assert "Somebody changed “Seats”, “Channels offered to customers” after you opened" in response.text
    assert "Saved meanwhile: 77" in response.text
    assert "Saved meanwhile: Phone<" in response.text
    assert 'value="Ours Ltd"' in response.text
    site.refresh_from_db()
    assert (site.seats, site.vendor) == (77, "")
    again = loaded | {"vendor": "Ours Ltd", "seats": "130", "seen": response.context["form"]["seen"].value()}
    assert first.post(address, again).status_code == 302
    site.refresh_from_db()
    assert (site.seats, site.vendor, site.channels) == (130, "Ours Ltd", ["phone", "chatbot"])


def test_saving_a_site_twice_is_no_conflict(sign_in, mark, site):
    client, address = sign_in(mark), reverse("site-edit", args=[site.pk])
    data = LEEDS | {"seats": "90"} | seen(client, address)
    assert [client.post(address, data).status_code for _ in range(2)] == [302, 302]


def test_the_rule_for_months_changed_in_the_same_moment_stays(sign_in, mark, site, meanwhile):
    client, address = sign_in(mark), reverse("site-edit", args=[site.pk])
    sent = LEEDS | seen(client, address)
    meanwhile(SiteForm, lambda: Site.objects.filter(pk=site.pk).update(months_needed=3))
    assert client.post(address, sent).status_code == 302
    site.refresh_from_db()
    assert (site.name, site.months_needed) == (LEEDS["name"], 3)


def test_a_viewer_sees_a_site_but_no_way_to_change_it(sign_in, vera, site, assessment):
    page = sign_in(vera).get(reverse("site", args=[site.pk])).content.decode()
    assert "United Kingdom" in page or "Britain" in page
    assert reverse("site-edit", args=[site.pk]) not in page


@pytest.fixture
def limited(mark, site):
    """Mark, a manager of the site in Leeds only."""
    row = mark.memberships.get()
    row.limited = True
    row.save()
    row.sites.add(site)
    return mark


def test_a_manager_of_one_site_edits_it(sign_in, limited, site):
    client, address = sign_in(limited), reverse("site-edit", args=[site.pk])
    response = client.post(address, LEEDS | seen(client, address))
    assert response.url == reverse("site", args=[site.pk])
    site.refresh_from_db()
    assert site.name == LEEDS["name"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_manager_of_one_site_adds_none_and_is_offered_no_way_to(sign_in, limited, acme, method):
    client = sign_in(limited)
    response = getattr(client, method)(reverse("site-add", args=[acme.pk]), LEEDS | {"name": "York"})
    assert response.status_code == 403
    assert "Somebody who works in all of them can do this." in response.text
    assert [site.name for site in Site.objects.all()] == ["Leeds"]
    assert reverse("site-add", args=[acme.pk]) not in client.get(reverse("home")).text


def test_a_manager_of_one_site_cannot_tell_that_there_is_another(sign_in, limited, acme):
    york = factories.SiteFactory(organisation=acme, name="York")
    assert sign_in(limited).post(reverse("site-edit", args=[york.pk]), LEEDS).status_code == 404
    york.refresh_from_db()
    assert york.name == "York"


def test_a_contributor_who_tries_anyway_is_told_whom_to_ask(sign_in, bob, site):
    response = sign_in(bob).post(reverse("site-edit", args=[site.pk]), LEEDS)
    assert response.status_code == 403
    assert "Ask an owner or a manager" in response.content.decode()
