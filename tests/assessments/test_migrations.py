"""An upgrade of a database that holds rows from before."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from assessments.models import Assessment, Review
from standards.models import Item
from tests import factories

BEFORE = ("assessments", "0010_revisions_of_any_moment")
ENDED = ("assessments", "0013_reviews_move_on")


@pytest.fixture
def migrate(transactional_db):
    def to(state):
        executor = MigrationExecutor(connection)
        executor.migrate([state])
        return executor.loader.project_state([state]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_reviews_that_nobody_could_decide_any_more_end_and_open_again_on_the_way_back(migrate):
    continued, other = (factories.started(factories.SiteFactory()) for _ in range(2))
    Assessment.objects.filter(pk=continued.pk).update(continued_at=timezone.now())
    item = Item.objects.get(code="PR1")
    for assessment in (continued, other):
        Review.objects.create(assessment=assessment, item=item)

    def outcomes(apps):
        rows = apps.get_model("assessments", "Review").objects.order_by("pk")
        return list(rows.values_list("outcome", flat=True))

    assert outcomes(migrate(BEFORE)) == ["", ""]
    assert outcomes(migrate(ENDED)) == ["moved", ""]
    assert outcomes(migrate(BEFORE)) == ["", ""]


def test_accounts_from_before_count_as_confirmed_and_sign_in_once_more(migrate):
    plain, half, done = (factories.UserFactory(confirmed=False) for _ in range(3))
    half.emailaddress_set.create(email=half.email, verified=False, primary=True)
    done.confirm_address()
    migrate(("assessments", "0022_organisations_and_scope"))
    Session.objects.create(session_key="x", session_data="", expire_date=timezone.now())
    migrate(("assessments", "0023_addresses_count_as_confirmed"))
    for user in (plain, half, done):
        assert [*user.emailaddress_set.values_list("email", "verified", "primary")] == [
            (user.email, True, True)
        ]
    assert not Session.objects.exists()
