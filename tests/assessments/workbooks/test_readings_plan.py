"""What a file of figures would change: new, changed, the same, refused; and that nothing unseen is overwritten."""

from datetime import UTC, datetime

import pytest

from assessments.forms.reading_imports import Choice
from assessments.models import Metric, Reading
from assessments.workbooks import readings_plan as plans
from assessments.workbooks.readings_file import Refused
from tests import factories
from tests.assessments.workbooks.figures import applied, begun, enter, everything, register


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def handle(site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", direction="lower")


@pytest.fixture
def service(site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="answered in 30 s", denominator="offered", decimals=1
    )


def rows(found):
    return [(row.metric.name, row.period, row.words_before, row.words_after) for row in found]


def refused(found):
    return [(each.place, each.sentence) for each in found.refused]


# ---- new, changed, the same -------------------------------------------------------------------------------------


def test_readings_are_new_changed_or_the_same(site, alice, bob, handle, service):
    enter(handle, "2026-08", bob, value=305.0)
    enter(handle, "2026-09", bob, value=310.0)
    enter(service, "2026-10", bob, numerator=49922.0, denominator=61480.0)
    text = """Metric,Aug 2026,Sep 2026,Oct 2026
Handle time,305,311.25,300
Service level: answered in 30 s,,,50000
Service level: offered,,,61480
"""
    found = plans.plan(begun(site, alice, text))
    assert rows(found.rows) == [
        ("Handle time", "September 2026", "310\u00a0s", "311.25\u00a0s"),
        ("Handle time", "October 2026", "–", "300\u00a0s"),
        ("Service level", "October 2026", "49,922 of 61,480: 81.2%", "50,000 of 61,480: 81.3%"),
    ]
    assert rows(found.same) == [("Handle time", "August 2026", "305\u00a0s", "305\u00a0s")]
    assert (found.new, found.changed, found.refused_count) == (1, 2, 0)
    assert [row.stored.by for row in found.rows if not row.is_new] == [bob, bob]


def test_metrics_stand_in_the_order_of_the_register(site, alice):
    factories.MetricFactory(site=site, name="Attrition", kind="people")
    factories.MetricFactory(site=site, name="Complaints", kind="experience")
    found = plans.plan(begun(site, alice, "Metric,Oct 2026\nAttrition,12\nComplaints,11\n"))
    assert [group.metric.name for group in found.groups] == ["Complaints", "Attrition"]


def test_a_file_without_notes_takes_no_note_away_and_one_with_a_note_brings_it(site, alice, bob, handle):
    enter(handle, "2026-09", bob, value=310.0, note="A flood")
    enter(handle, "2026-10", bob, value=300.0, note="A campaign")
    text = "Metric,Month,Value,Note\nHandle time,Sep 2026,310,\nHandle time,Oct 2026,300,An outage\n"
    done = begun(site, alice, text)
    [row] = plans.plan(done).rows
    assert (row.period, row.note) == ("October 2026", "An outage")
    plans.apply(done, everything(done), by=alice)
    assert [held[3] for held in register(site).values()] == ["A flood", "An outage"]


def test_a_quarter_is_named_by_its_last_month(site, alice):
    factories.MetricFactory(site=site, name="Attrition", every=3)
    [row] = plans.plan(begun(site, alice, "Metric,Q3 2026\nAttrition,12\n")).rows
    assert row.period == "quarter to September 2026"


def test_money_is_written_with_its_currency_and_other_figures_bare(site, alice):
    factories.MetricFactory(site=site, name="Cost", unit="money", currency="£")
    factories.MetricFactory(site=site, name="Price", unit="money", currency="CHF")
    factories.MetricFactory(site=site, name="Volume", unit="count")
    found = plans.plan(begun(site, alice, "Metric,Oct 2026\nCost,4.82\nPrice,5.1\nVolume,61480\n"))
    assert [row.words_after for row in found.rows] == ["£4.82", "CHF\u00a05.1", "61,480"]


def test_a_reading_with_a_note_alone_counts_as_changed(site, alice, bob, service):
    enter(service, "2026-10", bob, note="The system was down")
    text = "Metric,Oct 2026\nService level: answered in 30 s,1\nService level: offered,2\n"
    [row] = plans.plan(begun(site, alice, text)).rows
    assert (row.is_new, row.words_before, row.words_after) == (False, "–", "1 of 2: 50.0%")


# ---- refused ----------------------------------------------------------------------------------------------------


def test_a_month_that_is_not_over_is_refused_once_for_all_metrics(site, alice, handle, service):
    for number in range(6):
        factories.MetricFactory(site=site, name=f"Backlog {number}", unit="hours")
    text = "Metric,Oct 2026,Nov 2026\nHandle time,300,301\n"
    text += "".join(f"Backlog {number},1,2\n" for number in range(6))
    found = plans.plan(begun(site, alice, text))
    assert len(found.rows) == 7
    assert refused(found) == [
        (
            "row 2, column 3, row 3, column 3, row 4, column 3, row 5, column 3, row 6, column 3 and 2 more",
            "November 2026: That month is not over yet, so there is no figure to enter.",
        )
    ]
    assert found.refused_count == 7


def test_a_metric_archived_since_the_upload_is_refused(site, alice, handle):
    done = begun(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    Metric.objects.update(archived_at=datetime.now(UTC))
    assert refused(plans.plan(done)) == [
        ("row 2, column 2", "October 2026: This metric is not in use any more.")
    ]


def test_a_metric_of_another_kind_since_the_upload_is_refused(site, alice, handle):
    done = begun(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    Metric.objects.update(numerator="seconds", denominator="calls")
    [(_place, sentence)] = refused(plans.plan(done))
    assert sentence == "October 2026: Handle time was defined anew since the upload. Upload the file again."


def test_a_metric_measured_more_rarely_since_the_upload_is_refused(site, alice, handle):
    done = begun(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    Metric.objects.update(every=3)
    [(_place, sentence)] = refused(plans.plan(done))
    assert sentence == "October 2026: Handle time is not measured in that month."


def test_a_note_that_is_too_long_is_refused_and_not_cut(site, alice, handle):
    text = f"Metric,Month,Value,Note\nHandle time,Oct 2026,300,{'x' * 501}\n"
    [(_place, sentence)] = refused(plans.plan(begun(site, alice, text)))
    assert "The note of Handle time has more than 500 characters." in sentence


def test_archived_metrics_and_those_of_other_sites_are_unknown(site, alice, handle):
    factories.MetricFactory(name="Churn")
    factories.MetricFactory(site=site, name="Sales", archived_at=datetime.now(UTC))
    found = plans.plan(begun(site, alice, "Metric,Oct 2026\nHandle time,300\nChurn,2\nSales,3\n"))
    assert rows(found.rows) == [("Handle time", "October 2026", "–", "300\u00a0s")]
    assert [sentence for _place, sentence in refused(found)] == [
        "'Churn' is none of your metrics.",
        "'Sales' is none of your metrics.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Metric,Figure\nHandle time,300\n", "No month is named in this table."),
        ("%PDF-1.7", "This is a PDF."),
        ("Metric,Oct 2026\nHandle time,\n", "There is no figure in this file."),
        ("  \n", "There is nothing in it."),
    ],
)
def test_a_file_without_anything_to_use_is_refused_as_a_whole(site, handle, text, sentence):
    with pytest.raises(Refused, match=sentence.replace(".", r"\.")):
        plans.said(text.encode(), plans.followed(site))


def test_more_figures_than_a_page_can_show_are_refused(site, handle, monkeypatch):
    monkeypatch.setattr(plans, "MOST", 1)
    with pytest.raises(Refused, match="This file has 2 figures, and at most 1 are read at once"):
        plans.said(b"Metric,Sep 2026,Oct 2026\nHandle time,300,301\n", plans.followed(site))


# ---- applying ---------------------------------------------------------------------------------------------------

TWO = "Metric,Sep 2026,Oct 2026\nHandle time,310,300\n"


def test_what_is_left_out_is_not_saved(site, alice, handle, service):
    text = TWO + "Service level: answered in 30 s,1,2\nService level: offered,2,4\n"
    done = begun(site, alice, text)
    seen = everything(done).seen
    left = frozenset({str(service.pk), f"{handle.pk}-2026-09"})
    assert plans.apply(done, Choice(left, seen), by=alice) == 1
    assert list(register(site)) == [("Handle time", "2026-10")]


def test_leaving_everything_out_applies_nothing_and_keeps_the_dry_run(site, alice, handle):
    done = begun(site, alice, TWO)
    assert plans.apply(done, Choice(frozenset({str(handle.pk)}), everything(done).seen), by=alice) == 0
    done.refresh_from_db()
    assert done.applied_at is None
    assert len(plans.plan(done).rows) == 2


def test_a_reading_saved_since_the_page_was_shown_is_not_overwritten(site, alice, bob, handle):
    enter(handle, "2026-09", bob, value=305.0)
    done = begun(site, alice, TWO)
    choice = everything(done)
    enter(handle, "2026-09", bob, value=306.0)
    with pytest.raises(plans.Overtaken) as meanwhile:
        plans.apply(done, choice, by=alice)
    assert meanwhile.value.keys == {f"{handle.pk}-2026-09"}
    assert register(site) == {("Handle time", "2026-09"): (None, None, 306, "")}


def test_a_reading_that_was_the_same_on_the_page_and_is_not_any_more_is_asked_about_too(
    site, alice, bob, handle
):
    enter(handle, "2026-09", bob, value=310.0)
    done = begun(site, alice, TWO)
    choice = everything(done)
    enter(handle, "2026-09", bob, value=306.0)
    with pytest.raises(plans.Overtaken):
        plans.apply(done, choice, by=alice)
    assert list(register(site)) == [("Handle time", "2026-09")]


def test_what_is_left_out_may_have_changed_meanwhile(site, alice, bob, handle):
    done = begun(site, alice, TWO)
    choice = Choice(frozenset({f"{handle.pk}-2026-09"}), everything(done).seen)
    enter(handle, "2026-09", bob, value=306.0)
    assert plans.apply(done, choice, by=alice) == 1
    assert [held[2] for held in register(site).values()] == [306, 300]


def test_a_reading_that_somebody_entered_alike_meanwhile_stands_in_nobodys_way(site, alice, bob, handle):
    done = begun(site, alice, TWO)
    choice = everything(done)
    enter(handle, "2026-09", bob, value=310.0)
    assert plans.apply(done, choice, by=alice) == 1
    assert Reading.objects.get(month="2026-09-01").by == bob


def test_applying_twice_changes_nothing_the_second_time(site, alice, handle):
    done = begun(site, alice, TWO)
    choice = everything(done)
    assert plans.apply(done, choice, by=alice) == 2
    assert plans.apply(done, choice, by=alice) is None
    assert set(Reading.objects.values_list("version", flat=True)) == {1}


def test_a_failure_on_the_way_saves_nothing(site, alice, handle, monkeypatch):
    done = begun(site, alice, TWO)
    choice = everything(done)
    monkeypatch.setattr(type(done), "save", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plans.apply(done, choice, by=alice)
    assert register(site) == {}


def test_what_was_applied_is_told_in_the_order_of_the_register(site, alice, handle, service):
    done = applied(site, alice, TWO + "Service level: answered in 30 s,1,2\nService level: offered,2,4\n")
    assert [(group.metric, group.span) for group in plans.told(done.changes)] == [
        (handle, "September 2026 to October 2026"),
        (service, "September 2026 to October 2026"),
    ]
