"""One warm process that sets PDFs within limits: whatever a document does to it, the next one is set."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from django.conf import settings

from assessments.printing import press
from assessments.report import pdf
from assessments.report.options import DEFAULT
from assessments.report.plain import as_text
from tests import factories
from tests.printing import text

LIMITS = {"seconds": 20, "cpu_seconds": 20, "megabytes": 300, "jobs": 50}
TOO_LONG, TOO_MUCH, BROKE_OFF = "took too long", "needed too much memory", "broke off"


@pytest.fixture
def a_press(monkeypatch):
    """`a_press(seconds=1)`: one whose child does what its document says. `real=True`: one that sets documents."""
    made = []

    def new(real=False, **limits):
        if not real:
            monkeypatch.setattr(press, "MODULE", "tests.faulty_child")
        made.append(press.Press(press.Limits(**(LIMITS | limits))))
        return made[-1]

    yield new
    for each in made:
        each.end_child()


def told(of):
    """What the child says of itself."""
    return json.loads(of.set("tell", "{}"))


def is_there(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def gone(pid, seconds=20):
    """Has that process ended, or does it within `seconds`?"""
    ends = time.monotonic() + seconds
    while is_there(pid) and time.monotonic() < ends:
        time.sleep(0.05)
    return not is_there(pid)


@pytest.mark.parametrize(
    ("deed", "limits", "sentence"),
    [
        ("sleep", {"seconds": 0.5}, TOO_LONG),
        ("spin", {"cpu_seconds": 1}, TOO_LONG),
        ("eat", {}, TOO_MUCH),
        ("run out", {}, TOO_MUCH),
        ("crash", {}, BROKE_OFF),
        ("refuse", {}, BROKE_OFF),
    ],
)
def test_what_oversteps_ends_with_a_sentence_and_the_next_is_set(a_press, deed, limits, sentence):
    ours = a_press(**limits)
    before = told(ours)["pid"]
    began = time.monotonic()
    with pytest.raises(press.Failed, match=sentence):
        ours.set(deed, "{}")
    assert time.monotonic() - began < 15
    assert gone(before, 0)
    assert told(ours)["pid"] != before


def test_a_child_serves_many_documents_and_is_replaced_after_so_many(a_press):
    ours = a_press(jobs=3)
    pids = [told(ours)["pid"] for _ in range(4)]
    assert len(set(pids[:3])) == 1
    assert pids[3] != pids[0]


def test_a_child_that_ended_while_nobody_needed_it_is_replaced(a_press):
    ours = a_press()
    pid = told(ours)["pid"]
    os.kill(pid, signal.SIGKILL)
    ours.child.process.wait(10)
    assert told(ours)["pid"] != pid


def test_a_child_gets_no_secret_of_ours(a_press, monkeypatch):
    for name in ("COPCREADY_SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "hidden")
    found = told(a_press())
    assert "hidden" not in found["environment"].values()
    assert found["environment"].keys() <= {*press.PASSED_ON, "DJANGO_SETTINGS_MODULE", "LC_CTYPE", "TZ"}
    assert found["umask"] == 0o077


def test_a_child_has_no_database_to_ask(a_press, caplog):
    with pytest.raises(press.Failed):
        a_press().set("ask the database", "{}")
    assert "ImproperlyConfigured" in caplog.text


def test_the_log_repeats_nothing_of_a_document(a_press, caplog):
    with pytest.raises(press.Failed):
        a_press().set("refuse", "{}")
    assert "KeyError" in caplog.text
    assert "Bob" not in caplog.text


def test_its_settings_say_what_ours_say():
    from copcready import press_settings

    names = [
        name for name in dir(press_settings) if name.isupper() and name not in ("INSTALLED_APPS", "TEMPLATES")
    ]
    assert len(names) == 7
    assert [name for name in names if getattr(press_settings, name) != getattr(settings, name)] == []
    assert not {"DATABASES", "SECRET_KEY"} & set(dir(press_settings))


def test_whoever_asked_can_stop_it_at_any_moment(a_press):
    ours = a_press()
    pid = told(ours)["pid"]

    with pytest.raises(press.Stopped):
        ours.set("sleep", "{}", look=ours.stop)
    assert gone(pid, 0)


def test_what_the_caller_does_meanwhile_may_fail(a_press):
    def look():
        raise OSError("the database is away")

    ours = a_press()
    with pytest.raises(OSError, match="away"):
        ours.set("sleep", "{}", look)
    assert told(ours)


def test_a_child_ends_with_the_process_that_started_it(tmp_path):
    program = (
        "import django; django.setup()\n"
        "from assessments.printing import press\n"
        "press.MODULE = 'tests.faulty_child'\n"
        f"ours = press.Press(press.Limits(**{LIMITS!r}))\n"
        "ours.set('tell', '{}'); print(ours.child.process.pid, flush=True)\n"
        "ours.set('sleep', '{}')\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "copcready.settings", "COPCREADY_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert is_there(pid)
        parent.kill()
    assert gone(pid)


# ---- real documents ---------------------------------------------------------------------------------------------

paper = pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")


@paper
def test_the_press_makes_what_this_process_would_make(a_press, assessment):
    from assessments.models import Assessment
    from assessments.report import document

    found = Assessment.objects.with_names().get(pk=assessment.pk)
    found = document.build(found, as_of=found.site.today())
    ours = a_press(real=True, megabytes=1024)
    assert ours.set(as_text(found), as_text(DEFAULT)) == pdf.render(found)


@paper
def test_a_note_of_100_000_unbroken_characters_is_set(a_press, assessment):
    assessment.answers.update(choice="1")
    first = assessment.answers.first()
    type(first).objects.filter(pk=first.pk).update(note="x" * 100_000)
    ours = a_press(real=True, megabytes=1024, seconds=60, cpu_seconds=60)
    assert ours.set(text(assessment), as_text(DEFAULT)).startswith(b"%PDF")


@paper
def test_two_hundred_notes_of_20_000_characters_end_with_a_sentence_where_there_is_no_time(
    a_press, site, alice
):
    assessment = factories.started(site, factories.small_release(items=20, requirements=10), by=alice)
    assert assessment.answers.count() >= 200
    assessment.answers.update(choice="1", note="Nobody has looked. " * 1050)
    ours = a_press(real=True, megabytes=1024, seconds=3)
    with pytest.raises(press.Failed, match=TOO_LONG):
        ours.set(text(assessment), as_text(DEFAULT))
    assert ours.child is None
