from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Site


def test_two_sites_of_one_organisation_have_two_names(site):
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(organisation=site.organisation, name="Leeds", country="GB", seats=1)


def test_the_day_of_a_moment_is_the_day_it_was_at_the_site(site):
    site.time_zone = "Pacific/Auckland"
    assert site.day_of(datetime(2026, 11, 20, 23, tzinfo=UTC)) == date(2026, 11, 21)
    assert site.day_of(None) is None
