"""The admin site: its addresses, and a requirement's form as an editor sends it."""

from django.urls import reverse

from standards.models import Wording


def page(name, *args):
    return reverse(f"admin:standards_{name}", args=args)


def wording(**fields):
    return dict.fromkeys((*Wording.FIELDS, "seen"), "") | fields


def save(client, requirement, **fields):
    return client.post(page("requirement_change", requirement.pk), wording(**fields))
