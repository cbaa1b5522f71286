import re

import pytest
from django.conf import settings
from django.core.management.base import OutputWrapper
from django.db import transaction
from django.urls import reverse

from assessments.models import User
from tests.assessments.demo.command import demo


def sign_ins(folder):
    text = (folder / "demo-sign-in.txt").read_text()
    return dict(re.findall(r"^  (\S+@copcready\.example)\n +password  (\S+)$", text, re.MULTILINE))


def test_the_sign_ins_are_kept_for_their_owner_only(built):
    printed, folder = built
    path = folder / "demo-sign-in.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    assert str(path) in printed
    assert set(sign_ins(folder)) == {
        f"{name}@copcready.example"
        for name in ("demo", "contributor", "reviewer", "viewer", "site-manager", "adviser", "editor")
    }
    assert "owner of Aldermoor Bank" in path.read_text()


def test_they_say_what_the_account_may_do_and_where(built):
    accounts = (built[1] / "demo-sign-in.txt").read_text().split("\n\n")
    told = {lines[0].strip(): [line.strip() for line in lines[2:]] for lines in map(str.splitlines, accounts)}
    assert told["site-manager@copcready.example"] == [
        "manager of Serrana Contact Services, in Covilhã only (answers, starts assessments, changes sites)"
    ]
    assert told["adviser@copcready.example"] == [
        "viewer of Carnsore Ferries (reads only)",
        "reviewer of Serrana Contact Services (reviews answers)",
    ]


def test_no_log_or_pipe_gets_a_password(built):
    printed, folder = built
    passwords = sign_ins(folder).values()
    assert len(passwords) == 7
    assert not [password for password in passwords if password in printed]


def test_a_terminal_shows_them(empty, monkeypatch):
    monkeypatch.setattr(OutputWrapper, "isatty", lambda self: True)
    printed = demo()
    assert (empty / "demo-sign-in.txt").read_text() in printed


def test_passwords_differ_from_person_to_person_and_from_run_to_run(empty):
    passwords = []
    for _ in range(2):
        with transaction.atomic():
            demo()
            passwords += sign_ins(empty).values()
            transaction.set_rollback(True)
    assert len(set(passwords)) == 14
    assert all(len(password) >= 20 for password in passwords)


@pytest.mark.parametrize("name", ["demo", "contributor", "viewer", "site-manager", "adviser", "editor"])
def test_the_kept_password_signs_in_through_the_real_page(built, client, name):
    email = f"{name}@copcready.example"
    password = sign_ins(built[1])[email]
    answer = client.post(reverse(settings.LOGIN_URL), {"login": email, "password": password})
    assert answer.status_code == 302
    assert answer.url == reverse(settings.LOGIN_REDIRECT_URL)
    assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_only_the_editor_may_enter_the_admin_site(built):
    staff = User.objects.filter(is_staff=True)
    assert [user.email for user in staff] == ["editor@copcready.example"]
    assert staff[0].is_superuser


def test_everybody_else_cannot_sign_in(built):
    others = User.objects.exclude(email__endswith="@copcready.example")
    assert others.count() >= 10
    assert not any(user.has_usable_password() for user in others)
