"""The document as what leaves the building with the PDF: plain lists and dictionaries, and the way back from them."""

import json
import re
from dataclasses import MISSING, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints

hints_of = cache(get_type_hints)
NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # nor can it be set


def printable(text):
    """`text` with a replacement character for whatever no page or office file can hold: controls, NUL, half surrogates."""
    return NOT_IN_XML.sub("\ufffd", text)


def as_json(document):
    """The document as plain lists and dictionaries, dates as ISO text. In one pass: `asdict` would copy it first."""

    def plain(value):
        if isinstance(value, str | int | float | None):
            return value
        if is_dataclass(value):
            return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        return value.isoformat() if isinstance(value, date) else [plain(inner) for inner in value]

    return plain(document)


def as_text(document):
    """The document as JSON text; equal documents give equal text."""
    return json.dumps(as_json(document), ensure_ascii=False, indent=1)


def revived(kind, value):
    """A value of the type `kind`, a dataclass of the document, from what `as_json` made of it.

    Raises KeyError where `value` lacks a field without a default: it was made by another version of the document. A field
    with one came later, and what is older has nothing to say in it.
    """
    if is_dataclass(kind):
        fields = kind.__dataclass_fields__
        told = {
            name: revived(hint, value[name])
            for name, hint in hints_of(kind).items()
            if name in value or fields[name].default is MISSING
        }
        return kind(**told)
    if get_origin(kind) is UnionType:
        (only,) = (part for part in get_args(kind) if part is not NoneType)
        return None if value is None else revived(only, value)
    if get_origin(kind) is tuple:
        (inner, *_rest) = get_args(kind)
        return tuple(revived(inner, each) for each in value)
    if get_origin(kind) is list:
        (inner,) = get_args(kind)
        return [revived(inner, each) for each in value]
    if get_origin(kind) is dict:
        _key, inner = get_args(kind)
        return {key: revived(inner, each) for key, each in value.items()}
    return kind.fromisoformat(value) if kind in (date, datetime) else value
