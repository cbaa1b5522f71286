"""An upgrade of a database that holds rows from before."""

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from standards.models import Requirement
from tests import factories

BEFORE = ("standards", "0002_summaries_quick_scan_wording_imports")
REASONS = ("standards", "0003_fundamental_reason")


@pytest.fixture
def migrate(transactional_db):
    def to(state):
        executor = MigrationExecutor(connection)
        executor.migrate([state])
        return executor.loader.project_state([state]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_fundamental_requirements_from_before_get_a_reason_and_nothing_else_does(migrate):
    factories.small_release()
    before = migrate(BEFORE).get_model("standards", "Requirement").objects
    assert before.filter(fundamental=True).count() == 3
    after = migrate(REASONS).get_model("standards", "Requirement").objects
    assert {row.fundamental_reason[:12] for row in after.filter(fundamental=True)} == {"Forecasting,"}
    assert not after.filter(fundamental=False).exclude(fundamental_reason="").exists()


def test_from_then_on_none_goes_without(db):
    factories.small_release()
    with pytest.raises(IntegrityError):
        Requirement.objects.update(fundamental=True)
