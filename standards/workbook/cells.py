"""An .xlsx file as plain cells, read in a process of its own with a limit on memory and time.

The server only calls `cells_of` and `figures_of`; this module, run as a program, does the rest, and says in one word why it
refused a file.
"""

import io
import re
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from xml.parsers import expat

from standards import limited

UNPACKED_LIMIT = 40 * 1024 * 1024  # bytes; the template of 240 requirements has about two million
ENTRY_LIMIT = 200  # files inside the zip; Excel writes about twelve
ROW_LIMIT, COLUMN_LIMIT = 2000, 200
FIGURE_ROWS, FIGURE_COLUMNS, FIGURE_CELLS = 10_000, 500, 400_000  # of a sheet of figures, up to its last cell
TEXT_LIMIT = 8_000_000  # characters in all cells together
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also the wrapping of an .xlsx with a password
EXCEL_BEGINS = datetime(1899, 12, 31)  # a cell of 0 days
BUILT_IN_FORMATS = {"9": "0%", "10": "0.00%", "18": "h:mm am/pm", "20": "h:mm"}
PARTS = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
STRANGERS = {"xl/workbook.bin": "xlsb", "content.xml": "ods", "word/document.xml": "word", "mimetype": "ods"}


class Refused(Exception):
    """The file is not read. `args[0]` is one word that says why."""


def cells_of(data, sheets):
    """Sheet name -> rows of cells, for those of `sheets` that the file has, and the names of all its sheets.

    A cell is a text, a number, or `{"is": "formula" | "error" | "date" | "logical"}`. Raises `Refused`.
    """
    return tuple(answer_of("texts", data, sheets))


def figures_of(data):
    """(name, rows) of the first sheet that holds numbers, else texts, and the names of the other sheets that hold anything.

    Hidden sheets are passed over. A formula counts as what it came to. A cell is a text, a number, or a dict: `{"is":
    "percent", "value": 0.8}` for a number shown as a percentage, "date" with an ISO text, "time" with seconds ("minutes"
    where the cell shows none), "error" with its sign, "formula" that nothing has worked out, or "logical".
    `("", [])` where all sheets are empty. Raises `Refused`.
    """
    name, rows, others = answer_of("figures", data)
    return (name, rows), others


def answer_of(question, data, sheets=()):
    try:
        answer = limited.ask("standards.workbook.cells", question, *sheets, data=data)
    except limited.GaveUp:
        raise Refused("broken") from None
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["found"]


def read(data, sheets):
    """What `cells_of` returns, without the limits of a process."""
    parts = unpacked(data)
    paths = sheet_paths(parts)
    wanted = {name: paths[name] for name in sheets if paths.get(name) in parts}
    odd = {name: odd_cells(parts[path]) for name, path in wanted.items()}
    book = workbook({name: parts[name] for name in (*PARTS, *wanted.values()) if name in parts})
    cells = {name: rows(book, name, odd[name], plain) for name in wanted}
    check_texts(cells.values())
    return cells, list(paths)


def read_figures(data):
    """What `figures_of` returns, flat, without the limits of a process."""
    parts = unpacked(data)
    formats = telling_formats(parts.get("xl/styles.xml", b"<none/>"))
    paths = {name: path for name, path in sheet_paths(parts).items() if path in parts}
    seen = {name: Seen(parts[path], formats) for name, path in paths.items()}
    book = workbook({name: parts[name] for name in (*PARTS, *paths.values()) if name in parts})
    visible = {sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith(".Visible")}
    filled = [name for name in paths if seen[name].filled and name in visible]
    if not filled:
        return "", [], []
    chosen = next((name for name in filled if seen[name].numbers), filled[0])
    found = rows(book, chosen, seen[chosen].cells, telling)
    check_texts([found])
    return chosen, found, [name for name in filled if name != chosen]


def check_texts(sheets):
    if (
        sum(len(cell) for rows in sheets for row in rows for cell in row if isinstance(cell, str))
        > TEXT_LIMIT
    ):
        raise Refused("much")


# ---- the zip --------------------------------------------------------------------------------------------------------


def unpacked(data):
    """Name -> bytes of every part we may need, none of them larger than it says."""
    if data.startswith(OLD_EXCEL):
        raise Refused("password" if "EncryptedPackage".encode("utf-16-le") in data else "xls")
    if not data.startswith(b"PK"):
        raise Refused("other")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check(entries)
            return {entry.filename: archive.read(entry) for entry in entries if is_needed(entry.filename)}
    # NotImplementedError: a way of packing that Python's zipfile does not know.
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error):
        raise Refused("broken") from None


def check(entries):
    check_entries(entries, ENTRY_LIMIT, UNPACKED_LIMIT)
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        raise Refused(next((word for name, word in STRANGERS.items() if name in names), "other"))


def check_entries(entries, most, most_bytes):
    """Are the entries of an office file what they should be: at most `most`, which say that they unpack to at most
    `most_bytes` together, named once each, without a password, packed as office programs pack? Raises `Refused`."""
    names = [entry.filename for entry in entries]
    if len(names) > most or sum(entry.file_size for entry in entries) > most_bytes:
        raise Refused("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("password")
    if len(set(names)) < len(names):
        raise Refused("broken")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("broken")


def is_needed(name):
    return name in PARTS or (name.startswith("xl/") and "sheets/" in name and name.endswith(".xml"))


# ---- the XML that calamine keeps to itself --------------------------------------------------------------------------


def parse(xml, start, end=None, text=None):
    """Runs the handlers over a part. One that declares a document type could grow without end, and none has to."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.EndElementHandler = end and (lambda name: end(name.rpartition(" ")[2]))
    parser.CharacterDataHandler = text

    def refuse(*args):
        raise Refused("broken")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError):  # LookupError: an encoding nobody knows
        raise Refused("broken") from None


def sheet_paths(parts):
    """Sheet name -> its part, in the order of the tabs."""
    targets, sheets = {}, {}

    def relation(name, attributes):
        if name == "Relationship":
            targets[attributes.get("Id")] = attributes.get("Target", "")

    def sheet(name, attributes):
        if name == "sheet":
            relation_id = next((value for key, value in attributes.items() if key.endswith(" id")), None)
            sheets[attributes.get("name", "")] = relation_id

    parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), relation)
    parse(parts["xl/workbook.xml"], sheet)
    return {name: str(PurePosixPath("/xl", targets.get(known, "")))[1:] for name, known in sheets.items()}


def odd_cells(xml):
    """(row, column), counted from 0, of cells with a formula or an error, which calamine would show as a plain value.

    Raises `Refused` where a value stands so far out that holding all cells up to it would fill the memory.
    """
    found, here, where = {}, [0, -1], {}

    def start(name, attributes):
        if name == "row":
            here[:] = [int(attributes.get("r", here[0] + 1)) - 1, -1]
        elif name == "c":
            here[1] = column_number(attributes["r"]) if "r" in attributes else here[1] + 1
            where["error"] = attributes.get("t") == "e"
        elif name in ("v", "is", "f"):
            if here[0] >= ROW_LIMIT or here[1] >= COLUMN_LIMIT:
                raise Refused("large")
            if name == "f" or where.get("error"):
                found.setdefault(tuple(here), "formula" if name == "f" else "error")

    try:
        parse(xml, start)
    except ValueError:
        raise Refused("broken") from None
    return found


class Seen:
    """What the XML of a sheet says of its cells and calamine keeps to itself. Raises `Refused` as `odd_cells` does.

    `cells` maps (row, column), counted from 0, to the dict that `figures_of` describes, without its value where calamine
    knows that; `filled` and `numbers` count cells.
    """

    def __init__(self, xml, formats):
        self.formats = formats  # number of a cell's style -> "percent" or "minutes"
        self.cells, self.filled, self.numbers = {}, 0, 0
        self.here, self.far, self.cell, self.text = [0, -1], [0, 0], {}, []
        try:
            parse(xml, self.start, self.end, self.text.append)
        except ValueError:
            raise Refused("broken") from None

    def start(self, name, attributes):
        if name == "row":
            self.here = [int(attributes.get("r", self.here[0] + 1)) - 1, -1]
        elif name == "c":
            self.here[1] = column_number(attributes["r"]) if "r" in attributes else self.here[1] + 1
            self.cell = {"type": attributes.get("t", "n"), "style": int(attributes.get("s", 0))}
        elif name == "f":
            self.cell["formula"] = True
        self.text.clear()

    def end(self, name):
        if name in ("v", "t"):
            self.cell["text"] = "".join(self.text)
        elif name == "c":
            self.note(self.cell)

    def note(self, cell):
        text, place = cell.get("text", ""), tuple(self.here)
        # "str": a formula that came to an empty text.
        came_to_nothing = "formula" not in cell or cell["type"] == "str"
        if not text and came_to_nothing:
            return
        self.check_reach(*place)
        self.filled += 1
        self.numbers += bool(text) and cell["type"] == "n"
        if not text:
            self.cells[place] = {"is": "formula"}
        elif cell["type"] == "e":
            self.cells[place] = {"is": "error", "value": text}
        elif cell["type"] == "n" and cell["style"] in self.formats:
            self.cells[place] = {"is": self.formats[cell["style"]]}

    def check_reach(self, row, column):
        self.far = [max(self.far[0], row + 1), max(self.far[1], column + 1)]
        if (
            self.far[0] > FIGURE_ROWS
            or self.far[1] > FIGURE_COLUMNS
            or self.far[0] * self.far[1] > FIGURE_CELLS
        ):
            raise Refused("large")


def telling_formats(xml):
    """Number of a style -> "percent", or "minutes" for a time without its seconds: what a number was meant as."""
    own, styles, inside = {}, [], []

    def start(name, attributes):
        inside.append(name)
        if name == "numFmt":
            own[attributes.get("numFmtId")] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            styles.append(attributes.get("numFmtId"))

    parse(xml, start, lambda name: inside.pop())
    meant = (meaning(own.get(number, BUILT_IN_FORMATS.get(number, ""))) for number in styles)
    return {style: word for style, word in enumerate(meant) if word}


def meaning(code):
    # What is quoted, escaped, padding or a colour in brackets is only decoration.
    code = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[a-gi-z]{3,}[^\]]*\]', "", code.lower())
    if "%" in code:
        return "percent"
    return "minutes" if "h" in code and "s" not in code and not re.search("[yd]", code) else ""


def column_number(reference):
    """'C7' -> 2."""
    number = 0
    for letter in reference.upper().rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


# ---- calamine ------------------------------------------------------------------------------------------------------


def workbook(parts):
    """calamine's workbook of a copy that holds nothing but `parts`, so that it meets only what was measured."""
    from python_calamine import CalamineError, CalamineWorkbook

    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    copy.seek(0)
    try:
        return CalamineWorkbook.from_filelike(copy)
    except CalamineError:
        raise Refused("broken") from None


def rows(book, name, odd, value_of):
    """The cells of a sheet, each as `value_of` makes it of what calamine found and of what `odd` has for its place."""
    from python_calamine import CalamineError

    try:
        found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError:
        raise Refused("broken") from None
    cells = [[value_of(value) for value in row] for row in found]
    for (row, column), what in odd.items():
        while len(cells) <= row:
            cells.append([])
        cells[row].extend([""] * (column + 1 - len(cells[row])))
        cells[row][column] = value_of(cells[row][column], what)
    return cells


def plain(value, odd=None):
    if odd:
        return {"is": odd}
    if isinstance(value, bool):
        return {"is": "logical"}
    if isinstance(value, date | time | timedelta):
        return {"is": "date"}
    return value


def telling(value, seen=None):
    """A cell of figures; `seen` is what its style or its XML adds to a value that was told already."""
    if seen:
        if seen["is"] == "percent":
            return seen | {"value": value} if isinstance(value, int | float) else value
        if seen["is"] == "minutes":
            return value | seen if isinstance(value, dict) and value["is"] == "time" else value
        return seen
    if isinstance(value, bool):
        return {"is": "logical"}
    if isinstance(value, datetime) and value.year <= EXCEL_BEGINS.year + 1:
        value -= EXCEL_BEGINS  # a time of more than a day
    if isinstance(value, date):
        return {"is": "date", "value": value.isoformat()[:10]}
    if isinstance(value, time):
        value = datetime.combine(EXCEL_BEGINS, value) - EXCEL_BEGINS
    return {"is": "time", "value": value.total_seconds()} if isinstance(value, timedelta) else value


def main(question, *sheets):
    def found(file):
        data = file.read()
        try:
            return {"found": read_figures(data) if question == "figures" else read(data, sheets)}
        except Refused as refusal:
            return {"refused": refusal.args[0]}

    limited.answer(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
