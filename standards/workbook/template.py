"""The workbook in which somebody writes own wording beside the shipped text."""

import io

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from standards import wordings
from standards.forms import LINES
from standards.models import Requirement, Wording
from standards.workbook.layout import (
    CODE,
    FORMAT,
    GUIDE,
    ITEM,
    KEY,
    LENGTH_LIMITS,
    RANGES,
    SIGN,
    STATE,
    TEXTS,
    marks,
    own_heading,
    shipped_heading,
)  # fmt: skip

FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
SHIPPED = {
    **FONT,
    "text_wrap": True,
    "bg_color": "#EFEDE6",
    "font_color": "#3F4855",
    "border": 1,
    "border_color": "#D8D4C8",
}
OWN = {**FONT, "text_wrap": True, "num_format": "@", "locked": False, "border": 1, "border_color": "#D8D4C8"}
FORMATS = {
    "title": {**FONT, "font_size": 18, "bold": True},
    "heading": {**FONT, "font_size": 13, "bold": True},
    "prose": {**FONT, "text_wrap": True},
    "shipped": SHIPPED,
    "own": OWN,
    "own number": {**OWN, "num_format": "0", "align": "left"},
    "shipped head": {**SHIPPED, "bold": True, "bg_color": "#DFDBCF", "font_color": "#1C2430"},
    "own head": {**SHIPPED, "bold": True, "bg_color": "#0F5E63", "font_color": "#FFFFFF"},
}
SENTENCE_WIDTH, LINES_WIDTH, NUMBER_WIDTH = 38, 58, 11  # characters
GUIDE_WIDTH, GUIDE_HEIGHTS, LINE = 88, {"title": 32, "heading": 30}, 15  # characters; points
PLACES = ((KEY, 26), (CODE, 8), (ITEM, 26))
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
UNLOCKED = {"format_columns": True, "format_rows": True, "autofilter": True}


def template(release, *, at):
    """The bytes of an .xlsx file: a guide, every requirement with shipped text and own wording, and what the reader needs.

    The workbook is protected without a password: that keeps a slip of the hand out of the shipped text, nothing more.
    """
    requirements = list(Requirement.objects.of(release).in_order())
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": _("Own wording of %s") % release, "created": at.replace(tzinfo=None)})
        formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        write_guide(book.add_worksheet(GUIDE), formats, guide(release, at))
        write_texts(book.add_worksheet(TEXTS), formats, requirements)
        write_state(book.add_worksheet(STATE), release, at, requirements)
    return file.getvalue()


def file_name(release):
    return f"own-wording-{release.standard.key}-{release.version}.xlsx"


# ---- the guide ------------------------------------------------------------------------------------------------------


def guide(release, at):
    """(style, text) of each line."""
    facts = {
        "release": release,
        "revision": release.revision,
        "at": date_format(at, "j F Y, H:i e"),
        "sheet": TEXTS,
        "weights": _("%(least)s to %(most)s") % RANGES["weight"],
        "levels": _("%(least)s to %(most)s") % RANGES["target_level"],
    }
    return [
        ("title", _("Own wording of %(release)s") % facts),
        ("prose", _("Downloaded on %(at)s, at revision %(revision)s of %(release)s. A workbook of another release is refused.") % facts),
        ("heading", _("How to fill it in")),
        ("prose", _("1. Go to the sheet '%(sheet)s'. Each row is one requirement. Grey columns hold the shipped text and are only for reading.") % facts),
        ("prose", _("2. Write your text in the white column beside it. Leave a cell empty where the shipped text is good as it is.")),
        ("prose", _("3. One sentence is one line. Where the shipped text has several lines, yours may have several too: Alt+Enter starts a new line.")),
        ("prose", _("4. Weight is a whole number from %(weights)s, target level one from %(levels)s.") % facts),
        ("prose", _("5. Save it as an Excel workbook (.xlsx) without a password and upload it where you downloaded it. You then see every change, word by word, before anything is stored.")),
        ("heading", _("What an empty cell means")),
        ("prose", _("The white cells hold the own wording there is today. Empty such a cell, and the shipped text comes back. A cell that was empty from the start and stays empty changes nothing.")),
        ("prose", _("A white cell that you leave as it is changes nothing either, whatever was edited in the admin site meanwhile.")),
        ("heading", _("What is refused")),
        ("prose", _("A row with a text too long for its field, with several lines where one belongs, with a formula or an error, or with a key that is not in this release. You are told row, column and reason; the other rows are not held up.")),
        ("prose", _("The sheet is protected without a password, so that nothing grey is typed over. Lift the protection to sort or delete rows or to remove columns you do not need: what is missing stays as it is. Leave the column 'Key', the headings and the names of the sheets as they are.")),
    ]  # fmt: skip


def write_guide(sheet, formats, lines):
    """`lines` holds (style, text)."""
    sheet.set_column(0, 0, GUIDE_WIDTH)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for row, (style, text) in enumerate(lines):
        sheet.write_string(row, 0, text, formats[style])
        sheet.set_row(row, GUIDE_HEIGHTS.get(style) or LINE * wrapped(text, GUIDE_WIDTH) + 3)


def wrapped(text, characters):
    """How many lines a text takes in a column of that width. Excel finds out by itself, other programs do not."""
    return sum(max(1, -(-len(line) // characters)) for line in text.split("\n"))


# ---- the texts ------------------------------------------------------------------------------------------------------


def width(name):
    if name in RANGES:
        return NUMBER_WIDTH
    return LINES_WIDTH if name in LINES else SENTENCE_WIDTH


def columns(name):
    """Where the shipped and the own text of a field stand."""
    first = len(PLACES) + 2 * Wording.FIELDS.index(name)
    return first, first + 1


def write_texts(sheet, formats, requirements):
    for column, (heading, size) in enumerate(PLACES):
        sheet.set_column(column, column, size)
        sheet.write_string(0, column, str(heading), formats["shipped head"])
    for name in Wording.FIELDS:
        write_column(sheet, formats, name, requirements)
    for row, requirement in enumerate(requirements, 1):
        for column, text in enumerate((requirement.key, requirement.code, requirement.item.title)):
            sheet.write_string(row, column, text, formats["shipped"])
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(requirements), columns(Wording.FIELDS[-1])[1])
    sheet.protect("", UNLOCKED)
    sheet.set_landscape()
    sheet.repeat_rows(0)


def write_column(sheet, formats, name, requirements):
    shipped, own = columns(name)
    sheet.set_column(shipped, own, width(name))
    sheet.write_string(0, shipped, shipped_heading(name), formats["shipped head"])
    sheet.write_string(0, own, own_heading(name), formats["own head"])
    write = sheet.write_number if name in RANGES else sheet.write_string
    own_format = formats["own number" if name in RANGES else "own"]
    for row, requirement in enumerate(requirements, 1):
        write(row, shipped, getattr(requirement, name), formats["shipped"])
        value = wordings.own_values(requirement)[name]
        if value is None:
            sheet.write_blank(row, own, None, own_format)
        else:
            write(row, own, value, own_format)
    if requirements:
        sheet.data_validation(1, own, len(requirements), own, rule(name))


def rule(name):
    """What Excel says to whom types too much."""
    if name in RANGES:
        least, most = RANGES[name]["least"], RANGES[name]["most"]
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": least,
            "maximum": most,
            "error_message": _("A whole number from %(least)s to %(most)s, or nothing.") % RANGES[name],
        }
    message = _("At most %s characters.") % LENGTH_LIMITS[name]
    return {"validate": "length", "criteria": "<=", "value": LENGTH_LIMITS[name], "error_message": message}


# ---- what the reader needs ------------------------------------------------------------------------------------------


def write_state(sheet, release, at, requirements):
    """Hidden: which release this is, which heading is which field, and a mark of each text as it is now, own and shipped."""
    sheet.very_hidden()
    rows = [
        (SIGN, FORMAT, release.standard.key, release.version, str(release.revision), at.isoformat()),
        ("", "", *Wording.FIELDS),
        ("", "", *map(own_heading, Wording.FIELDS)),
        ("", "", *map(shipped_heading, Wording.FIELDS)),
    ]
    for requirement in requirements:
        own, shipped = wordings.own_values(requirement), wordings.shipped_values(requirement)
        rows.append((requirement.key, requirement.fingerprint, *marks(own), *marks(shipped)))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
