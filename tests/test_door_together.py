"""Many at the door at the same moment, in several processes at one database: what is good once opens it once, and tries at one
account are counted together."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.test import Client
from django.urls import reverse

from assessments.models import User
from tests.door_process import COMMAND, LONG
from tests.second_factors import PASSWORD, code_of, recovery_codes, with_app
from tests.test_accounts import link_in

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERED = {200, 302, 503}  # a machine with much to do may say that the database is busy


@pytest.fixture
def hannah(transactional_db):
    return User.objects.create_user("hannah@example.com", PASSWORD, name="Hannah")


def ask(path, data, client=None, number=0):
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} if client else {}
    return {"path": path, "data": data, "cookies": cookies, "address": f"203.0.113.{number}"}


def at_once(shared, *lists):
    """What each of the requests got; every list is a process of its own, and in it every request a thread."""
    environment = os.environ | {
        "DATABASE_URL": shared.address,
        "DJANGO_SETTINGS_MODULE": "copcready.settings",
        "COPCREADY_SECRET_KEY": settings.SECRET_KEY,
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COMMAND],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in lists
    ]
    for process, requests in zip(processes, lists, strict=True):
        process.stdin.write(json.dumps(requests))
        process.stdin.close()
    return [answer for process in processes for answer in read(process)]


def read(process):
    said = process.stdout.read()
    process.wait(60)
    return json.loads(said.splitlines()[-1])


def led_to(answers, name):
    return sum(place == reverse(name) for _status, place, _text in answers)


def test_of_twenty_who_use_one_reset_link_exactly_one_wins(share, hannah):
    Client().post(reverse("account_reset_password"), {"email": hannah.email})
    link = link_in(mail.outbox[0], "password/reset/key")
    asked = []
    for number in range(20):
        client, password = Client(), f"the afternoon of number {number}"
        place = client.get(link, follow=True).request["PATH_INFO"]
        asked.append(ask(place, {"password1": password, "password2": password}, client, number))
    shared = share()
    answers = at_once(shared, asked)
    assert led_to(answers, "account_reset_password_from_key_done") == 1
    assert [text for status, _place, text in answers if status not in ANSWERED] == []
    (number,) = [
        number
        for number, (_status, place, _text) in enumerate(answers)
        if place == reverse("account_reset_password_from_key_done")
    ]
    ((stored,),) = shared.run("SELECT password FROM assessments_user")
    assert check_password(f"the afternoon of number {number}", stored)


def half_way():
    client = Client()
    client.post(reverse("account_login"), {"login": "hannah@example.com", "password": PASSWORD})
    return client


@pytest.mark.parametrize("kind", ["recovery", "app"])
def test_of_those_who_give_one_code_exactly_one_gets_in(share, hannah, kind):
    secret = with_app(hannah)
    code = recovery_codes(hannah)[0] if kind == "recovery" else code_of(secret, period=LONG)
    clients = [half_way() for _ in range(20)]
    asked = [ask(reverse("mfa_authenticate"), {"code": code}, client, n) for n, client in enumerate(clients)]
    answers = at_once(share(), asked[:10], asked[10:])
    assert led_to(answers, "home") == 1
    assert [text for status, _place, text in answers if status not in ANSWERED] == []


def test_wrong_passwords_in_four_processes_are_counted_together(share, hannah):
    """Five tries in five minutes for one account, wherever they come from: not five for each process."""
    wrong = {"login": hannah.email, "password": "guess"}
    lists = [
        [ask(reverse("account_login"), wrong, number=4 * thread + process) for thread in range(5)]
        for process in range(4)
    ]
    answers = at_once(share(), *lists)
    tried = sum("are not correct" in text for _status, _place, text in answers)
    stopped = sum("Too many" in text for _status, _place, text in answers)
    assert (tried + stopped, led_to(answers, "home")) == (20, 0)
    assert 1 <= tried <= 5
