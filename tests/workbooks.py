"""Workbooks as a spreadsheet program would save them, and files that are none or mean harm."""

import io
import zipfile

import xlsxwriter

from standards.workbook.cells import read


class Copy:
    """The cells of a workbook, to be changed and saved again. A cell `("formula", "=1+1")` is written as one."""

    table = ""  # the name of the sheet that people fill in
    names = ()  # of all sheets, in order

    def __init__(self, content):
        self.sheets, _ = read(content, self.names)

    @property
    def rows(self):
        return self.sheets[self.table]

    def saved(self):
        file = io.BytesIO()
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "d mmm yyyy",
        }
        with xlsxwriter.Workbook(file, options) as book:
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        put(sheet, number, column, cell)
        return file.getvalue()


def put(sheet, row, column, cell):
    if isinstance(cell, tuple):
        sheet.write_formula(row, column, cell[1], None, cell[2] if len(cell) > 2 else 2)
    elif cell not in ("", None):
        sheet.write(row, column, cell)


def repacked(content, **parts):
    """The zip with parts replaced, or removed where the new content is None. `xl__workbook_xml` names xl/workbook.xml."""
    new = {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in old.namelist():
            part = new.pop(name, old.read(name))
            if part is not None:
                archive.writestr(name, part)
        for name, part in new.items():
            archive.writestr(name, part)
    return file.getvalue()


def table_xml(content):
    """The sheet that people fill in is the second one of every workbook of ours."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet2.xml").decode()


def with_table(content, xml):
    return repacked(content, xl__worksheets__sheet2_xml=xml)


def with_ending(content, end):
    return with_table(content, table_xml(content).replace("</sheetData>", end))


# ---- files that are no filled-in workbook: bytes of a good one in, bytes of a bad one out ------------------------------


def old_excel(*_):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def with_password(*_):
    return old_excel() + "EncryptedPackage".encode("utf-16-le") + bytes(2000)


def bomb(content):
    """5 kB that unpack to 50 MB."""
    return repacked(content, xl__media=b"0" * 50_000_000)


def lying_bomb(content):
    """The same, but the zip says it is small."""
    made = bytearray(repacked(content, xl__sharedStrings_xml=b"<sst>" + b" " * 50_000_000))
    size = (50_000_005).to_bytes(4, "little")
    return bytes(made.replace(size, (1000).to_bytes(4, "little")))


def many_entries(content):
    return repacked(content, **{f"xl__media__{number}": b"x" for number in range(300)})


def locked_entries(content):
    """The zip's own password, not Excel's."""
    made = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + flags] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)


def far_cell(content):
    return with_ending(content, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def wide_row(content):
    return with_ending(content, '<row r="3"><c r="ZZZ3"><v>1</v></c></row></sheetData>')


def laughing(content):
    """An entity that doubles with every level."""
    levels = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
    return with_table(
        content, f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><worksheet>&a39;</worksheet>'
    )


def declared(content):
    """A document type, harmless this time."""
    declaration = '<!DOCTYPE worksheet [<!ENTITY a "ha">]>'
    return with_table(content, table_xml(content).replace("<worksheet", declaration + "<worksheet", 1))


def reading_a_file(content):
    """An entity that stands for a file of the server."""
    declaration = '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    return with_table(content, table_xml(content).replace("<worksheet", declaration + "<worksheet", 1))


def repeated(content):
    """One long shared string in very many cells: small on disk, large in memory."""
    cells = "".join(f'<row r="{r}">' + '<c t="s"><v>0</v></c>' * 150 + "</row>" for r in range(20, 1500))
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 1_000_000}</t></si></sst>'
    xml = table_xml(content).replace("</sheetData>", cells + "</sheetData>")
    return repacked(content, xl__worksheets__sheet2_xml=xml, xl__sharedStrings_xml=strings)


FILES = [
    (lambda _: b"", "not an Excel workbook"),
    (lambda _: b"key;statement\npr1;ours\n", "not an Excel workbook"),
    (lambda _: b"%PDF-1.7", "not an Excel workbook"),
    (lambda _: b"<html>", "not an Excel workbook"),
    (lambda _: b"PK\x03\x04", "cannot be read"),
    (old_excel, "workbook of the old kind (.xls)"),
    (with_password, "has a password"),
    (locked_entries, "has a password"),
    (lambda c: c[:9000], "cannot be read"),
    (lambda c: c[: len(c) // 2], "cannot be read"),
    (lambda c: repacked(c, xl__workbook_xml=None), "not an Excel workbook"),
    (lambda c: repacked(c, xl__workbook_xml=b"<workbook"), "cannot be read"),
    (lambda c: repacked(c, xl__workbook_xml=None, content_xml=b""), "OpenDocument"),
    (lambda c: repacked(c, xl__workbook_xml=None, word__document_xml=b""), "Word document"),
    (lambda c: repacked(c, **{"xl__workbook_xml": None, "xl__workbook.bin": b""}), "binary workbook (.xlsb)"),
    (lambda c: with_table(c, b"<a><b></a>"), "cannot be read"),
    (lambda c: with_table(c, b'<?xml version="1.0" encoding="klingon"?><a/>'), "cannot be read"),
    (lambda c: repacked(c, xl__sharedStrings_xml=b"<sst><si><t>"), "cannot be read"),
    (bomb, "unpacks to far more than it should"),
    (many_entries, "unpacks to far more than it should"),
    (lying_bomb, "cannot be read"),
    (far_cell, "far below or far to the right"),
    (wide_row, "far below or far to the right"),
    (laughing, "cannot be read"),
    (declared, "cannot be read"),
    (reading_a_file, "cannot be read"),
    (repeated, "cannot be read"),
]
