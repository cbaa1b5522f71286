"""Looking through a file in a process of its own: `python -m assessments.uploads.looking kind|logo`, which `checked` starts."""

import base64
import json
import sys

from assessments.uploads import Refused, _, logos, office, pdf, pictures, texts
from standards import limited

KINDS_KEPT = _(
    "Nothing was added. Allowed are PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), CSV and plain text."
)
RTF = b"{\\rtf"
# Beginnings of what people send by mistake and others on purpose, with what to call it and what to do instead.
KNOWN = (
    (b"MZ", _("This is a program for Windows.")),
    (b"\x7fELF", _("This is a program for Linux.")),
    (b"\xca\xfe\xba\xbe", _("This is a program for macOS or Java.")),
    (b"\xcf\xfa\xed\xfe", _("This is a program for macOS.")),
    (b"GIF8", _("This is a GIF picture. Save it as PNG.")),
    (b"RIFF", _("This is a WebP picture, a sound or a film. Save a picture as PNG or JPEG.")),
    (b"II*\0", _("This is a TIFF picture. Save it as PDF or PNG.")),
    (b"MM\0*", _("This is a TIFF picture. Save it as PDF or PNG.")),
    (b"BM", _("This is a BMP picture. Save it as PNG.")),
    (b"\x1f\x8b", _("This is a packed file (gzip). Send what is in it.")),
    (b"7z\xbc\xaf", _("This is a packed file (7z). Send what is in it.")),
    (b"Rar!", _("This is a packed file (RAR). Send what is in it.")),
    (RTF, _("This is an RTF document. Save it as a Word document (.docx) or as PDF.")),
    (b"%!PS", _("This is a PostScript file. Save it as PDF.")),
    (b"L\0\0\0\x01\x14\x02\0", _("This is a Windows shortcut. Send the file it leads to.")),
)  # fmt: skip
PHOTO_OF_PHONE = _("This is a photo or a film as phones keep them (HEIC, MP4). Save a photo as JPEG.")


def kind_of(content, name):
    """The value of a `Kind`, of the bytes of a file called `name`. Raises `Refused`."""
    if content.startswith(b"%PDF-"):
        pdf.check(content)
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        pictures.check(content, "PNG")
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        pictures.check(content, "JPEG")
        return "jpg"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return office.kind_of(content)
    if content.startswith(office.OLD_OFFICE):
        raise Refused(office.old_kind(content))
    refuse_known(content)
    return texts.kind_of(content, name)


def refuse_known(content):
    sentence = next((sentence for start, sentence in KNOWN if content.startswith(start)), None)
    if content[4:8] == b"ftyp":
        sentence = PHOTO_OF_PHONE
    # A text may begin with BM or MZ, and an RTF document is one.
    if sentence and (content.startswith(RTF) or not texts.is_plain(content)):
        raise Refused(sentence, KINDS_KEPT)


def main(question):
    def found(file):
        try:
            if question == "logo":
                return {"found": base64.b64encode(logos.reencoded(file.read())).decode()}
            name = json.loads(file.readline())
            return {"found": kind_of(file.read(), name)}
        except Refused as refusal:
            return {"refused": refusal.args, "parts": refusal.parts}

    limited.answer(found)


if __name__ == "__main__":
    main(sys.argv[1])
