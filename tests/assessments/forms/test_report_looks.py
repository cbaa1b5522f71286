"""A logo is a picture that we encoded ourselves; whatever else is uploaded is refused with a sentence."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from assessments.forms.report_looks import KEPT, MOST_BYTES, reencoded


def picture(kind="PNG", size=(40, 20), **options):
    made = io.BytesIO()
    Image.new("RGB", size, (15, 94, 99)).save(made, kind, **options)
    return made.getvalue()


def uploaded(content):
    return SimpleUploadedFile("logo.png", content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_png_and_jpeg_become_a_png_of_our_making(kind):
    kept = Image.open(io.BytesIO(reencoded(uploaded(picture(kind)))))
    assert (kept.format, kept.size) == ("PNG", (40, 20))


def test_nothing_hidden_in_a_picture_travels_on():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "taken at 53.8N 1.5W")
    made = reencoded(uploaded(picture(pnginfo=told) + b"<script>alert(1)</script>"))
    assert b"53.8N" not in made
    assert b"script" not in made


def test_a_large_picture_is_made_smaller_in_proportion():
    kept = Image.open(io.BytesIO(reencoded(uploaded(picture(size=(3000, 600))))))
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
    with pytest.raises(ValidationError, match="PNG or a JPEG"):
        reencoded(uploaded(content))


def test_a_file_that_is_too_large_is_refused_before_it_is_opened():
    with pytest.raises(ValidationError, match="2 MB"):
        reencoded(uploaded(b"\0" * (MOST_BYTES + 1)))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    """Some 50 kB that would take 160 MB."""
    with pytest.raises(ValidationError, match=r"8000 × 5000 pixels"):
        reencoded(uploaded(picture(size=(8000, 5000))))
