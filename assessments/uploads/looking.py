"""From the bytes and the name of a file to a `Checked`, or to the sentence that says why not."""

from django.utils.translation import gettext_lazy as _

from assessments.uploads import Checked, Kind, Refused, names, office, pdf, pictures, texts

KINDS_KEPT = _(
    "Nothing was added. Allowed are PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), CSV and plain text."
)
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
    (b"{\\rtf", _("This is an RTF document. Save it as a Word document (.docx) or as PDF.")),
    (b"%!PS", _("This is a PostScript file. Save it as PDF.")),
    (b"L\0\0\0\x01\x14\x02\0", _("This is a Windows shortcut. Send the file it leads to.")),
)  # fmt: skip
PHOTO_OF_PHONE = _("This is a photo or a film as phones keep them (HEIC, MP4). Save a photo as JPEG.")


def looked_through(content, name):
    """The `Checked` of the bytes of a file that was called `name`. Raises `Refused` with a sentence."""
    if not content:
        raise Refused(_("This file is empty."))
    kind = kind_of(content, name)
    return Checked(content, kind, names.cleaned(name, kind))


def kind_of(content, name):
    if content.startswith(b"%PDF-"):
        pdf.check(content)
        return Kind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        pictures.check(content, "PNG")
        return Kind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        pictures.check(content, "JPEG")
        return Kind.JPEG
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
    if sentence and not texts.is_plain(content):  # a text may begin with BM or MZ
        raise Refused(f"{sentence} {KINDS_KEPT}")
    if content.startswith(b"{\\rtf"):
        raise Refused(f"{dict(KNOWN)[content[:5]]} {KINDS_KEPT}")
