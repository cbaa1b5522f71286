"""The document as what leaves the building with the PDF: plain lists and dictionaries."""

from dataclasses import is_dataclass
from datetime import date


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
