"""Settings come from the environment: a value that makes no sense stops the process with a sentence."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def manage(folder, *arguments, **given):
    """manage.py with nothing in its environment but what is given."""
    environment = {"PATH": os.environ["PATH"], "COPCREADY_DATA_DIR": str(folder), **given}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COPCREADY_DEBUG", "perhaps"),
        ("COPCREADY_HTTPS", "ja"),
        ("COPCREADY_SIGNUP", "maybe"),
        ("COPCREADY_SECRET_KEY", "short"),
        ("COPCREADY_DATA_DIR", "/proc/nowhere"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "oracle9://somewhere"),
        ("DATABASE_URL", "mysql://user:hunter2@host/name"),
        ("COPCREADY_REPORT_SECONDS", "0"),
        ("COPCREADY_REPORT_MEGABYTES", "1 GB"),
        ("COPCREADY_EVIDENCE_MEGABYTES", "ten"),
        ("COPCREADY_EVIDENCE_FILES", "0"),
        ("COPCREADY_EVIDENCE_TOTAL_MEGABYTES", "-1"),
        ("COPCREADY_STORAGE", "bucket"),
        ("COPCREADY_STORAGE", "s3://"),
        ("COPCREADY_STORAGE", "s3://key:hunter2@bucket"),
        ("COPCREADY_STORAGE", "s3://bucket/folder"),
        ("COPCREADY_STORAGE", "s3://bucket?endpoint=nonsense"),
        ("COPCREADY_STORAGE", "s3://bucket?secret=hunter2"),
        ("COPCREADY_PROXIES", "-1"),
        ("COPCREADY_PROXIES", "one"),
        ("COPCREADY_LOG", "xml"),
        ("EMAIL_URL", "gopher://somewhere"),
        ("EMAIL_URL", "nonsense"),
    ],
)
def test_a_value_that_makes_no_sense_stops_the_process_with_a_sentence(name, value, tmp_path):
    result = manage(tmp_path, "check", **{name: value})
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: "), last
    assert name in last
    assert last.endswith("."), last
    assert "hunter2" not in result.stderr, "passwords stay out of messages"


def test_a_store_whose_packages_are_not_installed_stops_the_process_with_a_sentence(tmp_path):
    blocked = tmp_path / "sitecustomize.py"
    blocked.write_text("import sys\nsys.modules['boto3'] = None\n")
    result = manage(tmp_path, "check", COPCREADY_STORAGE="s3://bucket", PYTHONPATH=str(tmp_path))
    last = result.stderr.strip().splitlines()[-1]
    assert "COPCREADY_STORAGE needs packages that are not installed." in last, result.stderr
    assert last.endswith("requirements/extras.txt")


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "EMAIL_URL", "COPCREADY_STORAGE", "COPCREADY_ALLOWED_HOSTS", "COPCREADY_DEBUG"]
)
def test_an_empty_value_means_the_default(name, tmp_path):
    show = "from django.conf import settings as s; print(s.ALLOWED_HOSTS, s.DATABASES['default']['ENGINE'], s.DEBUG)"
    plain, empty = (manage(tmp_path, "shell", "-v", "0", "-c", show, **given) for given in ({}, {name: ""}))
    assert plain.returncode == empty.returncode == 0, empty.stderr
    assert plain.stdout == empty.stdout


@pytest.mark.parametrize("name", ["C# 100%", "a?b", "%20", "Büro & Co"])
def test_the_database_lies_in_the_data_folder_whatever_that_is_called(name, tmp_path):
    show = "from django.conf import settings as s; print(s.DATABASES['default']['NAME'])"
    result = manage(tmp_path / name, "shell", "-v", "0", "-c", show, PYTHONUTF8="1")
    assert result.stdout.strip() == str(tmp_path / name / "copcready.sqlite3"), result.stderr


def test_the_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    folder = tmp_path / "data"
    assert manage(folder, "check").returncode == 0
    key = folder / "secret.key"
    first = key.read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(first) >= 60
    assert manage(folder, "check").returncode == 0
    assert key.read_text() == first
    key.write_text("")
    result = manage(folder, "check")
    assert result.returncode != 0
    assert "holds no usable key. Delete the file and start again." in result.stderr


def test_the_shipped_settings_pass_the_deployment_check(tmp_path):
    result = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        COPCREADY_HTTPS="on",
        COPCREADY_ALLOWED_HOSTS="copcready.example.org",
    )
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_behind_tls_cookies_travel_nowhere_else(tmp_path):
    show = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    printed = [
        manage(tmp_path, "shell", "-v", "0", "-c", show, COPCREADY_HTTPS=h).stdout.split()
        for h in ("on", "off")
    ]
    assert printed == [["True", "True", "31536000"], ["False", "False", "0"]]
