"""Due actions as an iCalendar file (RFC 5545): one event of a whole day each, which every calendar subscribes to.

Written here rather than with a library: the feed uses a dozen lines of the format, all of them below.
"""

from datetime import UTC, timedelta
from unicodedata import category

from django.utils.translation import gettext as _

LINE = 75  # octets, the break left out
FOLD = "\r\n "
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
REFRESH = "PT6H"  # how often a calendar should look again


def feed(name, actions, address_of):
    """The file as text. `actions` are fetched with their names and have a day on which they are due; `address_of` gives the
    page of one. The same actions give the same text, whenever it is asked for."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//copcready//actions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for action in actions:
        lines += _event(action, address_of(action))
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(action, address):
    changed = f"{action.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return [
        "BEGIN:VEVENT",
        f"UID:action-{action.pk}@copcready",
        f"SEQUENCE:{action.version}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"DTSTART;VALUE=DATE:{_day(action.due)}",
        f"DTEND;VALUE=DATE:{_day(action.due + timedelta(days=1))}",  # the first day after it
        f"SUMMARY:{escaped(_('Due: %s') % action.title)}",
        f"LOCATION:{escaped(str(action.assessment.site))}",
        f"DESCRIPTION:{escaped(_description(action))}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",  # nobody is busy because something is due
        "END:VEVENT",
    ]


def _day(day):
    return day.isoformat().replace("-", "")


def _description(action):
    told = [
        (_("Owner: %s"), action.who or _("nobody yet")),
        (_("Status: %s"), action.get_status_display()),
        (_("Done when: %s"), action.done_when),
    ]
    return "\n".join(words % said for words, said in told if said)


def escaped(text):
    """`text` as a value. What would end a line by itself becomes a space, what no line may hold is dropped."""
    text = "".join(" " if category(sign) in ("Zl", "Zp") else sign for sign in text)
    return "".join(sign for sign in text if sign in "\n\t" or category(sign) != "Cc").translate(ESCAPES)


def folded(line):
    """`line` broken so that no part is longer than LINE octets and none breaks inside a character."""
    parts, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE:
            parts.append("")
            size = 1  # the space that a continued line begins with
        parts[-1] += sign
        size += width
    return FOLD.join(parts)
