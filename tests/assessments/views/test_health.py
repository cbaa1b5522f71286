"""What monitoring is told: a line for everything that work needs, and nothing that strangers should not know."""

import shutil
from collections import namedtuple

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from assessments.models import ReportWorker
from assessments.views import health

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


@pytest.fixture
def said(client, db):
    def ask():
        response = client.get(reverse("ready"))
        return response.status_code, response.content.decode()

    return ask


def test_the_process_answers_without_a_database(client):
    assert client.get("/healthz").content == b"ok\n"


def test_all_is_well(said):
    ReportWorker.objects.beat("one")
    assert said() == (200, "database: ok\nmigrations: ok\ndisk: ok\nworker: ok\nevidence: ok\n")


def test_a_missing_worker_is_said_and_takes_no_server_away(said):
    assert said() == (200, "database: ok\nmigrations: ok\ndisk: ok\nworker: not seen lately\nevidence: ok\n")


def test_a_full_disk_is_no_place_to_work(said, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**12, 10**12 - 10**8, 10**8))
    assert said()[0] == 503
    assert "disk: nearly full\n" in said()[1]


def test_a_disk_that_is_gone_is_said_without_its_place(said, monkeypatch):
    def fail(folder):
        raise OSError(2, "No such file", str(folder))

    monkeypatch.setattr(shutil, "disk_usage", fail)
    assert said()[0] == 503
    assert "disk: cannot be read\n" in said()[1]
    assert str(settings.DATA_DIR) not in said()[1]


def test_migrations_that_wait_are_said(said, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *args: ["0099"])
    assert said() == (
        503,
        "database: ok\nmigrations: not applied\ndisk: ok\nworker: not known\nevidence: not known\n",
    )


def test_a_database_that_is_away_is_said_without_its_name(said, monkeypatch):
    def fail():
        raise DatabaseError("connection to server at 10.0.0.7, user copcready failed")

    with monkeypatch.context() as away:
        away.setattr(health.connection, "cursor", fail)
        answer = said()
    assert answer == (
        503,
        "database: does not answer\nmigrations: not known\ndisk: ok\nworker: not known\nevidence: not known\n",
    )


def test_applied_migrations_are_looked_up_once(said, django_assert_max_num_queries):
    said()
    with django_assert_max_num_queries(3):
        said()
