import pytest
from django.db import IntegrityError, transaction

from assessments.models import Site


def test_two_sites_of_one_organisation_have_two_names(site):
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(organisation=site.organisation, name="Leeds", country="GB", seats=1)
