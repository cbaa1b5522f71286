"""The logo on reports: a picture of our own making, with nothing of what was sent but how it looks."""

import io
import warnings

from PIL import Image

from assessments.uploads import Refused, _, pictures

MOST_PIXELS = 20_000_000  # decoded: 80 MB
KEPT = (900, 360)  # pixels; 60 × 24 mm on the cover at 380 dots an inch
KINDS = ("PNG", "JPEG")


def reencoded(content):
    """The picture in the bytes `content` as PNG, at most KEPT, without anything that was hidden in it. Raises `Refused`."""
    pictures.check_scans(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=KINDS)
        pictures.check_size(picture, MOST_PIXELS)
        plain = picture.convert("RGBA")
    except Refused:
        raise
    except Exception as broken:  # whatever a decoder makes of a broken or hostile file
        raise Refused(_("This file cannot be read as a picture. A logo is a PNG or a JPEG file.")) from broken
    plain.thumbnail(KEPT)
    made = io.BytesIO()
    Image.frombytes(plain.mode, plain.size, plain.tobytes()).save(made, "PNG", optimize=True)
    return made.getvalue()
