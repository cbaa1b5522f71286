import json
from dataclasses import replace

import pytest

from assessments.report import document, plain

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
