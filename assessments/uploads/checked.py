"""From the bytes and the name of a file to a `Checked`, or to the sentence that says why not."""

import json
from typing import NamedTuple

from assessments.uploads import Refused, _, names
from assessments.uploads.kinds import Kind
from standards import limited


class Checked(NamedTuple):
    """A file that may be kept: its bytes as sent, what they are, and a name that every system can store."""

    content: bytes
    kind: Kind
    name: str


def looked_through(content, name):
    """The `Checked` of the bytes of a file that was called `name`. Raises `Refused`."""
    if not content:
        raise Refused(_("This file is empty."))
    kind = Kind(found("kind", json.dumps(name).encode() + b"\n" + content))
    return Checked(content, kind, names.cleaned(name, kind))


def found(question, data):
    """What `assessments.uploads.looking` answered to "kind" or "logo". Raises `Refused`."""
    try:
        answer = limited.ask("assessments.uploads.looking", question, data=data)
    except limited.GaveUp:
        raise Refused(
            _(
                "Looking through this file took too much time or memory. Save it smaller, or print it to a PDF."
            )
        ) from None
    if "refused" in answer:
        raise Refused(*answer["refused"], **answer["parts"])
    return answer["found"]
