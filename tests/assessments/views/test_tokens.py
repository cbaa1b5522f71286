"""Creating a token, seeing it once, and revoking it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from assessments.models import Activity, ApiToken
from tests import factories

NEW = {"name": "Power BI", "scope": "readings", "days": "90"}


@pytest.fixture
def address(site):
    return reverse("api-tokens", args=[site.pk])


@pytest.fixture
def marks(sign_in, mark):
    return sign_in(mark)


def text(response):
    return response.content.decode()


def tokens_in(words):
    return set(re.findall("copc_[A-Za-z0-9_-]{43}", words))


def issue(site, name="Nightly", days=30, by=None):
    return ApiToken.objects.issue(site=site, name=name, days=days, by=by)[0]


def revoke_address(token):
    return reverse("api-token-revoke", args=[token.site_id, token.pk])


def test_a_new_token_is_shown_once_with_a_line_to_try_it(marks, mark, site, address):
    made = marks.post(address, NEW)
    assert made.url == address, "the token is not in the address"
    page = text(marks.get(made.url))
    (shown,) = tokens_in(page)
    token = ApiToken.objects.opened_by(shown)
    assert (token.name, token.created_by) == ("Power BI", mark)
    assert token.expires_at - token.created_at > timedelta(days=89)
    line = f"curl -H &quot;Authorization: Bearer {shown}&quot; http://127.0.0.1:8000/api/sites/{site.pk}/readings/"
    assert line in page.replace(
        '"Authorization: Bearer ' + shown + '"', f"&quot;Authorization: Bearer {shown}&quot;"
    )
    assert tokens_in(text(marks.get(address))) == set()


def test_a_look_ahead_and_the_page_of_another_site_do_not_use_up_the_showing(marks, acme, address):
    marks.post(address, NEW)
    other = reverse("api-tokens", args=[factories.SiteFactory(organisation=acme).pk])
    marks.head(address)
    assert tokens_in(text(marks.get(other))) == set()
    assert tokens_in(text(marks.get(address)))


def test_after_a_double_click_the_first_token_is_still_shown(marks, address):
    marks.post(address, NEW)
    second = marks.post(address, NEW)
    assert second.status_code == 422
    assert "There is a token called “Power BI” already" in text(second)
    assert tokens_in(text(second))
    assert ApiToken.objects.count() == 1


def test_a_token_that_was_revoked_meanwhile_is_not_shown(marks, mark, address):
    marks.post(address, NEW)
    ApiToken.objects.get().revoke(by=mark)
    assert tokens_in(text(marks.get(address))) == set()


def test_the_line_that_sends_names_a_metric_and_a_month_of_the_site(marks, site, address, time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False)
    metric = factories.MetricFactory(
        site=site, name="Survey", numerator="happy", denominator="asked", every=3
    )
    marks.post(address, NEW)
    page = text(marks.get(address))
    said = f'{{"readings": [{{"metric": {metric.pk}, "month": "2026-09", "numerator": FIGURE, "denominator": FIGURE}}]}}'
    assert said in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("name", "\x00", "This field is required."),
        ("name", "x" * 81, "at most 80 characters"),
        ("name", "NIGHTLY", "There is a token called “NIGHTLY” already."),
        ("scope", "", "This field is required."),
        ("scope", "everything", "Select a valid choice"),
        ("days", "", "This field is required."),
        ("days", "3650", "Select a valid choice"),
        ("days", "-1", "Select a valid choice"),
    ],
)
def test_a_token_that_makes_no_sense_gets_a_sentence(marks, site, address, field, value, sentence):
    issue(site)
    response = marks.post(address, NEW | {field: value})
    assert response.status_code == 422
    assert sentence in text(response)
    assert "<title>Error:" in text(response)
    assert ApiToken.objects.count() == 1


def test_the_list_says_who_made_each_until_when_and_what_became_of_the_others(
    sign_in, site, alice, address, time_machine
):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False)
    issue(site, "Old", 30, alice)
    issue(site, "Gone", 365).revoke(by=alice)
    time_machine.move_to(datetime(2026, 12, 24, 9, tzinfo=UTC), tick=False)
    issue(site, "Nightly", 90, alice).use()
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text(sign_in(alice).get(address))))
    in_force, past = words.split("No longer in force")
    assert "Nightly Send and read monthly figures copc_" in in_force
    assert "created by Alice, 09:00 until 24 March 2027 last used 09:00" in in_force
    assert "created by Alice, 20 November expired 20 December 2026 never used" in past
    assert "created by somebody who has left, 20 November revoked by Alice, 20 November never used" in past


def test_a_token_says_what_it_may_do_and_shows_a_line_that_it_can_be_tried_with(marks, site, address):
    marks.post(address, NEW | {"scope": "results"})
    page = text(marks.get(address))
    assert f"http://127.0.0.1:8000/api/sites/{site.pk}/assessments/" in page
    assert "To send a reading" not in page
    assert "Read results and exports</span>" in page
    assert ApiToken.objects.get().scope == "results"


@pytest.mark.parametrize(("days_left", "said"), [(14, True), (15, False)])
def test_a_token_that_ends_within_two_weeks_is_marked(sign_in, site, alice, time_machine, days_left, said):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False)
    issue(site, days=days_left)
    page = text(sign_in(alice).get(reverse("api-tokens", args=[site.pk])))
    assert ("ends soon" in page) == said


def test_two_who_give_the_same_name_at_one_moment_get_a_sentence(marks, site, address, monkeypatch):
    """The form looked before the other was stored; the database refuses the second."""
    issue(site, "Power BI")
    monkeypatch.setattr("assessments.models.tokens.ApiTokenQuerySet.in_force", lambda self: self.none())
    response = marks.post(address, NEW)
    assert response.status_code == 422
    assert "There is a token called “Power BI” already." in text(response)
    assert ApiToken.objects.count() == 1


def test_the_name_of_an_expired_token_is_free_and_its_end_is_still_told(
    sign_in, mark, site, address, time_machine
):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False)
    issue(site, "Power BI", 30)
    time_machine.move_to(datetime(2026, 12, 24, 9, tzinfo=UTC), tick=False)
    marks = sign_in(mark)
    assert marks.post(address, NEW).status_code == 302
    assert "expired 20 December 2026" in text(marks.get(address))


def test_making_and_revoking_stand_in_the_activity_without_the_token(marks, mark, site, address):
    marks.post(address, NEW)
    token = ApiToken.objects.get()
    for _ in range(2):
        marks.post(revoke_address(token))
    rows = Activity.objects.order_by("pk").values_list("verb", "what", "by", "site", "way")
    what = "“Power BI”: Send and read monthly figures"
    assert list(rows) == [
        ("token-made", what, mark.pk, site.pk, "page"),
        ("token-revoked", what, mark.pk, site.pk, "page"),
    ]


def test_revoking_asks_once_and_ends_it_at_once(marks, mark, site, address):
    token = issue(site)
    assert "This cannot be undone." in text(marks.get(address))
    response = marks.post(revoke_address(token), follow=True)
    assert "Nightly is revoked." in text(response)
    token.refresh_from_db()
    assert (token.is_in_force, token.revoked_by) == (False, mark)


def test_a_token_is_reached_through_its_own_site_only(marks, acme, site):
    token = issue(site)
    other = factories.SiteFactory(organisation=acme)
    assert marks.post(reverse("api-token-revoke", args=[other.pk, token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.is_in_force


def test_a_contributor_has_no_business_with_tokens(sign_in, bob, site, address):
    token = issue(site)
    client = sign_in(bob)
    for response in (client.get(address), client.post(address, NEW), client.post(revoke_address(token))):
        assert response.status_code == 403
        assert "Ask an owner or a manager" in text(response)
    assert ApiToken.objects.get().is_in_force


def test_the_page_costs_the_same_for_one_token_and_for_many(
    marks, site, alice, address, django_assert_num_queries
):
    issue(site, by=alice)
    for count in (1, 12):
        for number in range(count):
            issue(site, f"Tool {count} {number}", by=alice)
            issue(site, f"Gone {count} {number}", by=alice).revoke(by=alice)
        with django_assert_num_queries(6):
            marks.get(address)
