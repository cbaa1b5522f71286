"""PNG and JPEG pictures: decoded whole, within limits, and with nothing behind or between that is no picture."""

import io
import re
import struct
import warnings
import zipfile

from PIL import Image

from assessments.uploads import Refused, _

MOST_PIXELS = 40_000_000  # decoded: 160 MB at most; a photo of a phone has 12 million
BEGINS_JPEG = b"\xff\xd8"
SCAN = b"\xff\xda"  # of a JPEG, which may say each point again and again, ever finer
MOST_SCANS = 100  # cameras and programs write one to a dozen for each picture
PAGES_AND_SCRIPTS = re.compile(rb"<(script|html|svg|iframe|\?php|!doctype)", re.IGNORECASE)
DAMAGED = _("This picture is damaged or not complete. Open it, save it anew and send that.")
END_OF_JPEG = b"\xff\xd9"


def check(content, form):
    """Raises `Refused` where the bytes are not one whole picture of the form, "PNG" or "JPEG"."""
    decode(content, form)
    end = end_of_png(content) if form == "PNG" else end_of_jpeg(content)
    if end < 0:
        raise Refused(DAMAGED)
    if end < len(content) or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(
            _("Behind the end of this picture something else follows. Open it, save it anew and send that.")
        )
    found = PAGES_AND_SCRIPTS.search(content)
    if found:
        raise Refused(
            _("In this picture hides a page or a script: “%(found)s”. Open it, save it anew without its notes and send that."),
            found=found[0].decode(),
        )  # fmt: skip


def decode(content, form):
    check_scans(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            picture = Image.open(io.BytesIO(content), formats=(form, "MPO") if form == "JPEG" else (form,))
        check_size(picture, MOST_PIXELS)
        picture.load()
    except Image.DecompressionBombError:
        raise Refused(
            _("This picture has far more pixels than can be looked at safely. Save it smaller.")
        ) from None
    except Refused:
        raise
    except Exception as broken:  # whatever a decoder makes of a broken or hostile file
        raise Refused(DAMAGED) from broken


def check_scans(content):
    if content.startswith(BEGINS_JPEG) and content.count(SCAN) > MOST_SCANS:
        raise Refused(
            _("This picture is drawn over and over to take time. Open it, save it anew and send that.")
        )


def check_size(picture, most):
    if picture.width * picture.height > most:
        raise Refused(
            _(
                "This picture has %(width)s × %(height)s pixels, more than can be looked at safely. Save it smaller."
            ),
            width=picture.width,
            height=picture.height,
        )


def end_of_jpeg(content):
    """Where the last picture ends; a photo of a phone may hold a smaller one behind itself, and noughts up to a round size."""
    end = content.rfind(END_OF_JPEG)
    if end < 0:
        return -1
    return end + 2 if content[end + 2 :].strip(b"\0") else len(content)


def end_of_png(content):
    """Where the last chunk ends, as the chunks themselves count; -1 where they do not lead to one."""
    place = 8
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if content[place + 4 : place + 8] == b"IEND":
            return place + 12 + length
        place += 12 + length
    return -1
