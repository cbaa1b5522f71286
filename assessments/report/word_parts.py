"""The parts a Word document is made of: styled paragraphs, tables with repeating heads, fields, and a file that knows no clock.

Tables are written as XML at once; the way of the library, cell by cell, takes longer the more rows there are.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import get_language
from docx import Document as open_template
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from assessments.report.plain import printable

INK, INK_2, ACCENT, LINE = "1C2430", "465061", "0F5E63", "CBC7BB"
FACE = "Calibri"
HATCH = "CBC7BB"
MARGIN, TEXT_WIDTH = 20, 170  # millimetres, on A4
TWIPS = 56.69  # in a millimetre
BAR = 34  # spaces in a full bar
WHOLE_ROW = 600  # characters up to which a row is kept on one page
FILE_DATE = (1980, 1, 1, 0, 0, 0)
SIZES = {"Title": 30, "Heading 1": 19, "Heading 2": 13, "Heading 3": 11}
TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:color="{INK}"/><w:bottom w:val="single" w:sz="4" w:color="{LINE}"/>
<w:insideH w:val="single" w:sz="4" w:color="{LINE}"/></w:tblBorders>
<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>
<w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="{INK}"/></w:tcBorders></w:tcPr></w:tblStylePr>
</w:style>"""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; colours as six hexadecimal digits, `hatched` draws `ground` as stripes."""

    text: str
    bold: bool = False
    ink: str = ""
    ground: str = ""
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: runs, on a ground of its own where it has one."""

    runs: tuple[Run, ...]
    ground: str = ""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    width: int  # millimetres


def w(name, /, *children, **attributes):
    """An element of WordprocessingML."""
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    element.extend(children)
    return element


def run_of(run):
    look = w("rPr")
    if run.bold:
        look.append(w("b"))
    if run.ink:
        look.append(w("color", val=run.ink))
    if run.ground and run.hatched:
        look.append(w("shd", val="thinDiagStripe", color=run.ground, fill="FFFFFF"))
    elif run.ground:
        look.append(w("shd", val="clear", color="auto", fill=run.ground))
    return w("r", look, *_letters(run.text))


def _letters(text):
    """The text with its line ends and tabs as Word knows them."""
    for number, line in enumerate(printable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if number:
            yield w("br")
        for place, piece in enumerate(line.split("\t")):
            if place:
                yield w("tab")
            if piece:
                letters = w("t")
                letters.text = piece
                letters.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                yield letters


def paragraph_of(runs, style, *, centred=False):
    look = w("pPr", w("pStyle", val=style))
    if centred:
        look.append(w("jc", val="center"))
    return w("p", look, *map(run_of, runs))


def field(code, shown=""):
    """A field that the word processor works out: page numbers, contents."""
    parts = [
        w("fldChar", fldCharType="begin", dirty="true"),
        w("instrText"),
        w("fldChar", fldCharType="separate"),
    ]
    parts[1].text = f" {code} "
    return [*(w("r", part) for part in parts), run_of(Run(shown)), w("r", w("fldChar", fldCharType="end"))]


def as_cell(value):
    if isinstance(value, Cell):
        return value
    return Cell(value if isinstance(value, tuple) else (Run(str(value)),))


def bar(figure, target):
    """Runs as long as score and ceiling, in percent, with a stroke at the target. Their alternative stands in other columns."""
    if figure.score is None:
        return (Run("–"),)
    shown, most, mark = (
        round(BAR * value / 100) for value in (figure.percent, figure.ceiling_percent, target)
    )
    signs = [(place < shown, place < most, place == min(mark, BAR - 1)) for place in range(BAR)]
    runs = []
    for is_shown, is_open, is_mark in signs:
        text = "|" if is_mark else "\u00a0"
        ground = ACCENT if is_shown else HATCH if is_open else "F3F1EA"
        ink = "FFFFFF" if is_shown else INK
        runs.append(Run(text, is_mark, ink, ground, is_open and not is_shown))
    return tuple(_joined(runs))


def _joined(runs):
    """Neighbours of the same look as one run."""
    last = runs[0]
    for run in runs[1:]:
        if (run.bold, run.ink, run.ground, run.hatched) == (last.bold, last.ink, last.ground, last.hatched):
            last = Run(last.text + run.text, last.bold, last.ink, last.ground, last.hatched)
        else:
            yield last
            last = run
    yield last


class Pages:
    """A Word document in the making. Heading 1 begins a page."""

    def __init__(self):
        self.file = open_template()
        self.body = self.file.element.body
        self.end = self.body.sectPr  # always the last element
        self.bookmarks = 0
        _set_page(self.file.sections[0])
        _set_styles(self.file.styles)

    def add(self, element):
        self.end.addprevious(element)

    def text(self, text, style="Normal", *, bold=False):
        self.runs((Run(text, bold),), style)

    def runs(self, runs, style="Normal"):
        self.add(paragraph_of(runs, self.style_id(style)))

    def style_id(self, name):
        return self.file.styles[name].style_id

    def heading(self, text, level, name=""):
        """`name` is what the contents link to."""
        made = paragraph_of((Run(text),), self.style_id(f"Heading {level}"))
        if name:
            self.bookmarks += 1
            made.insert(1, w("bookmarkStart", id=self.bookmarks, name=name))
            made.append(w("bookmarkEnd", id=self.bookmarks))
        self.add(made)

    def bullets(self, lines):
        for line in lines:
            self.text(line, "List Bullet")

    def contents(self, entries):
        """`entries`: (name, text) of each. Until the word processor works out the pages, they are links without."""
        begin, code, middle, _shown, end = field(r'TOC \o "1-1" \h \z \u')
        for number, (name, text) in enumerate(entries):
            link = w("hyperlink", run_of(Run(text)), anchor=name, history=1)
            made = w("p", w("pPr", w("pStyle", val=self.style_id("Contents"))), link)
            if not number:
                made[1:1] = [begin, code, middle]
            if number == len(entries) - 1:
                made.append(end)
            self.add(made)

    def table(self, columns, rows, caption):
        """`rows` hold a text, runs or a `Cell` for each column; `caption` says in a sentence what the table shows."""
        widths = [round(column.width * TWIPS) for column in columns]
        head = _row([Cell((Run(column.heading, True),)) for column in columns], widths, head=True)
        self.add(
            w(
                "tbl",
                w(
                    "tblPr",
                    w("tblStyle", val="ReportTable"),
                    w("tblW", w=sum(widths), type="dxa"),
                    w("tblLayout", type="fixed"),
                    w(
                        "tblLook",
                        val="0020",
                        firstRow=1,
                        lastRow=0,
                        firstColumn=0,
                        lastColumn=0,
                        noHBand=1,
                        noVBand=1,
                    ),
                    w("tblCaption", val=printable(caption)),
                ),
                w("tblGrid", *(w("gridCol", w=width) for width in widths)),
                head,
                *(_row(map(as_cell, row), widths) for row in rows),
            )
        )
        self.text("", "After table")

    def footer(self, text, page, of):
        line = self.file.sections[0].footer.paragraphs[0]._p
        line.extend(
            [
                run_of(Run(f"{text}\t{page} ")),
                *field("PAGE", "1"),
                run_of(Run(f" {of} ")),
                *field("NUMPAGES", "1"),
            ]
        )

    def saved(self, properties, day):
        """The bytes of the file, dated `day`; `properties` are those of the core of the file."""
        core, at = self.file.core_properties, datetime.combine(day, time())
        core.comments, core.keywords, core.revision, core.language = "", "", 1, language()
        core.created = core.modified = at
        for name, text in properties.items():
            setattr(core, name, printable(text)[:255])
        made = io.BytesIO()
        self.file.save(made)
        return undated(made)


def language():
    """The language of the text as Word wants it: en-GB."""
    first, _dash, region = (get_language() or "en-gb").partition("-")
    return f"{first}-{region.upper()}" if region else first


def undated(made):
    """The same archive with the same date on every file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, FILE_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def _row(cells, widths, *, head=False):
    cells = list(cells)
    look = w("trPr")
    if head or sum(len(run.text) for cell in cells for run in cell.runs) <= WHOLE_ROW:
        look.append(w("cantSplit"))
    if head:
        look.append(w("tblHeader"))
    return w("tr", look, *(_cell(cell, width) for cell, width in zip(cells, widths, strict=True)))


def _cell(cell, width):
    look = w("tcPr", w("tcW", w=width, type="dxa"))
    if cell.ground:
        look.append(w("shd", val="clear", color="auto", fill=cell.ground))
    return w("tc", look, paragraph_of(cell.runs, "TableText", centred=cell.centred))


def _set_page(section):
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    section.different_first_page_header_footer = True


def _set_styles(styles):
    for lang in styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), language())
    normal = styles["Normal"]
    _set_face(normal, 10.5, INK)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in SIZES.items():
        _set_face(styles[name], size, ACCENT if name == "Heading 2" else INK)
        styles[name].paragraph_format.space_before = Pt(12 if name != "Title" else 120)
        styles[name].paragraph_format.space_after = Pt(4)
    styles["Heading 1"].paragraph_format.page_break_before = True
    _set_face(styles["Subtitle"], 13, INK_2)
    for name, size in (("Table Text", 9), ("After table", 4), ("Contents", 10.5), ("Small", 9)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.size = Pt(size)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
    styles.element.append(parse_xml(TABLE_STYLE))


def _set_face(style, size, ink):
    style.font.name, style.font.size, style.font.color.rgb = FACE, Pt(size), RGBColor.from_string(ink)
    style.font.italic = False
    faces = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)
