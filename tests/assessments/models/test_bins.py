"""An organisation that is deleted: hidden at once, put back for 30 days, and gone for good afterwards."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from assessments.models import Activity, ApiToken, Membership, Organisation, Role, Site, User, bins
from assessments.models.holdings import HOLDINGS, Holding
from assessments.models.people import BIN_KEPT
from tests import factories
from tests.holdings import filled, tables
from tests.threads import at_once


@pytest.fixture
def releases(db):
    return factories.small_release(), factories.newer_release()


@pytest.fixture
def zebra(releases):
    return filled("Zebra", *releases)


@pytest.fixture
def otter(releases):
    return filled("Otter", *releases)


def age(organisation, by=BIN_KEPT):
    """As if it had been in the bin for so long."""
    Organisation.objects.filter(pk=organisation.pk).update(binned_at=timezone.now() - by)
    organisation.refresh_from_db()


def binned(organisation, owner):
    bins.put_in(organisation, by=owner)
    age(organisation)
    return organisation


def test_what_is_in_the_bin_is_seen_by_nobody_and_opened_by_no_token(zebra):
    organisation, owner = zebra
    site = organisation.sites.first()
    _token, text = ApiToken.objects.issue(site=site, name="Second", days=30, by=owner)
    assert ApiToken.objects.opened_by(text)
    assert bins.put_in(organisation, by=owner)
    assert not Organisation.objects.for_user(owner)
    assert not Site.objects.for_user(owner)
    assert ApiToken.objects.opened_by(text) is None


def test_putting_it_back_brings_back_everything_and_is_noted(zebra):
    organisation, owner = zebra
    before = tables()
    bins.put_in(organisation, by=owner)
    assert bins.take_out(organisation, by=owner)
    after = tables()
    assert {name for name in after if after[name] != before[name]} == {"assessments_activity"}
    verbs = Activity.objects.filter(organisation=organisation).order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["organisation-binned", "organisation-restored"]


def test_a_second_click_changes_nothing(zebra):
    organisation, owner = zebra
    assert bins.put_in(organisation, by=owner)
    assert not bins.put_in(organisation, by=owner)
    assert bins.take_out(organisation, by=owner)
    assert not bins.take_out(organisation, by=owner)
    assert Activity.objects.filter(verb__startswith="organisation-", organisation=organisation).count() == 2


def test_only_an_owner_puts_it_back_and_only_for_30_days(zebra, otter):
    organisation, owner = zebra
    manager = factories.UserFactory(name="Mary")
    Membership.objects.create(organisation=organisation, user=manager, role=Role.MANAGER)
    bins.put_in(organisation, by=owner)
    assert not bins.take_out(organisation, by=manager)
    assert not bins.take_out(organisation, by=otter[1])
    age(organisation, BIN_KEPT - timedelta(minutes=1))
    assert list(Organisation.objects.restorable_by(owner)) == [organisation]
    assert not Organisation.objects.past_restoring()
    age(organisation)
    assert not bins.take_out(organisation, by=owner)
    assert list(Organisation.objects.past_restoring()) == [organisation]


def test_who_has_not_the_second_factor_it_asks_for_does_not_put_it_back(zebra):
    organisation, owner = zebra
    bins.put_in(organisation, by=owner)
    Organisation.objects.filter(pk=organisation.pk).update(second_factor_required=True)
    assert not bins.take_out(organisation, by=owner)


def test_what_could_still_be_put_back_is_never_deleted_for_good(zebra):
    organisation, owner = zebra
    for state in (lambda: None, lambda: bins.put_in(organisation, by=owner)):
        state()
        with pytest.raises(ValueError, match="can still be put back"):
            bins.delete_for_good(organisation)
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_the_example_holds_something_of_every_kind(zebra):
    assert [holding.name for holding in HOLDINGS if not holding.of(zebra[0]).exists()] == []


def test_deleting_for_good_leaves_the_tables_as_if_it_had_never_been(releases, otter):
    before = tables()
    organisation, owner = filled("Zebra", *releases)
    people = User.objects.filter(memberships__organisation=organisation)
    kept = set(people.values_list("pk", flat=True))
    about = ContentType.objects.get_for_model(Organisation)
    LogEntry.objects.create(
        user=owner, content_type=about, object_id=organisation.pk, object_repr="Zebra Ltd", action_flag=CHANGE
    )
    bins.delete_for_good(binned(organisation, owner))
    after = tables()
    ignored = {"assessments_user", "account_emailaddress", "django_content_type"}  # people stay
    assert {name for name in after if after[name] != before[name]} - ignored == set()
    assert set(User.objects.filter(pk__in=kept).values_list("pk", flat=True)) == kept
    text = repr({name: rows for name, rows in after.items() if name not in ignored})
    assert "Zebra" not in text
    assert "Otter" in text


@pytest.mark.parametrize("step", range(len(HOLDINGS)))
def test_killed_at_any_step_it_goes_on_when_it_is_called_again(zebra, monkeypatch, step):
    organisation, owner = zebra
    binned(organisation, owner)
    delete, called = bins._delete_rows, []

    def dies(holding, of):
        called.append(holding)
        if len(called) == step + 1:
            raise KeyboardInterrupt
        delete(holding, of)

    monkeypatch.setattr(bins, "_delete_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        bins.delete_for_good(organisation)
    monkeypatch.undo()
    assert Organisation.objects.past_restoring().get() == organisation
    bins.delete_for_good(organisation)
    assert "Zebra" not in repr({name: rows for name, rows in tables().items() if name != "assessments_user"})


def test_stored_bytes_go_before_the_row_that_names_them(zebra, monkeypatch):
    organisation, owner = zebra
    binned(organisation, owner)
    seen = []

    def stored(row):
        return SimpleNamespace(
            delete=lambda save: seen.append((row.pk, save, holding.of(organisation).count()))
        )

    holding = Holding(Site, "organisation", file="stored", named="name", size="seats")
    monkeypatch.setattr(Site, "stored", property(stored), raising=False)
    monkeypatch.setattr(bins.holdings, "HOLDINGS", (HOLDINGS[0], holding, *HOLDINGS[2:]))
    sites = list(organisation.sites.order_by("pk").values_list("pk", flat=True))
    bins.delete_for_good(organisation)
    assert seen == [(pk, False, len(sites)) for pk in sites]


def test_the_log_remembers_the_deletion_without_a_name(zebra, caplog):
    organisation, owner = zebra
    number = organisation.pk
    with caplog.at_level("INFO", "copcready.organisations"):
        bins.delete_for_good(binned(organisation, owner))
    last = caplog.records[-1]
    assert (last.event, last.organisation, last.binned_by) == ("organisation-deleted", number, owner.pk)
    assert f"organisation {number} deleted for good" in last.getMessage()
    assert "Zebra" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_many_who_delete_or_put_it_back_at_once_do_it_once(acme, alice):
    assert sorted(at_once(*[lambda: bins.put_in(acme, by=alice)] * 5)) == [False] * 4 + [True]
    assert sorted(at_once(*[lambda: bins.take_out(acme, by=alice)] * 5)) == [False] * 4 + [True]
    assert Activity.objects.filter(organisation=acme).count() == 2
