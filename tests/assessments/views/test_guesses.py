import pytest
from allauth.core.internal.ratelimit import get_ip
from django.urls import reverse

from assessments.views.guesses import line_of


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:0:1::7", "2001:db8:0:1:ffff::8", True),
        ("2001:db8:0:1::7", "2001:db8:0:2::7", False),
        ("198.51.100.4", "198.51.100.5", False),
        ("198.51.100.4", "198.51.100.4", True),
        (None, None, True),
    ],
)
def test_guesses_count_by_the_line_they_come_from(one, other, together):
    assert (line_of(one) == line_of(other)) == together


def statuses(client, addresses):
    return [
        client.get(reverse("invitation", args=["guess"]), REMOTE_ADDR=address).status_code
        for address in addresses
    ]


@pytest.mark.django_db
def test_another_address_of_the_same_line_has_to_wait_as_well(client):
    assert set(statuses(client, [f"2001:db8::{number:x}" for number in range(60)])) == {404}
    assert statuses(client, ["2001:db8::ffff:1", "2001:db8:0:1::1", "198.51.100.4"]) == [429, 404, 404]


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("2001:db8::7", "2001:db8::"),
        ("198.51.100.4", "198.51.100.4"),
        # As a server that listens on IPv6 sees IPv4: not one line for all of them.
        ("::ffff:198.51.100.4", "198.51.100.4"),
    ],
)
def test_tries_to_sign_in_are_counted_alike(rf, remote, counted):
    assert get_ip(rf.get("/", REMOTE_ADDR=remote)) == counted
