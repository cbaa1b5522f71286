"""What is due stands on the first page: one's own, and for whoever manages how much of everybody's."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Assessment
from tests import factories
from tests.factories import answer


@pytest.fixture
def gap(assessment):
    answer(assessment, PR1="0123")
    return assessment.answers.in_item("PR1").first()


def plan(gap, days, title, **values):
    due = gap.assessment.site.today() + timedelta(days=days)
    return Action.objects.add(gap.assessment, [gap], by=None, title=title, due=due, **values)


def home(client):
    text = unescape(re.sub(r"<[^>]+>", " ", client.get(reverse("home")).content.decode()))
    return re.sub(r"\s+", " ", text)


def test_what_one_owns_is_overdue_or_due_within_fourteen_days(sign_in, bob, alice, gap):
    plan(gap, -1, "Late", owner=bob)
    plan(gap, 0, "Today", owner=bob)
    plan(gap, 14, "Soon", owner=bob)
    plan(gap, 15, "Later", owner=bob)
    plan(gap, -1, "Hers", owner=alice)
    plan(gap, -1, "Over", owner=bob, status="done")
    found = home(sign_in(bob))
    late, soon = found.split("Yours in the next 14 days")
    assert re.search(r"Overdue actions of yours 1 Late Leeds was due", late)
    assert re.search(r"^ 2 Today .* Soon ", soon)
    assert not re.search("Later|Hers|Over ", found)
    assert "At the sites you manage" not in found


def test_whoever_manages_sees_how_many_are_due_and_where(sign_in, mark, gap):
    for days in (-9, -1, 3):
        plan(gap, days, "Step")
    client = sign_in(mark)
    assert "At the sites you manage 2 actions are overdue, and 1 is due in the next 14 days. Leeds: 2 overdue" in home(client)  # fmt: skip
    address = reverse("plan", args=[gap.assessment_id]) + "?late=yes"
    assert f'href="{address}"' in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("person", ["bob", "vera", "charlie"])
def test_nobody_else_is_told(request, sign_in, gap, person):
    plan(gap, -1, "Step")
    assert "overdue" not in home(sign_in(request.getfixturevalue(person)))


def test_a_day_ends_when_it_does_at_the_site(sign_in, bob, mark, acme, gap, time_machine):
    far = factories.started(
        factories.SiteFactory(organisation=acme, time_zone="Pacific/Auckland"), gap.assessment.release
    )
    answer(far, PR1="0000")
    time_machine.move_to("2026-05-01 13:00 +0000", tick=False)  # 2 May in Auckland, 1 May in Leeds
    for where in (gap, far.answers.in_item("PR1").first()):
        Action.objects.add(where.assessment, [where], by=None, title=f"In {where.assessment.site}", due="2026-05-01", owner=bob)  # fmt: skip
    found = home(sign_in(bob))
    assert f"Overdue actions of yours 1 In {far.site}" in found
    assert "Yours in the next 14 days 1 In Leeds" in found
    assert "1 action is overdue, and 1 is due" in home(sign_in(mark))


def test_what_is_for_reading_only_is_due_no_more(sign_in, mark, gap):
    plan(gap, -1, "Step", owner=mark)
    Assessment.objects.update(continued_at=timezone.now())
    assert "overdue" not in home(sign_in(mark)).lower()
