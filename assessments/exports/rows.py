"""The rows of an organisation as JSON: a file a kind, a row a line, the same rows in the same bytes."""

import json
import re
from datetime import date
from uuid import UUID

from django.db.models import ForeignKey

from assessments.models import Membership, User
from standards.models import Item, Release, Requirement, Variant

CHUNK = 500  # rows held in memory at a time, where none is large
ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+")
# Names as they were noted at the time. Who had no name was called by the e-mail address, and may have left since.
NOTED_NAMES = {"who", "what", "taken_by_name"}


class Reader:
    """Reads the rows of one organisation for an export, and remembers whom they name."""

    def __init__(self, organisation):
        self.organisation = organisation
        self.people = set()
        self.counts = {}
        self.asked = Asked()
        members = Membership.objects.filter(organisation=organisation)
        self.roles = dict(members.values_list("user", "role"))
        self.addresses = set(User.objects.filter(pk__in=self.roles).values_list("email", flat=True))

    def lines(self, holding):
        """The file of `holding` in pieces of text."""
        return self._file(holding.name, self._rows(holding))

    def people_lines(self):
        """Everybody a row names, once all others are read: members with their e-mail address, others by name alone."""
        people = (
            {"id": pk, "name": name, "email": email, "role": self.roles.get(pk)}
            for pk, name, email in self.named()
        )
        return self._file("people", people)

    def _file(self, kind, rows):
        """Counts the rows as they are written."""
        self.counts[kind] = 0
        yield f'{{"kind": {json.dumps(kind)}, "rows": ['
        for row in rows:
            yield (",\n" if self.counts[kind] else "\n") + as_json(row)
            self.counts[kind] += 1
        yield "\n]}\n"

    def _rows(self, holding):
        fields = [field for field in holding.model._meta.concrete_fields if field.name not in holding.hidden]
        lists = self._lists(holding)
        found = holding.of(self.organisation).values(*(field.attname for field in fields))
        for row in found.iterator(1 if holding.large else CHUNK):
            values = {field.name: self._value(field, row[field.attname]) for field in fields}
            yield values | {name: ids.get(row["id"], []) for name, ids in lists.items()}

    def named(self):
        """(id, name, e-mail address of a member or None) of everybody a row names and of all members."""
        for user in User.objects.filter(pk__in=self.people | set(self.roles)).order_by("pk"):
            member = user.pk in self.roles
            yield user.pk, user.name or (str(user) if user.is_former else ""), user.email if member else None

    def _lists(self, holding):
        """Name -> {id of a row: the ids it lists} of every many-to-many field."""
        found = {}
        for field in holding.model._meta.many_to_many:
            rows = holding.of(self.organisation).exclude(**{field.name: None}).order_by("pk", field.name)
            ids = found[field.name] = {}
            for pk, other in rows.values_list("pk", field.name).iterator(CHUNK):
                ids.setdefault(pk, []).append(other)
        return found

    def _value(self, field, value):
        if value is None or not isinstance(field, ForeignKey):
            return self._without_strangers(value) if field.name in NOTED_NAMES and value else value
        if field.related_model is User:
            self.people.add(value)
        return self.asked.named(field.related_model, value)

    def _without_strangers(self, text):
        """`text` without the e-mail addresses of people who are no members."""
        return ADDRESS.sub(lambda found: found[0] if found[0] in self.addresses else "(no member)", text)


class Asked:
    """What the standards ask, by the keys that mean the same everywhere. Each is looked up once."""

    def __init__(self):
        self.known = {}

    def named(self, model, pk):
        """The keys of a row of the standards; the id itself of any other row."""
        name = NAMED.get(model)
        if name is None:
            return pk
        if (model, pk) not in self.known:
            self.known[model, pk] = name(pk)
        return self.known[model, pk]

    def statement(self, requirement):
        """The words in force of the requirement with that id."""
        return self.named(Requirement, requirement)["statement"]


def _release(pk):
    standard, version = Release.objects.values_list("standard__key", "version").get(pk=pk)
    return {"standard": standard, "release": version}


def _variant(pk):
    variant = Variant.objects.get(pk=pk)
    return _release(variant.release_id) | {"variant": variant.code}


def _item(pk):
    item = Item.objects.select_related("domain").get(pk=pk)
    return _release(item.domain.release_id) | {"item": item.code, "title": item.title}


def _requirement(pk):
    asked = Requirement.objects.select_related("item__domain", "wording").get(pk=pk)
    keys = {"requirement": asked.key, "code": asked.code, "statement": asked.words["statement"]}
    return _release(asked.item.domain.release_id) | keys


NAMED = {Release: _release, Variant: _variant, Item: _item, Requirement: _requirement}


def as_json(value):
    """Days and moments in ISO 8601, letters as they are."""
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(
        f"{type(value).__name__} has no place in an export: hide the field or say how it is written."
    )
