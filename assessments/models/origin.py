"""From where something is done: known while a request is answered, to whatever is stored meanwhile."""

from contextvars import ContextVar
from ipaddress import ip_address
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Origin(NamedTuple):
    """Where a request comes from: an address of the internet, and the way in."""

    address: str | None
    way: str


class Way(TextChoices):
    PAGE = "page", _("the pages")
    TOKEN = "token", _("a token")
    LINK = "link", _("a link")
    ADMIN = "admin", _("the admin site")
    COMMAND = "command", _("a command on the server")


NO_REQUEST = Origin(None, Way.COMMAND)
origin = ContextVar("origin", default=NO_REQUEST)

tenant = ContextVar("tenant", default=None)  # the id of the organisation whose row was fetched, for the log


def current_address():
    """The address from which is done what is being done, or None: a default of columns."""
    return origin.get().address


def plain_address(text):
    """`text` in the one spelling that every database stores: without a zone of IPv6, and as IPv4 where it is one written as
    IPv6; None where it is no address."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)
