"""What the workbook of a questionnaire and the reader of a filled-in one agree on."""

import re
from collections import defaultdict
from datetime import UTC
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from assessments.forms.answers import LEVEL_WORDS
from assessments.models import Answer
from assessments.rules.scoring import LEVEL_CHOICES, NOT_APPLICABLE, OPEN, UNKNOWN
from standards.text import clean_text
from standards.workbook.layout import STATE

# Names of the sheets; the last one, hidden, is called like that of every workbook of ours.
GUIDE, QUESTIONNAIRE = "Read me", "Questionnaire"
SHEETS = (GUIDE, QUESTIONNAIRE, STATE)
SIGN, FORMAT = "copcready answers", "1"  # the first cells of STATE

# Name -> heading of each column, in order. The four answer cells are read, key and version say which answer they are.
KEY, VERSION = "key", "version"
ANSWER_CELLS = {Answer.CHOICE: ("level", "reason", "reason_text"), Answer.NOTE: ("note",)}
READ = (*ANSWER_CELLS[Answer.CHOICE], *ANSWER_CELLS[Answer.NOTE], KEY, VERSION)
HEADINGS = {
    "code": gettext_lazy("Code"),
    "item": gettext_lazy("Item"),
    "statement": gettext_lazy("What has to be shown"),
    "scope": gettext_lazy("Scope"),
    "level": gettext_lazy("Level"),
    "reason": gettext_lazy("Reason"),
    "reason_text": gettext_lazy("Reason in words"),
    "note": gettext_lazy("Note"),
    "level_3": gettext_lazy("Level 3: what good looks like"),
    "level_2": gettext_lazy("Level 2"),
    "level_1": gettext_lazy("Level 1"),
    "level_0": gettext_lazy("Level 0"),
    "guidance": gettext_lazy("How good looks"),
    "evidence": gettext_lazy("What shows it"),
    "prompts": gettext_lazy("Who must be able to explain it"),
    "metrics": gettext_lazy("What is measured"),
    KEY: gettext_lazy("Key"),
    VERSION: gettext_lazy("Version"),
}

OTHER_WORDS = {
    UNKNOWN: (gettext_lazy("Not known"), "unknown", "?"),
    NOT_APPLICABLE: (gettext_lazy("Not applicable"), "n/a", "na", "n.a."),
}
DIGIT = re.compile(r"([0-3])(?:\.0+)?(?:[\s:.,;)\u2013\u2014-]+(.*))?", re.DOTALL)

CELL_LIMIT = 32_767  # what Excel holds, in UTF-16 units: an emoji counts as two
# Excel reads `_x000D_` as a character. XlsxWriter guards against that, but not where two of them share an underscore.
TWISTED = re.compile("_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")


def fingerprint(assessment):
    """Names one assessment of one installation."""
    started = assessment.started_at.astimezone(UTC).isoformat()
    return sha256(f"{assessment.pk} {assessment.release_id} {started}".encode()).hexdigest()[:32]


def title(assessment):
    """The assessment as people tell it from others."""
    started = timezone.localtime(assessment.started_at, ZoneInfo(assessment.site.time_zone))
    return _("%(assessment)s, started on %(day)s") % {
        "assessment": assessment,
        "day": date_format(started, "j F Y"),
    }


# ---- an answer as cells ---------------------------------------------------------------------------------------------


def level_words(kind):
    """The list of the level column, in order: choice -> words."""
    levels = {digit: f"{digit} {word}" for digit, word in zip(LEVEL_CHOICES, LEVEL_WORDS[kind], strict=True)}
    return levels | {choice: str(words[0]) for choice, words in OTHER_WORDS.items()}


def cells(field, values, kind):
    """The texts that stand in the cells of a field, given its values and the kind of the requirement."""
    if field == Answer.NOTE:
        return (in_cell(values["note"]),)
    if values["choice"] != NOT_APPLICABLE:
        return level_words(kind).get(values["choice"], ""), "", ""
    reason = values["reason"]
    label = str(Answer.Reason(reason).label) if reason in Answer.Reason.values else ""
    return level_words(kind)[NOT_APPLICABLE], label, in_cell(values["reason_text"])


def fits(text):
    """Can a cell hold this text, and give it back as it is?"""
    return len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT and not TWISTED.search(text)


def in_cell(text):
    """The text as its cell shows it. Only what `fits` can be changed there."""
    text = clean_text(text)
    return text if fits(text) else _("This text cannot be shown in a workbook. Leave the cell as it is, and edit it on its page.")  # fmt: skip


# ---- cells as an answer ---------------------------------------------------------------------------------------------


def plain(text):
    """For comparing words: small letters, single spaces."""
    return " ".join(text.casefold().split())


def in_every_language(text):
    """A text of ours as it reads in any language there is, as plain words."""
    found = set()
    for language in (None, *(code for code, _name in settings.LANGUAGES)):
        with override(language):
            found.add(plain(str(text)))
    return found


@cache
def meanings():
    """Plain words -> the choices they can stand for."""
    found = defaultdict(set)
    levels = [pair for words in LEVEL_WORDS.values() for pair in zip(LEVEL_CHOICES, words, strict=True)]
    others = [(choice, word) for choice, words in OTHER_WORDS.items() for word in words]
    for choice, word in levels + others:
        for words in in_every_language(word):
            found[words].add(choice)
    return dict(found)


def choice_of(text):
    """The choice that is meant by what somebody wrote into the level column; None where it is none, or might be two."""
    text = plain(text)
    if text == "":
        return OPEN
    digit = DIGIT.fullmatch(text)
    if digit and not digit[2]:
        return digit[1]
    meant = meanings().get(digit[2] if digit else text, set())
    if digit:
        return digit[1] if digit[1] in meant else None
    return next(iter(meant)) if len(meant) == 1 else None


def reason_of(text):
    """The reason that is meant, '' for none, None where it is none of ours."""
    text = plain(text)
    for reason in Answer.Reason:
        if text == reason.value or text in in_every_language(reason.label):
            return reason.value
    return "" if text == "" else None
