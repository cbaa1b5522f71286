"""The questionnaire of an assessment as a workbook that can be filled in anywhere."""

import io

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.forms.answers import REASON_LIMIT
from assessments.models import Answer, Channel
from assessments.rules.scoring import NOT_APPLICABLE, UNKNOWN
from assessments.workbooks.layout import (
    ANSWER_CELLS,
    FORMAT,
    GUIDE,
    HEADINGS,
    KEY,
    OTHER_WORDS,
    QUESTIONNAIRE,
    SIGN,
    VERSION,
    cells,
    fingerprint,
    level_words,
    title,
)  # fmt: skip
from standards.models import Requirement
from standards.text import NOTE_LIMIT
from standards.workbook.layout import STATE
from standards.workbook.template import FORMATS as SHARED
from standards.workbook.template import LINE, OPTIONS, OWN, SHIPPED, wrapped, write_guide

FIRST = {"top": 2, "top_color": "#868377"}  # a line above each item
FORMATS = SHARED | {"shipped first": SHIPPED | FIRST, "own first": OWN | FIRST}
LEVEL_COLOURS = {  # ground and digit, as on the screen
    "0": ("#A63A1E", "#FFFFFF"),
    "1": ("#E0A04A", "#1C2430"),
    "2": ("#9CC3CF", "#1C2430"),
    "3": ("#1D5B79", "#FFFFFF"),
}
UNKNOWN_LOOK = {"pattern": 14, "fg_color": "#CBC7BB", "bg_color": "#FFFFFF"}  # thin diagonal stripes
NOT_APPLICABLE_LOOK = {"bg_color": "#F3F1EA", "font_color": "#465061", "italic": True}
WIDTHS = {  # characters
    "code": 8,
    "item": 22,
    "statement": 38,
    "scope": 30,
    "level": 25,
    "reason": 27,
    "reason_text": 27,
    "note": 52,
    "guidance": 52,
    "evidence": 44,
    "prompts": 44,
    "metrics": 44,
}
SENTENCE_WIDTH = 36
SEEN_WHOLE = ("item", "statement", "scope", "reason_text", "note", "level_3", "level_2", "level_1", "level_0")
LINES_MOST = 12
NAMES = tuple(HEADINGS)
ANSWERED = tuple(name for names in ANSWER_CELLS.values() for name in names)
LISTS_FROM = 4  # row of the hidden sheet, counted from 0, where the words to choose from begin
KINDS = (Requirement.PRACTICE, Requirement.RESULT)  # the first columns of these lists; the reasons follow


def workbook(assessment, *, by, at):
    """The bytes of an .xlsx file: how to fill it in, one row a requirement, and what the reader needs.

    `assessment` comes with its names, `by` is whose download it is, at the aware moment `at`.
    """
    answers = assessment.sheet()
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": title(assessment), "created": at.replace(tzinfo=None)})
        formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        write_guide(book.add_worksheet(GUIDE), formats, guide(assessment, by, at))
        sheet = book.add_worksheet(QUESTIONNAIRE)
        write_headings(sheet, formats, len(answers))
        for row, answer in enumerate(answers, 1):
            write_answer(sheet, formats, row, answer, begins_item(answers, row - 1))
        offer_lists(sheet, answers)
        colour_levels(book, sheet, len(answers))
        write_state(book.add_worksheet(STATE), assessment, by, at)
        sheet.activate()
    return file.getvalue()


def begins_item(answers, index):
    return not index or answers[index - 1].requirement.item_id != answers[index].requirement.item_id


def column(name):
    return NAMES.index(name)


# ---- the guide ------------------------------------------------------------------------------------------------------


def guide(assessment, by, at):
    """(style, text) of each line."""
    facts = {
        "assessment": title(assessment),
        "organisation": assessment.site.organisation,
        "standard": assessment.release,
        "variant": assessment.variant.name,
        "channels": ", ".join(map(str, Channel.labels_of(assessment.channels))),
        "by": by,
        "at": date_format(at, "j F Y, H:i e"),
        "sheet": QUESTIONNAIRE,
        "note": f"{NOTE_LIMIT:,}",
        "reason": REASON_LIMIT,
    }
    lines = [
        ("title", _("Questionnaire")),
        ("prose", _("%(organisation)s: %(assessment)s. %(standard)s, %(variant)s. In scope: %(channels)s.") % facts),
        ("prose", _("Downloaded by %(by)s on %(at)s, with every answer and note saved by then.") % facts),
        ("heading", _("How to fill it in")),
        ("prose", _("1. Go to the sheet '%(sheet)s'. Each row is one requirement. Write in the white columns only; the grey ones are for reading, and what is changed there is not read.") % facts),
        ("prose", _("2. Level: choose from the list, or write the digit alone. 'Not known' is an answer too, and an honest one. An empty level is a requirement still to be answered; emptying one takes the answer back.")),
        ("prose", _("3. 'Not applicable' needs a reason from the list. For 'Another reason', say in words which one, in at most %(reason)s characters.") % facts),
        ("prose", _("4. Note: what the level rests on, in at most %(note)s characters. Alt+Enter starts a new line.") % facts),
        ("prose", _("5. Save it as an Excel workbook (.xlsx) without a password and upload it where you downloaded it.")),
        ("heading", _("What happens when you upload it")),
        ("prose", _("First you see every row that would change, old beside new. Nothing is saved until you apply the rows you agree with, and what was applied can be undone in one go.")),
        ("prose", _("A cell you leave as it is changes nothing, whatever was answered on the screen meanwhile. Where you and somebody else changed the same thing, you see both, and what is saved stays unless you say otherwise.")),
        ("prose", _("A row is refused, with the reason, where its level is none of the list, a reason is missing, a text is too long or a cell holds a formula. The other rows are not held up.")),
        ("heading", _("What you may do with it")),
        ("prose", _("Nothing is locked. Sort, filter, hide and delete rows, colour cells, add columns of your own: they are not read. Keep the headings, the names of the sheets and the two hidden columns at the right end: they say which requirement a row is and which version of its answer you saw. Upload it to this assessment only; any other refuses it.")),
    ]  # fmt: skip
    if assessment.reading_only:
        lines.insert(3, ("prose", _("It can be read but not uploaded. %s") % assessment.reading_only))
    return lines


# ---- the table ------------------------------------------------------------------------------------------------------


def write_headings(sheet, formats, count):
    for name in NAMES:
        look = formats["own head" if name in ANSWERED else "shipped head"]
        sheet.set_column(
            column(name),
            column(name),
            WIDTHS.get(name, SENTENCE_WIDTH),
            None,
            {"hidden": name in (KEY, VERSION)},
        )
        sheet.write_string(0, column(name), str(HEADINGS[name]), look)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, column("statement") + 1)
    sheet.autofilter(0, 0, count, len(NAMES) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{count + 1}"})
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, count, column("note"))
    sheet.repeat_rows(0)


def write_answer(sheet, formats, row, answer, first):
    requirement = answer.requirement
    texts = requirement.words | {
        "code": requirement.code,
        "item": f"{requirement.item.code} {requirement.item.title}",
        KEY: requirement.key,
    }
    for field, names in ANSWER_CELLS.items():
        values = answer.standing(field)["values"]
        texts |= dict(zip(names, cells(field, values, requirement.kind), strict=True))
    sheet.set_row(row, height(texts))
    for name in NAMES:
        look = ("own" if name in ANSWERED else "shipped") + (" first" if first else "")
        if name == VERSION:
            sheet.write_number(row, column(name), answer.version, formats[look])
        else:
            sheet.write_string(row, column(name), texts[name], formats[look])


def height(texts):
    """Points. Every row shows all it is asked and answered; only the guidance has to be unfolded."""
    lines = [wrapped(texts[name], WIDTHS.get(name, SENTENCE_WIDTH)) for name in SEEN_WHOLE]
    return LINE * min(max(lines), LINES_MOST) + 2


def offer_lists(sheet, answers):
    """Only words that are offered can be chosen, but others are not fought: the upload says what is wrong with them."""
    lists = [len(level_words(kind)) for kind in KINDS] + [len(Answer.Reason)]
    sources = [
        f"={STATE}!${'ABC'[place]}${LISTS_FROM + 1}:${'ABC'[place]}${LISTS_FROM + count}"
        for place, count in enumerate(lists)
    ]
    for row, answer in enumerate(answers, 1):
        source = sources[KINDS.index(answer.requirement.kind)]
        sheet.data_validation(row, column("level"), row, column("level"), offer(source))
    if answers:
        sheet.data_validation(1, column("reason"), len(answers), column("reason"), offer(sources[-1]))
        for name, most in (("reason_text", REASON_LIMIT), ("note", NOTE_LIMIT)):
            sheet.data_validation(1, column(name), len(answers), column(name), at_most(most))


def offer(source):
    return {"validate": "list", "source": source, "show_error": False}


def at_most(characters):
    message = _("At most %s characters.") % f"{characters:,}"
    return {"validate": "length", "criteria": "<=", "value": characters, "error_message": message}


def colour_levels(book, sheet, count):
    """The colours of the screen, which follow what is chosen. They never tell alone: the digit or word stands there."""
    if not count:
        return
    area = 1, column("level"), count, column("level")
    for digit, (ground, ink) in LEVEL_COLOURS.items():
        look = book.add_format({"bg_color": ground, "font_color": ink})
        sheet.conditional_format(
            *area, {"type": "text", "criteria": "begins with", "value": digit, "format": look}
        )
    for choice, values in ((UNKNOWN, UNKNOWN_LOOK), (NOT_APPLICABLE, NOT_APPLICABLE_LOOK)):
        word = f'"{OTHER_WORDS[choice][0]}"'
        sheet.conditional_format(
            *area, {"type": "cell", "criteria": "==", "value": word, "format": book.add_format(values)}
        )


# ---- what the reader needs ------------------------------------------------------------------------------------------


def write_state(sheet, assessment, by, at):
    """Hidden: which assessment this is, which heading is which column, and the words to choose from."""
    sheet.very_hidden()
    rows = [
        (SIGN, FORMAT, fingerprint(assessment), title(assessment), at.isoformat(), str(by)),
        NAMES,
        tuple(str(HEADINGS[name]) for name in NAMES),
    ]
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text)
    lists = [level_words(kind).values() for kind in KINDS] + [Answer.Reason.labels]
    for place, words in enumerate(lists):
        for number, word in enumerate(words, LISTS_FROM):
            sheet.write_string(number, place, str(word))
