"""What the template and the reader of a filled-in workbook agree on."""

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards import wordings
from standards.forms import LINES_LIMIT, WordingForm
from standards.models import Requirement, Wording
from standards.text import clean_text

# Names of the sheets, the last one hidden.
GUIDE, TEXTS, STATE = "How to fill this in", "Own wording", "copcready"
SIGN, FORMAT = "copcready own wording", "1"  # the first cells of STATE
KEY, CODE, ITEM = gettext_lazy("Key"), gettext_lazy("Code"), gettext_lazy("Item")


def limit(name, kind):
    """What the validator of that kind says of a number."""
    return next(
        check.limit_value for check in Wording._meta.get_field(name).validators if isinstance(check, kind)
    )


LENGTH_LIMITS = {
    name: getattr(Requirement._meta.get_field(name), "max_length", None) or LINES_LIMIT
    for name in Requirement.WORDS
}
RANGES = {
    name: {
        "least": limit(name, MinValueValidator),
        "most": limit(name, MaxValueValidator),
    }
    for name in Wording.FIELDS
    if name not in Requirement.WORDS
}


def shipped_heading(name):
    return _("%s, shipped") % wordings.LABELS[name]


def own_heading(name):
    return _("%s, own") % wordings.LABELS[name]


def typed(name, text):
    """The value of a field as the page of the admin site would make it of `text`: None for empty. Raises ValidationError."""
    field = WordingForm.base_fields[name]
    value = field.to_python(text)
    if value in field.empty_values:
        return None
    Wording._meta.get_field(name).run_validators(value)  # the range of a number
    return field.clean(value)


def mark(name, value):
    """A short sign of a text or number, the same for texts that cleaning makes equal; '' for none.

    The template holds one for each cell, so that a reader knows which cells were filled in since, and which wording was
    edited in the admin site since.
    """
    try:
        value = typed(name, "" if value is None else str(value))
    except ValidationError:  # stored before the limit that it breaks
        value = clean_text(str(value))
    return "" if value is None else sha256(str(value).encode()).hexdigest()[:12]


def marks(values):
    return [mark(name, values[name]) for name in Wording.FIELDS]
