"""What a line of the log looks like, and what never stands in one.

Secrets come into messages in paths, in words of exceptions, and in source lines of tracebacks. `Masked` takes them out of
whatever any logger says: values that the request itself brought along (form fields, JSON, cookies, the Authorization
header, tokens in its address) wherever they occur, and what looks like a secret by its shape or by the name before it.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from django.urls import resolve

answering = ContextVar("answering", default=None)  # the request that is being answered

HIDDEN = "***"
SECRET_KWARGS = {"token", "key", "uidb36", "uidb64"}
SHORTEST = 6  # characters of what somebody sent: a shorter text is as likely a word of ours
PATH = re.compile(r"(?<![\w.])/[^\s\"'<>,;()]+")
SECRET_PATH = re.compile(
    r"(/(?:calendar|invitations|shared|account/password/reset/key|account/confirm-email)/)[^\s/?\"'<>]+"
)
LONG = re.compile(r"[A-Za-z0-9_-]{24,}")
WORDS = re.compile(r"(?:[A-Za-z]+|\d+)(?:[_-]+(?:[A-Za-z]+|\d+))*")  # as names of files and functions are
# Each begins where a run of characters does: to try in the middle of it as well takes the square of its length.
SHAPES = [
    (re.compile(r"(\b\w+://[^\s/:@]*:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic) +[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"(?i)((?:passwor[dt]|passwd|secret|token|sessionid|csrf\w*|authorization|cookie|\bkey)[\"']?\s*[=:]\s*)"
            r"(?:\"[^\"]*\"|'[^']*'|[^\s&;,)]+)"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+"), "(e-mail)"),
    (re.compile(r"DETAIL:.*"), f"DETAIL: {HIDDEN}"),  # PostgreSQL quotes the whole row
]


def masked(text, sent=()):
    """`text` without what is secret in it, and without the texts in `sent`."""
    for value in sent:
        text = text.replace(value, HIDDEN)
    text = PATH.sub(lambda found: _masked_path(found[0]), text)
    text = SECRET_PATH.sub(rf"\1{HIDDEN}", text)
    for shape, instead in SHAPES:
        text = shape.sub(instead, text)
    return LONG.sub(lambda found: HIDDEN if _is_random(found[0]) else found[0], text)


def _masked_path(path):
    try:
        kwargs = resolve(path.partition("?")[0]).kwargs
    except Exception:  # no address of ours, or none are known yet: while the application starts
        return path
    for name, value in kwargs.items():
        if name in SECRET_KWARGS:
            path = path.replace(str(value), HIDDEN)
    return path


def _is_random(run):
    """Is it the run of letters and digits that a generator makes, rather than words with a line between them?"""
    if WORDS.fullmatch(run) and ("_" in run or "-" in run):
        return max(map(len, re.split("[_-]+", run))) >= 20 and not run.replace("_", "").isalpha()
    letters, digits = re.search("[A-Za-z]", run), re.search("[0-9]", run)
    return bool(letters and digits) or (run.isalpha() and run.isupper())


def sent_with(request):
    """Every text that came with `request` and that a log has no business to repeat, the longest first.

    Only what was read already: a log must not read a body that the page has not asked for.
    """
    if request is None:
        return []
    read, found = request.__dict__, []
    found += (text for texts in getattr(read.get("_post"), "lists", list)() for text in texts[1])
    found += (file.name or "" for _name, file in getattr(read.get("_files"), "items", list)())
    if "json" in request.META.get("CONTENT_TYPE", "") and "_body" in read:
        found += _texts(read["_body"])
    found += request.META.get("HTTP_COOKIE", "").split("; ")
    found += (pair.partition("=")[2] for pair in request.META.get("HTTP_COOKIE", "").split("; "))
    found += (request.META.get(name, "") for name in ("HTTP_AUTHORIZATION", "HTTP_X_CSRFTOKEN"))
    found.append(request.META.get("HTTP_AUTHORIZATION", "").rpartition(" ")[2])
    match = getattr(request, "resolver_match", None)
    found += (str(value) for name, value in (match.kwargs if match else {}).items() if name in SECRET_KWARGS)
    texts = {part for text in found for part in (text, repr(text)[1:-1]) if len(part) >= SHORTEST}
    return sorted(texts, key=len, reverse=True)


def _texts(body):
    """The strings in a JSON text, keys aside."""
    try:
        waiting, found = [json.loads(body)], []
    except (ValueError, RecursionError):
        return []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


class Masked(logging.Filter):
    """Rewrites a record before any formatter sees it, its traceback included."""

    def filter(self, record):
        if hasattr(record, "facts"):
            return True  # names of routes and numbers, no text of anybody
        sent = sent_with(_request_of(record))
        try:
            message = record.getMessage()
        except Exception:
            message = f"a message that could not be put together, at {record.pathname}:{record.lineno}"
        record.msg, record.args = masked(message, sent), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text, sent)
        if record.stack_info:
            record.stack_info = masked(record.stack_info, sent)
        return True


def _request_of(record):
    """Django's own loggers say which request they speak of; some speak once it is answered."""
    request = getattr(record, "request", None)
    return request if hasattr(request, "META") else answering.get()


class JsonLine(logging.Formatter):
    """One JSON object a line, in ASCII: nothing that somebody sends can begin a line of its own."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        number = getattr(_request_of(record), "log_id", None)
        if number:
            line["request"] = number
        line |= getattr(record, "facts", {})
        if record.exc_info or record.exc_text:
            line["trace"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line)


def configuration(form, debug):
    """LOGGING for lines in `form`, json or plain.

    Each request is a line in json only: in plain, which is for a person at a terminal, warnings and worse are.
    """
    ours = {"handlers": ["console"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"masked": {"()": "copcready.logs.Masked"}},
        "formatters": {
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "copcready.logs.JsonLine"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["masked"]},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "copcready.access": {"level": "INFO"},  # who looked at a tenant's rows in the admin site
            "copcready.organisations": {"level": "INFO"},  # which were deleted: nothing else remembers it
            "copcready.requests": {"level": "INFO" if form == "json" else "WARNING"},
            # Each of these has handlers of its own, which would print what came in as it came.
            "django": {"level": "INFO" if debug else "WARNING"},
            "django.server": {"level": "INFO", **ours},
            "gunicorn.error": {"level": "WARNING", **ours},
            "gunicorn.access": {"level": "INFO", **ours},
        },
    }
