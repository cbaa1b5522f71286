"""Settings come from the environment: a value that makes no sense stops the process with a sentence."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from copcready import environment, single_sign_on

ROOT = Path(__file__).resolve().parent.parent
BEHIND_TLS = {
    "COPCREADY_HTTPS": "on",
    "COPCREADY_URL": "https://copcready.example.org",
    "COPCREADY_ALLOWED_HOSTS": "copcready.example.org",
    "EMAIL_URL": "smtp://mail.example.org",
}


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
        ("COPCREADY_SECRET_KEY_FALLBACKS", f"{'k' * 60} hunter2"),
        ("COPCREADY_SECOND_FACTOR", "on"),
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


def test_passwords_are_hashed_as_django_advises(tmp_path):
    """The tests themselves hash them at once."""
    show = (
        "from django.contrib.auth.hashers import make_password; print(make_password('x').partition('$')[0])"
    )
    assert manage(tmp_path, "shell", "-v", "0", "-c", show).stdout == "pbkdf2_sha256\n"


def test_keys_used_before_are_still_read(tmp_path):
    """What one of them signed counts as long as it is named, and no longer."""
    old, older, new = ("a" * 60, "b" * 60, "c" * 60)
    sign = "from django.core.signing import dumps; print(dumps('kept'))"
    signed = manage(tmp_path, "shell", "-v", "0", "-c", sign, COPCREADY_SECRET_KEY=older).stdout.strip()
    read = f"from django.core.signing import loads; print(loads({signed!r}))"
    keys = {"COPCREADY_SECRET_KEY": new, "COPCREADY_SECRET_KEY_FALLBACKS": f"{old} {older}"}
    assert manage(tmp_path, "shell", "-v", "0", "-c", read, **keys).stdout == "kept\n"
    assert "BadSignature" in manage(tmp_path, "shell", "-v", "0", "-c", read, COPCREADY_SECRET_KEY=new).stderr


def test_the_shipped_settings_pass_the_deployment_check(tmp_path):
    result = manage(tmp_path / "data", "check", "--deploy", "--fail-level", "WARNING", **BEHIND_TLS)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"COPCREADY_URL": "http://copcready.example.org"}, "links in e-mails would leave it"),
        ({"COPCREADY_URL": ""}, "links in e-mails would leave it"),
        ({"COPCREADY_URL": "https://elsewhere.example.org"}, "is not in COPCREADY_ALLOWED_HOSTS"),
        ({"COPCREADY_ALLOWED_HOSTS": ""}, "is not in COPCREADY_ALLOWED_HOSTS"),
        ({"COPCREADY_ALLOWED_HOSTS": "copcready.example.org,*"}, "holds '*'"),
        ({"COPCREADY_DEBUG": "on"}, "COPCREADY_DEBUG is on too"),
        ({"EMAIL_URL": ""}, "nobody could reset a password"),
    ],
)
def test_what_would_open_a_server_that_others_reach_stops_the_process(given, said, tmp_path):
    result = manage(tmp_path, "check", **{**BEHIND_TLS, **given})
    last = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert "COPCREADY_HTTPS is on and " in last
    assert said in last
    assert last.endswith(".")


def test_doing_without_a_mail_server_can_be_said(tmp_path):
    assert manage(tmp_path, "check", **{**BEHIND_TLS, "EMAIL_URL": "consolemail://"}).returncode == 0


def test_behind_tls_a_key_that_others_can_read_stops_the_process(tmp_path):
    assert manage(tmp_path, "check", **BEHIND_TLS).returncode == 0
    (tmp_path / "secret.key").chmod(0o644)
    result = manage(tmp_path, "check", **BEHIND_TLS)
    assert result.returncode != 0
    assert "can be read by other accounts of this machine. Give it mode 600." in result.stderr
    assert manage(tmp_path, "check", **BEHIND_TLS, COPCREADY_SECRET_KEY="k" * 60).returncode == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("COPCREADY_HTPS", "Did you mean COPCREADY_HTTPS?"),
        ("COPCREADY_ALLOWED_HOST", "Did you mean COPCREADY_ALLOWED_HOSTS?"),
        ("COPCREADY_WEATHER_TOMORROW", "README.md lists those there are."),
    ],
)
def test_a_setting_that_nobody_reads_stops_the_process_and_names_the_one_that_was_meant(name, said, tmp_path):
    result = manage(tmp_path, "check", **{name: "on"})
    assert result.returncode != 0
    assert f"There is no setting {name}. {said}" in result.stderr


def test_the_list_of_settings_is_what_is_read_and_what_is_written_down():
    sources = [path.read_text() for path in (ROOT / "copcready").glob("*.py")]
    read = {
        name
        for source in sources
        for name in re.findall(r"""[(\[]\s*["'](COPCREADY_[A-Z0-9_]+)["']""", source)
    }
    assert read | set(single_sign_on.NEEDED.values()) == environment.KNOWN
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    written = {name for page in pages for name in re.findall(r"COPCREADY_[A-Z0-9_]+", page.read_text())}
    assert written >= environment.KNOWN, environment.KNOWN - written


@pytest.mark.parametrize("value", ["nobody", "http://example.org/contact", "a b@example.org", "javascript:x"])
def test_a_contact_that_nobody_can_reach_is_refused(value, tmp_path):
    result = manage(tmp_path, "check", COPCREADY_SECURITY_CONTACT=value)
    assert result.returncode != 0
    assert "Write an e-mail address, or that of a page with https://." in result.stderr


def test_behind_tls_cookies_travel_nowhere_else(tmp_path):
    show = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, *s.CSRF_TRUSTED_ORIGINS)"
    )
    printed = [
        manage(tmp_path, "shell", "-v", "0", "-c", show, **given).stdout.split() for given in (BEHIND_TLS, {})
    ]
    assert printed == [
        ["True", "True", "31536000", "__Host-sessionid", "__Host-csrftoken", "https://copcready.example.org"],
        ["False", "False", "0", "sessionid", "csrftoken"],
    ]


def test_no_cookie_behind_tls_can_be_planted_by_a_neighbour(tmp_path):
    show = (
        "from django.test import Client; c = Client(); "
        "r = c.get('/account/login/', secure=True, headers={'host': 'copcready.example.org', 'x-forwarded-proto': 'https'}); "
        "print([(n, m['secure'], m['path'], m['domain'], m['samesite']) for n, m in r.cookies.items()])"
    )
    result = manage(tmp_path, "shell", "-v", "0", "-c", show, **BEHIND_TLS)
    assert result.stdout.strip() == "[('__Host-csrftoken', True, '/', '', 'Lax')]", result.stderr


# ---- who else can read it ---------------------------------------------------------------------------------------


@pytest.fixture
def prepared(tmp_path):
    """A data folder with a database in it, made as ./start makes it."""
    folder = tmp_path / "data"
    assert manage(folder, "migrate", "--no-input", "-v", "0").returncode == 0
    return folder


def deployment(folder, **given):
    return manage(folder, "check", "--deploy", **BEHIND_TLS, **given).stderr


def test_the_deployment_check_names_what_others_could_read_and_what_is_missing(prepared):
    assert "copcready." not in deployment(prepared)
    prepared.chmod(0o755)
    assert "copcready.W001" in deployment(prepared)
    prepared.chmod(0o700)
    (prepared / "secret.key").chmod(0o640)
    assert "copcready.W002" in deployment(prepared, COPCREADY_SECRET_KEY="k" * 60)
    add = "from assessments.models import User; User.objects.create_user('owner@copcready.example', 'x' * 20, name='Demo')"
    assert manage(prepared, "shell", "-v", "0", "-c", add).returncode == 0
    assert "copcready.W003" in deployment(prepared, COPCREADY_SECRET_KEY="k" * 60)
    write = (
        "from tests import factories; from standards.models import Requirement, Wording; factories.small_release(); "
        "Wording.objects.create(requirement=Requirement.objects.first(), weight=2)"
    )
    opened = {"COPCREADY_SECRET_KEY": "k" * 60, "COPCREADY_SIGNUP": "open"}
    assert manage(prepared, "shell", "-v", "0", "-c", write).returncode == 0
    assert "copcready.W005" not in deployment(prepared, **opened)
    change = "from standards.models import Wording; Wording.objects.update(statement='Under licence')"
    assert manage(prepared, "shell", "-v", "0", "-c", change).returncode == 0
    assert "copcready.W005" in deployment(prepared, **opened)
    assert "copcready.W005" not in deployment(prepared, **opened | {"COPCREADY_SIGNUP": "closed"})
    drop = "from django.db import connection; connection.cursor().execute('DROP TABLE cache')"
    assert manage(prepared, "shell", "-v", "0", "-c", drop).returncode == 0
    assert "copcready.W004" in deployment(prepared, COPCREADY_SECRET_KEY="k" * 60)
