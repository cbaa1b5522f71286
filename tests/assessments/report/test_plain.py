import json
from dataclasses import replace

import pytest

from assessments.report import document, plain
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_document_comes_back_from_its_text_as_it_was(assessment):
    found = document.build(assessment, as_of=assessment.site.today(), prepared_by="Alice")
    assert plain.revived(document.Document, json.loads(plain.as_text(found))) == found


def test_text_of_another_version_of_the_document_is_refused(assessment):
    found = document.build(assessment, as_of=assessment.site.today())
    told = json.loads(plain.as_text(replace(found, site="Elsewhere")))
    del told["headline"]
    with pytest.raises(KeyError, match="headline"):
        plain.revived(document.Document, told)


def test_text_from_before_evidence_could_be_a_file_comes_back_without_one(assessment, alice):
    factories.filed(assessment.answers.in_order().first(), by=alice)
    found = document.build(assessment, as_of=assessment.site.today())
    told = json.loads(plain.as_text(found))
    for name in ("file_name", "file_kind", "file_size", "file_sha256"):
        del told["domains"][0]["items"][0]["answers"][0]["held"][0][name]
    (held,) = plain.revived(document.Document, told).answers[0].held
    assert (held.title, held.file_name, held.file_size) == ("Pack.txt", "", None)
