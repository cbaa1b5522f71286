"""The three assessments of the demo."""

import pytest

from assessments.models import Assessment
from tests.assessments.demo.command import BANK, OUTSOURCER, VENDOR_OFFICE


@pytest.fixture
def bank(built):
    return Assessment.objects.with_names().get(site__organisation__name=BANK)


@pytest.fixture
def outsourcer(built):
    return Assessment.objects.with_names().get(site__organisation__name=OUTSOURCER)


@pytest.fixture
def vendor_office(built):
    return Assessment.objects.with_names().get(site__organisation__name=VENDOR_OFFICE)


@pytest.fixture
def all_three(bank, outsourcer, vendor_office):
    return [bank, outsourcer, vendor_office]
