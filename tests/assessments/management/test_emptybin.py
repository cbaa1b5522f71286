"""`manage.py emptybin`."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.models import Organisation, bins
from tests import factories


@pytest.fixture
def old(acme, alice):
    bins.put_in(acme, by=alice)
    Organisation.objects.update(binned_at=timezone.now() - timedelta(days=30))
    return acme


def test_it_deletes_what_was_in_the_bin_for_30_days_and_says_no_name(old, site, alice, capsys):
    fresh = factories.OrganisationFactory(name="Fresh")
    bins.put_in(fresh, by=alice)
    kept = factories.OrganisationFactory(name="Kept")
    call_command("emptybin")
    assert set(Organisation.objects.all()) == {fresh, kept}
    said = capsys.readouterr().out
    # With a site, a member and one line of activity.
    assert said == f"Organisation {old.pk}: 4 rows deleted.\n"
    call_command("emptybin")
    assert capsys.readouterr().out == ""


def test_a_dry_run_only_says_what_it_would_do(old, site, capsys):
    call_command("emptybin", dry_run=True)
    assert Organisation.objects.filter(pk=old.pk).exists()
    assert capsys.readouterr().out == f"Organisation {old.pk}: 4 rows would be deleted.\n"


def test_one_that_cannot_be_deleted_stops_none_of_the_others(old, alice, monkeypatch, capsys):
    other = factories.OrganisationFactory(name="Other")
    bins.put_in(other, by=alice)
    Organisation.objects.update(binned_at=timezone.now() - timedelta(days=30))
    delete = bins.delete_for_good

    def refuses(organisation):
        if organisation == old:
            raise ConnectionResetError("the store of files is away")
        delete(organisation)

    monkeypatch.setattr(bins, "delete_for_good", refuses)
    with pytest.raises(SystemExit):
        call_command("emptybin")
    assert list(Organisation.objects.all()) == [old]
    assert f"Organisation {old.pk} is not deleted yet: the store of files is away" in capsys.readouterr().err
    monkeypatch.undo()
    call_command("emptybin")
    assert not Organisation.objects.exists()
