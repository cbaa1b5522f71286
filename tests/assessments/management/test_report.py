"""`manage.py report`: the same files as the browser gives, or a sentence."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from assessments.report import pdf


@pytest.fixture
def printed(monkeypatch):
    documents = []
    monkeypatch.setattr(pdf, "render", lambda document: documents.append(document) or b"%PDF-1.7 printed")
    return documents


def report(*args):
    out = io.StringIO()
    call_command("report", *map(str, args), stdout=out)
    return out.getvalue()


def test_it_writes_the_files_it_is_asked_for_and_says_so(assessment, printed, tmp_path):
    kinds = ("out", "json", "csv", "xlsx", "docx", "html")
    files = {kind: tmp_path / f"gap.{kind}" for kind in kinds}
    said = report(assessment.pk, *(word for kind, file in files.items() for word in (f"--{kind}", file)))
    assert files["out"].read_bytes() == b"%PDF-1.7 printed"
    assert json.loads(files["json"].read_text())["site"] == "Leeds"
    assert next(csv.reader(io.StringIO(files["csv"].read_text("utf-8-sig"))))[0] == "Rank"
    assert {files[kind].read_bytes()[:2] for kind in ("xlsx", "docx")} == {b"PK"}
    assert "<title>Gap report: Leeds, " in files["html"].read_text()
    assert f"{files['out']}: 16 bytes" in said


def test_it_is_dated_at_the_site_and_prepared_by_nobody_unless_told(assessment, printed, tmp_path):
    report(assessment.pk, "--out", tmp_path / "a.pdf")
    told = ("--as-of", "2026-03-31", "--prepared-by", "Priya Raman")
    report(assessment.pk, "--out", tmp_path / "b.pdf", *told)
    today, then = printed
    assert (today.as_of, today.prepared_by) == (assessment.site.today(), "")
    assert (then.as_of.isoformat(), then.prepared_by) == ("2026-03-31", "Priya Raman")


@pytest.mark.skipif(not pdf.available()[0], reason="WeasyPrint finds no Pango here")
def test_the_file_is_a_pdf(assessment, tmp_path):
    report(assessment.pk, "--out", tmp_path / "gap.pdf")
    assert (tmp_path / "gap.pdf").read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "٣", "", "9" * 30, "1; drop table"])
def test_an_assessment_that_is_not_there_gets_a_sentence(db, printed, tmp_path, number):
    with pytest.raises(CommandError, match="There is no assessment"):
        report("--out", tmp_path / "gap.pdf", "--", number)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["missing/gap.pdf", "."])
def test_a_place_that_cannot_be_written_gets_a_sentence(assessment, printed, tmp_path, place):
    with pytest.raises(CommandError, match="cannot be written: "):
        report(assessment.pk, "--out", tmp_path / place)


def test_a_date_that_is_none_gets_a_sentence(assessment, printed, tmp_path):
    with pytest.raises(CommandError, match=r"'31\.3\.2026' is not a date"):
        report(assessment.pk, "--out", tmp_path / "gap.pdf", "--as-of", "31.3.2026")


def test_nothing_to_write_gets_a_sentence(assessment, printed):
    with pytest.raises(CommandError, match="Say where to write"):
        report(assessment.pk)


def test_without_pango_the_data_is_written_and_the_reason_said(assessment, monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off: no Pango here."))
    with pytest.raises(CommandError, match="no Pango here"):
        report(assessment.pk, "--out", tmp_path / "gap.pdf", "--json", tmp_path / "gap.json")
    assert [file.name for file in tmp_path.iterdir()] == ["gap.json"]
