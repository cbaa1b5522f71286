"""A logo is a picture that we encoded ourselves; whatever else is sent is refused with a sentence."""

import io

import pytest
from PIL import Image, PngImagePlugin

from assessments.uploads import Refused
from assessments.uploads.logos import KEPT, reencoded
from tests.uploads import drawn_over_and_over, picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_png_and_jpeg_become_a_png_of_our_making(kind):
    kept = Image.open(io.BytesIO(reencoded(picture(kind))))
    assert (kept.format, kept.size) == ("PNG", (8, 8))


def test_nothing_hidden_in_a_picture_travels_on():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "taken at 53.8N 1.5W")
    made = reencoded(picture(pnginfo=told) + b"<script>alert(1)</script>")
    assert b"53.8N" not in made
    assert b"script" not in made


def test_a_large_picture_is_made_smaller_in_proportion():
    kept = Image.open(io.BytesIO(reencoded(picture(size=(3000, 600)))))
    assert kept.size == (KEPT[0], 180)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture("GIF"),
        picture("BMP"),
        picture("JPEG", size=(400, 300))[:400],
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    ],
    ids=["empty", "text", "svg", "gif", "bmp", "half a jpeg", "pdf", "png in name"],
)
def test_what_is_no_png_or_jpeg_is_refused(content):
    with pytest.raises(Refused, match="PNG or a JPEG"):
        reencoded(content)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    """Some 50 kB that would take 160 MB."""
    with pytest.raises(Refused, match=r"8000 × 5000 pixels"):
        reencoded(picture(size=(8000, 5000)))


def test_a_picture_made_to_take_hours_is_refused_before_it_is_drawn():
    with pytest.raises(Refused, match="over and over"):
        reencoded(drawn_over_and_over())
