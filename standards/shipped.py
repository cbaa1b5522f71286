"""The shipped content as files and as rows: read and checked on one side, compared with what is stored on the other."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.management import CommandError
from django.db import models, transaction
from django.db.models import Prefetch

from standards.models import Domain, Item, Reference, Release, Requirement, Standard, Variant

SHIPPED = {f"standards.{model._meta.model_name}": model for model in (
    Standard, Release, Variant, Domain, Item, Requirement, Reference
)}  # fmt: skip
TO_RELEASE = {
    Variant: "release",
    Domain: "release",
    Item: "domain__release",
    Requirement: "item__domain__release",
    Reference: "item__domain__release",
}
NOT_INHERITED = ("quick", "ai_governance", "replaces")  # what a release says of itself
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is eight times as fast


@dataclass(frozen=True)
class Entry:
    """One row of a fixture file. `key` is its natural key."""

    path: Path
    number: int
    label: str
    fields: dict
    key: tuple = ()

    @property
    def model(self):
        return SHIPPED[self.label]

    def __str__(self):
        name = f" '{self.key[-1]}'" if self.key else ""
        label = f" ({self.label}{name})" if self.label else ""
        return f"{self.path.parent.name}/{self.path.name}, entry {self.number}{label}"


def folders(fixture_dirs):
    """The release folders, in the order of their names."""
    return sorted(path for root in fixture_dirs for path in Path(root).glob("standards/*/*") if path.is_dir())


def read(folder):
    """Every entry of a release folder, files in the order of their names, after those of its standard.

    Raises CommandError with a sentence.
    """
    entries = []
    for path, changed in (*_files(folder.parent), *_files(folder)):
        for number, row in enumerate(_rows(path, changed), 1):
            entries.append(_entry(path, number, row, entries))
    releases = [entry for entry in entries if entry.model is Release]
    if len(releases) != 1:
        raise CommandError(
            f"{folder} holds {len(releases)} releases; a folder is one release. Nothing was loaded."
        )
    seen = {}
    for entry in entries:
        if entry.model is not Standard and entry.key[:2] != releases[0].key:
            raise _broken(entry, f"it belongs to {' '.join(entry.key[:2])}, not to the release of its folder")
        first = seen.setdefault((entry.label, entry.key), entry)
        if first is not entry:
            raise _broken(entry, f"it is there already, as {first}")
    return entries


def release_entry(entries):
    return next(entry for entry in entries if entry.model is Release)


def _files(folder):
    """(path, time stamp) of the files directly in `folder`; with the stamp, a file changed since is read again."""
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml")))


@lru_cache
def _rows(path, changed):
    """The rows of a file as written."""
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), _YAML)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} is not readable as YAML: {error}. Nothing was loaded.") from error
    if not isinstance(rows, list):
        raise CommandError(f"{path} is not a list of entries. Nothing was loaded.")
    return rows


def _entry(path, number, row, before):
    row = row if isinstance(row, dict) else {}
    fields = row.get("fields")
    entry = Entry(path, number, str(row.get("model", "")), fields or {})
    if entry.label not in SHIPPED:
        raise _broken(entry, f"a standard is made of {', '.join(SHIPPED)} and nothing else")
    if not isinstance(fields, dict) or set(row) - {"like"} != {"model", "fields"}:
        raise _broken(
            entry, "it has to consist of 'model' and 'fields', and of 'like' where it takes text over"
        )
    if "like" in row:
        fields = _inherited(entry, row["like"], before) | fields
    for name, value in fields.items():
        _check_value(entry, name, value)
    for field in entry.model._meta.get_fields():
        if field.name not in fields and _is_required(field):
            raise _broken(entry, f"'{field.name}' is missing")
    whole = Entry(path, number, entry.label, fields)
    return replace(whole, key=natural_key(whole))


def _inherited(entry, key, before):
    """The fields of the entry of another release that `like` names, its variants turned into those of this release."""
    if not _is_key(key) or len(key) < 3:
        raise _broken(entry, "'like' has to name standard, version and code or key, as a list of texts")
    folder = entry.path.parents[1] / key[1].replace(".", "-")
    source = _written_in_full(_files(folder)).get((entry.label, tuple(key)))
    if source is None:
        raise _broken(entry, f"'like' names {' '.join(key)}, which {folder.name} does not hold in full")
    fields = {name: value for name, value in source.items() if name not in NOT_INHERITED}
    if "variants" in fields:
        own = {each.key[-1]: list(each.key) for each in before if each.model is Variant}
        fields["variants"] = [own[code] for *_, code in fields["variants"] if code in own]
    return fields


@lru_cache
def _written_in_full(files):
    """(label, natural key) -> fields of the entries that take nothing over from another."""
    found = {}
    for path, changed in files:
        for number, row in enumerate(_rows(path, changed), 1):
            if isinstance(row, dict) and "like" not in row and row.get("model") in SHIPPED:
                entry = _entry(path, number, row, [])
                found[entry.label, entry.key] = entry.fields
    return found


def natural_key(entry):
    """As the rows' own `natural_key`: the parent's, as far as it is needed, and the entry's own fields."""
    inherited = [path for path in entry.model.natural_key_fields if "__" in path]
    parent = entry.fields[inherited[0].split("__")[0]][: len(inherited)] if inherited else ()
    return (*parent, *(entry.fields[name] for name in entry.model.natural_key_fields[len(inherited) :]))


def _check_value(entry, name, value):
    """loaddata asks no questions: SQLite would store an over-long text and YAML turns an unquoted 1.10 into 1.1."""
    try:
        field = entry.model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if field is None or not field.concrete or field.primary_key:
        raise _broken(entry, f"there is no field '{name}'")
    if isinstance(field, models.ManyToManyField):
        fits = isinstance(value, list) and all(_is_key(key) for key in value)
    elif isinstance(field, models.ForeignKey):
        fits = _is_key(value)
    else:
        kind = str if isinstance(field, models.CharField | models.TextField) else type(field.to_python("1"))
        fits = type(value) is kind
        if fits:
            try:
                field.clean(value, None)
            except ValidationError as error:
                raise _broken(entry, f"'{name}': {' '.join(error.messages)}") from error
    if not fits:
        raise _broken(
            entry, f"'{name}' is {value!r}; codes and versions need quotes, keys are lists of texts"
        )


def _is_required(field):
    return field.concrete and not (field.auto_created or field.blank or field.has_default())


def _is_key(value):
    return isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value)


def _broken(entry, reason):
    return CommandError(f"{entry} is broken: {reason}. Nothing was loaded.")


def first_that_fails(entries):
    """`(entry, error)` for the first entry that cannot be stored after those before it, or None. Stores nothing."""
    found = None
    with transaction.atomic():
        for entry in entries:
            try:
                with transaction.atomic():
                    row = {"model": entry.label, "fields": entry.fields}
                    for loaded in serializers.deserialize("python", [row]):
                        loaded.save()
            except Exception as error:
                found = entry, error
                break
        transaction.set_rollback(True)
    return found


def made_here(release, entries):
    """Is the stored `release` an editor's own, made in the admin site under a number that is shipped now?"""
    added = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Release), object_id=release.pk, action_flag=ADDITION
    )
    still_a_draft = (
        release.status == Release.DRAFT and release_entry(entries).fields.get("status") != Release.DRAFT
    )
    return still_a_draft or added.exists()


def rows_of(model, release):
    """The rows of a shipped model that belong to `release`, with what their natural keys read."""
    path = TO_RELEASE[model]
    rows = model.objects.filter(**{path: release}).select_related(f"{path}__standard").order_by("pk")
    if model is Requirement:
        rows = rows.select_related(f"{path}__standard", "wording").prefetch_related(
            Prefetch("variants", Variant.objects.select_related("release__standard"))
        )
    return rows


def stored(release):
    """Natural key -> fields as a fixture would say them, of everything shipped that `release` holds."""
    rows = [release.standard, release, *(row for model in TO_RELEASE for row in rows_of(model, release))]
    told = serializers.serialize("python", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True)
    content = {}
    for row, entry in zip(rows, told, strict=True):
        entry["fields"].pop("revision", None)  # counts edits; no file knows it
        content[entry["model"], row.natural_key()] = entry["fields"]
    return content


def holds(before, entries):
    """Is what `stored` told exactly what the files say, so that there is nothing to load?"""
    return len(before) == len(entries) and all(
        _same(entry, before.get((entry.label, entry.key))) for entry in entries
    )


def _same(entry, stored_fields):
    if stored_fields is None:
        return False
    for field in entry.model._meta.get_fields():
        if field.name not in stored_fields:
            continue
        wanted = entry.fields[field.name] if field.name in entry.fields else field.get_default()
        found = stored_fields[field.name]
        if isinstance(field, models.ManyToManyField):
            wanted, found = sorted(map(tuple, wanted)), sorted(map(tuple, found))
        elif isinstance(field, models.ForeignKey):
            wanted, found = tuple(wanted), tuple(found)
        if wanted != found:
            return False
    return True
