"""Walking the URL map: every address there is, one request to it, and whether the database is another one afterwards."""

import hashlib
from functools import cache
from http.cookies import SimpleCookie

from django.apps import apps
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

UNWATCHED = (
    "sessions.Session",
    "auth.Permission",
    "contenttypes.ContentType",
)  # come and go with sign-ins and code


def routes(resolver=None, namespaces=()):
    """(name, pattern) of every address, whatever it is included from. Unnamed ones go by their pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from routes(pattern, inner)
        else:
            yield ":".join((*namespaces, pattern.name or str(pattern.pattern))), pattern


ALLAUTHS = ("account_", "account/", "mfa_", "usersessions_")


def ours():
    return [name for name, _ in routes() if not name.startswith(("admin:", *ALLAUTHS))]


def account_pages():
    return {name for name, _ in routes() if name.startswith(ALLAUTHS)}


def admin_addresses():
    """(name, address) of every page of the admin site, with the key of a row where it takes one."""
    for name, pattern in routes():
        if name.startswith("admin:") and pattern.name:
            yield name, reverse(name, kwargs=_admin_kwargs(name, pattern))
    yield "admin: anything else", reverse("admin:index") + "no-such-page/"


def _admin_kwargs(name, pattern):
    row = 1
    for model in admin.site._registry:
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            row = getattr(model.objects.first(), "pk", 1)
    known = {"object_id": row, "app_label": "standards"}
    return {key: known.get(key, 1) for key in pattern.pattern.regex.groupindex}


def fingerprint():
    """A hash over every row of every table that a request could write to."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 - our own tables
            found.update(repr((table, [_plain(row) for row in cursor.fetchall()])).encode())
    return found.hexdigest()


def _plain(row):
    """PostgreSQL gives bytes as a view of memory, which is called by another address each time."""
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


@cache
def _tables():
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.label not in UNWATCHED})


def cookies_of(user):
    """What the browser of somebody who is signed in sends along."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}


@cache
def _browser():
    """One for all: making another costs as much as the request."""
    return Client(raise_request_exception=False)


def ask(cookies, method, url, data=None, before=None):
    """The response, and whether the database is another one than `before`. Nothing of the request stays."""
    client = _browser()
    client.cookies = SimpleCookie(cookies or {})
    send = getattr(client, method.lower())
    with transaction.atomic():
        before = before or fingerprint()
        response = send(url, data or {}) if method in ("GET", "HEAD", "POST") else send(url)
        changed = fingerprint() != before
        transaction.set_rollback(True)
    return response, changed
