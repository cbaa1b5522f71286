"""A logo is looked through before it is kept, and what is wrong with it is said beside it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.forms.report_looks import MOST_BYTES, ReportLookForm
from standards import limited
from tests.uploads import picture


def with_logo(content):
    return ReportLookForm({"paper": "a4"}, {"picture": SimpleUploadedFile("logo.png", content)})


def test_a_logo_is_a_picture_that_we_encoded_ourselves():
    form = with_logo(picture("JPEG"))
    assert form.is_valid()
    assert form.cleaned_data["picture"].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no picture", "PNG or a JPEG"), (b"\0" * (MOST_BYTES + 1), "2 MB"), (picture(size=(8000, 5000)), "8000 × 5000")],
    ids=["text", "too many bytes", "too many pixels"],
)  # fmt: skip
def test_what_cannot_be_one_is_refused_with_a_sentence(content, words):
    assert words in str(with_logo(content).errors["picture"])


def test_one_that_takes_too_long_is_refused_and_nothing_breaks(monkeypatch):
    monkeypatch.setattr(limited, "SECONDS", 0.01)
    assert "too much time" in str(with_logo(picture()).errors["picture"])
