import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from assessments.models import Activity, ApiToken
from assessments.models.tokens import MOST_A_MINUTE, Ended
from tests import factories

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    """`clock(seconds)` moves on; the time stands still otherwise."""
    time_machine.move_to(NOW, tick=False)
    return lambda seconds: time_machine.shift(seconds)


def issue(site, by=None, name="Power BI", days=90):
    return ApiToken.objects.issue(site=site, name=name, days=days, by=by)


def opened(text):
    return ApiToken.objects.opened_by(text)


def test_a_token_is_long_and_random_and_can_go_into_a_header(site):
    (_, one), (_, other) = issue(site), issue(site, name="Other")
    assert one != other
    for text in (one, other):
        assert re.fullmatch("copc_[A-Za-z0-9_-]{43}", text)


def test_only_its_hash_and_its_first_characters_are_kept(site, alice):
    token, text = issue(site, alice)
    kept = [str(value) for value in ApiToken.objects.values_list().get(pk=token.pk)]
    assert text[:9] in kept
    assert not [value for value in kept if text[9:] in value]
    assert token.created_by == alice


@pytest.mark.usefixtures("clock")
def test_it_says_of_which_site_it_is(site):
    issue(factories.SiteFactory(organisation=site.organisation))
    token, text = issue(site)
    assert opened(text) == token
    assert opened(text).site == site


@pytest.mark.parametrize(
    "change", [str.upper, str.strip, lambda text: text[:-1], lambda text: text + "A", lambda text: ""]
)
def test_nothing_but_the_whole_token_opens_anything(site, change):
    _, text = issue(site)
    assert (opened(change(text)) is None) == (change(text) != text)


def test_it_opens_nothing_once_its_days_are_over(site, clock):
    token, text = issue(site, days=30)
    clock(30 * 24 * 3600 - 1)
    assert opened(text)
    assert token.is_in_force
    clock(1)
    assert opened(text) is None
    assert not token.is_in_force


def test_a_revoked_token_opens_nothing_and_says_who_revoked_it_first(site, clock, alice, mark):
    token, text = issue(site)
    token.revoke(by=alice)
    clock(60)
    token.revoke(by=mark)
    token.refresh_from_db()
    assert (token.revoked_by, token.revoked_at, token.is_in_force) == (alice, NOW, False)
    assert opened(text) is None


def test_a_token_goes_on_when_its_maker_has_left(site, bob):
    token, text = issue(site, bob)
    bob.delete()
    assert opened(text) == token


def test_a_name_is_free_again_once_its_token_is_revoked(site, alice):
    token, _ = issue(site)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(site)
    token.revoke(by=alice)
    assert issue(site)[0].source == "API: Power BI"


def test_people_see_the_tokens_of_their_own_organisation(site, alice, charlie):
    token, _ = issue(site)
    assert ApiToken.objects.for_user(alice).get() == token
    assert not ApiToken.objects.for_user(charlie)


# ---- requests ---------------------------------------------------------------------------------------------------


def test_sixty_requests_a_minute_are_counted_and_the_next_one_waits(site, clock):
    token, _ = issue(site)
    for _ in range(MOST_A_MINUTE // 2):
        assert token.use() == 0
    clock(20)
    for _ in range(MOST_A_MINUTE // 2):
        assert token.use() == 0
    assert token.use() == 40
    clock(39.5)
    assert token.use() == 1
    clock(0.5)
    assert [token.use() for _ in range(MOST_A_MINUTE // 2)] == [0] * 30
    assert token.use() == 20, "those of the later half still count"


@pytest.mark.usefixtures("clock")
def test_each_token_has_a_count_of_its_own(site):
    first, second = issue(site)[0], issue(site, name="Other")[0]
    while not first.use():
        pass
    assert second.use() == 0


@pytest.mark.usefixtures("clock")
def test_the_count_is_one_row_of_the_shared_cache_however_many_requests(site):
    token, _ = issue(site)
    for _ in range(5):
        token.use()
    assert len(cache.get(f"api-token-{token.pk}")) == 5


def test_the_last_use_is_written_at_most_once_an_hour(site, clock):
    token, _ = issue(site)
    seen = []
    for seconds in (0, 60, 3539, 1):
        clock(seconds)
        ApiToken.objects.get(pk=token.pk).use()
        seen.append(ApiToken.objects.get(pk=token.pk).last_used_at)
    assert seen == [NOW, NOW, NOW, NOW + timedelta(hours=1)]


def test_a_request_that_has_to_wait_is_no_use_of_it(site, clock):
    token, _ = issue(site)
    cache.set(f"api-token-{token.pk}", [NOW.timestamp()] * MOST_A_MINUTE, 60)
    assert token.use() == 60
    assert token.last_used_at is None


def test_a_token_that_ended_after_it_was_looked_up_is_not_used(site, alice, clock):
    revoked, expired = issue(site)[0], issue(site, name="Other", days=30)[0]
    ApiToken.objects.get(pk=revoked.pk).revoke(by=alice)
    clock(30 * 24 * 3600)
    for token in (revoked, expired):
        with pytest.raises(Ended):
            token.use()
        assert token.last_used_at is None


def test_the_first_use_of_each_day_at_the_site_stands_in_the_activity(site, clock):
    site.time_zone = "Pacific/Auckland"  # 22:00 there
    site.save()
    token, _ = issue(site)
    for seconds in (0, 3600, 3600 - 1, 1, 60):  # midnight there is at 11:00
        clock(seconds)
        ApiToken.objects.get(pk=token.pk).use()
    rows = Activity.objects.filter(verb="token-used").order_by("at").values_list("who", "what", "by", "at")
    said = ("Power BI", "Send and read monthly figures", None)
    assert list(rows) == [(*said, NOW), (*said, NOW + timedelta(hours=2))]


def test_a_token_opens_nothing_while_its_organisation_is_in_the_bin(site, acme, clock):
    _, text = issue(site)
    acme.binned_at = NOW
    acme.save()
    assert opened(text) is None
    acme.binned_at = None
    acme.save()
    assert opened(text)


def test_a_token_sends_and_reads_figures_unless_it_is_said_otherwise(site):
    assert issue(site)[0].scope == ApiToken.Scope.READINGS
