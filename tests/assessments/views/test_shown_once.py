"""A token, a link or an address is shown once; until then a copy of the database opens nothing with it."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from tests import factories

SECRET = re.compile(r"copc_[\w-]{43}|(?<=/shared/)[\w-]{43}|(?<=/calendar/)[\w-]{43}")
NEW = {
    "api-tokens": {"name": "Power BI", "scope": "readings", "days": "90"},
    "milestone-shares": {"recipient": "The board", "days": "30", "files": "on"},
    "calendar": {"covers": "mine"},
}


@pytest.fixture
def client(sign_in, mark):
    return sign_in(mark)


@pytest.fixture(params=NEW)
def page(request, client, assessment, alice):
    """The address of a page on which a secret was made just now."""
    args = {
        "api-tokens": lambda: [assessment.site_id],
        "milestone-shares": lambda: [factories.frozen(assessment, by=alice).pk],
        "calendar": list,
    }
    address = reverse(request.param, args=args[request.param]())
    assert client.post(address, NEW[request.param]).url == address
    return address


def sessions():
    return str([session.get_decoded() for session in Session.objects.all()])


def test_until_it_is_shown_the_database_does_not_hold_it(client, page):
    before = sessions()
    [shown] = set(SECRET.findall(client.get(page).text))
    assert shown not in before
    assert "'of'" in before
    assert "'of'" not in sessions()
    assert not SECRET.search(client.get(page).text)


@pytest.mark.parametrize("waiting", [{"text": "by another key"}, {"of": None}])
def test_what_cannot_be_read_is_as_if_nothing_waited(client, page, waiting):
    session = client.session
    [name] = [name for name, value in session.items() if "of" in str(value)]
    session[name] |= waiting
    session.save()
    shown = client.get(page)
    assert shown.status_code == 200
    assert not SECRET.search(shown.text)
