"""A link: what of it is kept, how long it opens, and what is counted."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from assessments.models import Activity, Milestone, ShareLink
from assessments.models.share_links import AlreadyShared
from tests import factories

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = 24 * 3600


@pytest.fixture
def clock(time_machine):
    """`clock(seconds)` moves on; the time stands still otherwise."""
    time_machine.move_to(NOW, tick=False)
    return lambda seconds: time_machine.shift(seconds)


@pytest.fixture
def milestone(clock, assessment, alice):
    return factories.frozen(assessment, by=alice)


def opened(text):
    return ShareLink.objects.opened_by(text)


def activity():
    rows = Activity.objects.order_by("pk")
    return [(row.verb, row.who, row.what) for row in rows]


def test_only_the_hash_of_its_token_is_kept(milestone, alice):
    link, text = factories.shared(milestone, by=alice)
    assert re.fullmatch("[A-Za-z0-9_-]{43}", text)
    kept = [str(value) for value in ShareLink.objects.values_list().get(pk=link.pk)]
    assert not [value for value in kept if text[:6] in value]
    assert opened(text) == link
    assert opened(text).milestone == milestone


def test_nothing_but_the_whole_token_opens_anything(milestone):
    _link, text = factories.shared(milestone)
    for place, letter in enumerate(text):
        assert opened(text[:place] + ("A" if letter != "A" else "B") + text[place + 1 :]) is None, place
    for other in ("", text[:-1], text[1:], text + "A", f" {text}", f"{text}\x00", text.swapcase(), text * 2):
        assert opened(other) is None


@pytest.mark.parametrize("days", ShareLink.Lifetime.values)
def test_it_opens_until_its_days_are_over_and_then_no_more(milestone, clock, days):
    link, text = factories.shared(milestone, days=days)
    clock(days * DAY - 1)
    assert opened(text).open()
    late = opened(text)
    clock(1)
    assert opened(text) is None
    assert not late.open()
    assert not late.is_in_force
    assert ShareLink.objects.get(pk=link.pk).times_opened == 1


def test_what_is_taken_back_opens_nothing_and_says_who_did_it_first(milestone, clock, alice, mark):
    link, text = factories.shared(milestone)
    late = opened(text)
    ShareLink.objects.get(pk=link.pk).revoke(by=alice)
    clock(60)
    ShareLink.objects.get(pk=link.pk).revoke(by=mark)
    link.refresh_from_db()
    assert (link.revoked_by, link.revoked_at, link.times_opened) == (alice, NOW, 0)
    assert opened(text) is None
    assert not late.open()
    assert [verb for verb, *_ in activity()] == ["link-made", "link-revoked"]


def test_it_goes_on_when_its_maker_has_left(milestone, bob):
    link, text = factories.shared(milestone, by=bob)
    bob.delete()
    assert opened(text) == link


def test_it_opens_nothing_while_its_organisation_is_in_the_bin(milestone, acme):
    _link, text = factories.shared(milestone)
    acme.binned_at = NOW
    acme.save()
    assert opened(text) is None


def test_every_opening_is_counted_and_one_an_hour_stands_in_the_activity(milestone, clock, alice):
    link, text = factories.shared(milestone, by=alice)
    for seconds in (0, 60, 3539, 1):
        clock(seconds)
        assert opened(text).open()
    link.refresh_from_db()
    assert (link.times_opened, link.last_opened_at) == (4, NOW + timedelta(hours=1))
    assert activity() == [
        ("link-made", "Alice", "“Baseline” for The board"),
        ("link-opened", "The board", "Baseline"),
        ("link-opened", "The board", "Baseline"),
    ]


def test_two_copies_of_one_row_count_together(milestone):
    link, text = factories.shared(milestone)
    first, second = opened(text), opened(text)
    assert first.open()
    assert second.open()
    link.refresh_from_db()
    assert link.times_opened == 2


def test_a_milestone_has_one_link_in_force_for_the_same_people(milestone, assessment, clock, alice):
    link, _text = factories.shared(milestone, "The board", days=7)
    with pytest.raises(AlreadyShared):
        factories.shared(milestone, "the BOARD")
    factories.shared(factories.frozen(assessment, "Later"), "The board")
    link.revoke(by=alice)
    factories.shared(milestone, "The board", days=7)
    clock(7 * DAY)
    factories.shared(milestone, "The board")
    assert ShareLink.objects.count() == 4


def test_people_see_the_links_of_their_own_organisation(milestone, alice, charlie):
    link, _text = factories.shared(milestone)
    assert ShareLink.objects.for_user(alice).get() == link
    assert not ShareLink.objects.for_user(charlie)


def test_lists_do_not_load_what_milestones_hold(milestone, django_assert_num_queries):
    factories.shared(milestone)
    with django_assert_num_queries(1):
        (link,) = ShareLink.objects.with_names()
        assert link.milestone.assessment.site.organisation
    assert link.milestone.get_deferred_fields() == {"document", "levels"}


def test_a_milestone_stays_as_it_was_whatever_becomes_of_its_links(milestone, alice):
    factories.shared(milestone)[0].revoke(by=alice)
    assert Milestone.objects.get().intact
