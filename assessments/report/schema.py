"""The JSON Schema of `answers.json`: types from the dataclasses of the document, words from docs/schemas/answers-fields.yaml."""

from dataclasses import is_dataclass
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import get_args, get_origin

import yaml
from django.conf import settings

from assessments.report.document import SCHEMA, Document
from assessments.report.plain import hints_of

FOLDER = Path(settings.BASE_DIR, "docs", "schemas")
WORDS = FOLDER / "answers-fields.yaml"
PUBLISHED = FOLDER / f"answers-{SCHEMA}.json"
PLAIN = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    object: {"type": "integer"},  # the key of a gap: any name to the arithmetic, a number in the database
}


class Undescribed(Exception):
    """Fields without words, or words without a field; the message names them."""


def written():
    """Class -> field -> (description, keywords of JSON Schema its value keeps to)."""
    told = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {
        kind: {
            name: (words, {}) if isinstance(words, str) else tuple(words) for name, words in fields.items()
        }
        for kind, fields in told.items()
    }


def kinds_of(kind=Document):
    """Every dataclass of the document by its name, in the order in which it is met."""
    found, waiting = {}, [kind]
    for each in waiting:  # it grows
        if is_dataclass(each) and each.__name__ not in found:
            found[each.__name__] = each
            waiting += hints_of(each).values()
        waiting += get_args(each)
    return found


def schema(words):
    """The schema as a dictionary. `words` is what `written` gives. Raises `Undescribed`."""
    kinds = kinds_of()
    must_match(kinds, words)
    parts = {name: _object(kind, words[name]) for name, kind in kinds.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:copcready:answers:{SCHEMA}",
        "title": "The answers of an assessment and what follows from them",
        **parts.pop(Document.__name__),
        "$defs": parts,
    }


def must_match(kinds, words):
    fields = {(name, field) for name, kind in kinds.items() for field in hints_of(kind)}
    told = {(name, field) for name, of_kind in words.items() for field in of_kind}
    if fields != told:
        names = ", ".join(f"{kind}.{field}" for kind, field in sorted(fields ^ told))
        raise Undescribed(f"{WORDS.name} and the document differ in: {names}.")


def _object(kind, words):
    hints = hints_of(kind)
    properties = {}
    for name in kind.__dataclass_fields__:
        description, keeps_to = words[name]
        properties[name] = {"description": description, **_value(hints[name], keeps_to)}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _value(hint, keeps_to=None):
    """The schema of a value of the type `hint`, narrowed by the keywords `keeps_to`."""
    keeps_to = keeps_to or {}
    if is_dataclass(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if get_origin(hint) is UnionType:
        (only,) = (part for part in get_args(hint) if part is not NoneType)
        return {"anyOf": [_value(only, keeps_to), {"type": "null"}]}
    if get_origin(hint) in (tuple, list):
        inner = [each for each in get_args(hint) if each is not Ellipsis]
        if len(inner) > 1:
            return {"type": "array", "prefixItems": [_value(each) for each in inner], "items": False}
        return {"type": "array", "items": _value(inner[0], keeps_to)}
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _value(get_args(hint)[1], keeps_to)}
    return PLAIN[hint] | keeps_to
