"""A link or a token that is ended while twenty use it: not one gets in afterwards, and none is counted wrongly."""

import pytest
from django.urls import reverse

from assessments.models import ApiToken
from tests import factories
from tests.together import process, shared

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 3  # for each of the twenty: 60, so that no token has to wait


def race(at, *args):
    """(served, refused) of a race, after which nobody got in any more."""
    with process(at.address, "racing_process", *args) as made:
        served, refused, late = map(int, made.communicate(timeout=120)[0].split())
    assert late == 0
    assert served > 0, "it ended before anybody came"
    return served, refused


def test_no_link_opens_after_it_was_taken_back_and_every_opening_is_counted_once(tmp_path, assessment, alice):
    link, text = factories.shared(factories.frozen(assessment, by=alice), by=alice)
    at = shared(tmp_path)
    served, refused = race(at, reverse("shared-document", args=[text]), 10, "link", link.pk)
    assert served + refused == 200
    assert at.run("SELECT times_opened FROM assessments_sharelink") == [(served,)]
    assert notes(at) == [("link-made", 1), ("link-opened", 1), ("link-revoked", 1)]


def test_no_token_opens_after_it_was_revoked_and_its_first_use_is_noted_once(tmp_path, site, alice):
    token, text = ApiToken.objects.issue(site=site, name="Power BI", days=30, by=alice)
    at = shared(tmp_path)
    served, refused = race(at, reverse("readings-api", args=[site.pk]), TIMES, "token", token.pk, text)
    assert served + refused == 60
    assert notes(at) == [("token-made", 1), ("token-revoked", 1), ("token-used", 1)]


def notes(at):
    return at.run("SELECT verb, COUNT(*) FROM assessments_activity GROUP BY verb ORDER BY verb")
