"""The register's forms: what is offered, what is refused and with which sentence, and figures that come back as they were."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessments import figures
from assessments.forms.figures import plain
from assessments.forms.metrics import LibraryForm, MetricForm, RulesForm, TargetForm, results_asked
from assessments.models import Metric
from standards.library import library_metric
from tests import factories
from tests.assessments.measured import NOON, aim, enter

LEVEL = {"name": "Calls answered", "kind": "service", "channel": "human", "unit": "percent", "decimals": "1"}
LEVEL |= {"numerator": "answered in 30 s", "denominator": "offered", "direction": "higher", "every": "1"}


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOON, tick=False)


def metric_form(site, metric=None, **data):
    metric = metric or Metric(site=site)
    seen = MetricForm(instance=metric).initial["seen"]
    return MetricForm(LEVEL | {"seen": seen} | data, instance=metric)


# ---- figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (None, ""),
        (0.0, "0"),
        (61480.0, "61480"),
        (81.2, "81.2"),
        (-3.5, "-3.5"),
        (1.234, "1.2340"),
        (1234.0, "1234"),
        (1e12, "1000000000000"),
    ],
)
def test_a_figure_is_shown_as_it_is_typed(figure, text):
    assert plain(figure) == text


@given(st.floats(-1e12, 1e12), st.sampled_from([None, ".", ","]))
@example(1.234, ",")
@example(81.20039037085232, None)
@example(1e-7, ",")
def test_a_figure_read_again_is_the_same_however_the_sheet_writes_decimals(figure, decimal):
    assert figures.number(plain(figure), decimal) == figure


# ---- a definition -----------------------------------------------------------------------------------------------


def test_a_definition_becomes_a_metric_of_the_site(site, bob, assessment):
    form = metric_form(site, owner=str(bob.pk), shows=["pf3-thing-1"], sample_size="200")
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.site, saved.owner, saved.shows, saved.sample_size) == (site, bob, ["pf3-thing-1"], 200)
    assert saved.is_ratio


@pytest.mark.parametrize(("named", "missing"), [("numerator", "denominator"), ("denominator", "numerator")])
def test_one_count_alone_is_refused_at_the_other(site, named, missing):
    form = metric_form(site, **{missing: " "})
    assert form.errors == {missing: ["Name both counts, or neither where the figure is entered as it is."]}


def test_money_needs_its_currency(site):
    assert metric_form(site, unit="money").errors == {"currency": ["Say which money: £, €, USD."]}
    assert metric_form(site, unit="money", currency="£").is_valid()


@pytest.mark.parametrize("name", ["Calls answered", " calls ANSWERED\x00 "])
def test_a_name_there_is_already_is_refused(site, name):
    factories.MetricFactory(site=site, name="Calls answered")
    assert metric_form(site, name=name).errors == {
        "name": ["This site has a metric of that name already. Choose another name."]
    }


def test_a_name_of_an_archived_metric_says_how_to_get_it_back(site):
    factories.MetricFactory(site=site, name="Calls answered", archived_at=NOON)
    assert metric_form(site).errors == {
        "name": ["This site has that metric already, but it is archived. Take it back into use instead."]
    }


def test_a_metric_keeps_its_own_name_and_another_site_may_use_it(site):
    metric = factories.MetricFactory(name="Calls answered")
    assert metric_form(site).is_valid()
    assert metric_form(metric.site, metric).is_valid()


def test_once_there_are_readings_what_they_are_made_of_stays(site):
    metric = factories.MetricFactory(site=site, name="Speed", unit="seconds", every=3)
    enter(metric, 20, last=date(2026, 9, 1))
    form = metric_form(site, metric)
    assert {name for name, field in form.fields.items() if field.disabled} == {
        "numerator",
        "denominator",
        "unit",
        "every",
    }
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.name, saved.numerator, saved.unit, saved.every) == ("Calls answered", "", "seconds", 3)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("decimals", "4"),
        ("decimals", "9" * 400),
        ("sample_size", "0"),
        ("sample_size", "9" * 400),
        ("unit", "parsecs"),
        ("every", "2"),
        ("owner", "0"),
        ("owner", "9" * 400),
        ("shows", ["pf9-thing"]),
        ("name", "\x00"),
        ("name", "x" * 81),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(site, name, sent):
    assert list(metric_form(site, **{name: sent}).errors) == [name]


def test_nobody_of_another_organisation_is_an_owner(site, bob, charlie):
    assert set(metric_form(site).fields["owner"].queryset) == {bob}


def test_only_results_asked_of_the_site_and_those_kept_are_offered(site, assessment):
    offered = results_asked(site, ["asked-once"])
    assert offered[0] == ("pf3-thing-1", "PF3a pf3-thing-1")
    assert [key for key, _name in offered] == [*(f"pf3-thing-{n}" for n in (1, 2, 3, 4)), "asked-once"]
    assessment.continued_at = NOON
    assessment.save()
    assert results_asked(site) == []


# ---- the library ------------------------------------------------------------------------------------------------


def test_what_is_ticked_becomes_metrics_as_the_library_defines_them(site):
    form = LibraryForm(site, {"metrics": ["abandon-rate", "average-speed-of-answer"]})
    assert form.is_valid(), form.errors
    form.save()
    speed, abandon = Metric.objects.filter(site=site)
    entry = library_metric("abandon-rate")
    assert (abandon.library_key, abandon.name, abandon.direction) == ("abandon-rate", entry.name, "lower")
    assert (abandon.numerator, abandon.shows) == (entry.numerator, list(entry.requirements))
    assert (speed.unit, speed.archived_at) == ("seconds", None)


def test_nothing_ticked_is_said_and_nothing_added(site):
    form = LibraryForm(site, {"metrics": []})
    assert form.errors == {"metrics": ["Tick at least one metric. Nothing was added."]}


def test_what_the_site_has_already_is_not_offered_whatever_it_is_called(site):
    factories.MetricFactory(site=site, name="Give-ups", library_key="abandon-rate", archived_at=NOON)
    factories.MetricFactory(site=site, name="SERVICE level")
    factories.MetricFactory(name="First contact resolution")
    offered = {metric.key for metric in LibraryForm(site).offered}
    assert not offered & {"abandon-rate", "service-level"}
    assert "first-contact-resolution" in offered
    assert not LibraryForm(site, {"metrics": ["abandon-rate"]}).is_valid()


def test_what_was_ticked_stays_ticked_beside_a_mistake(site):
    form = LibraryForm(site, {"metrics": ["abandon-rate", "no-such"]})
    assert not form.is_valid()
    assert [m.key for _kind, rows in form.by_kind() for m, _shown, ticked in rows if ticked] == [
        "abandon-rate"
    ]


# ---- targets ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "asked"), [("higher", ["low"]), ("lower", ["high"]), ("within", ["low", "high"])]
)
def test_the_direction_says_which_figure_is_asked(site, direction, asked):
    form = TargetForm(factories.MetricFactory(site=site, direction=direction))
    assert [field.name for field in form.visible_fields()] == [*asked, "since", "rationale"]


@pytest.mark.parametrize("text", ["81,5", "81.5", " 81,5 % ", "+81.5"])
def test_a_target_is_read_as_people_write_it(site, alice, text):
    metric = factories.MetricFactory(site=site)
    form = TargetForm(metric, {"low": text, "since": "2026-05", "rationale": "The contract"})
    assert form.is_valid(), form.errors
    target = form.save(by=alice)
    assert (target.low, target.high, target.since) == (81.5, None, date(2026, 5, 1))


@pytest.mark.parametrize("text", ["", "n/a", "a lot", "\x00", "9" * 400, "1e400", "1,234", "nan"])
def test_what_is_no_figure_is_no_target(site, text):
    form = TargetForm(
        factories.MetricFactory(site=site), {"low": text, "since": "2026-05", "rationale": "So"}
    )
    assert list(form.errors) == ["low"]


@pytest.mark.parametrize("since", ["", "0000-01", "2026-13", "May", "9" * 400])
def test_a_target_begins_in_a_month(site, since):
    form = TargetForm(factories.MetricFactory(site=site), {"low": "80", "since": since, "rationale": "So"})
    assert list(form.errors) == ["since"]


def test_a_target_needs_its_reason(site):
    form = TargetForm(
        factories.MetricFactory(site=site), {"low": "80", "since": "2026-05", "rationale": " \x00"}
    )
    assert list(form.errors) == ["rationale"]


def test_a_range_ends_above_where_it_begins(site):
    metric = factories.MetricFactory(site=site, direction="within")
    data = {"low": "20", "high": "10", "since": "2026-05", "rationale": "So"}
    assert TargetForm(metric, data).errors == {"high": ["The range ends below where it begins."]}
    assert TargetForm(metric, data | {"high": "20"}).is_valid()


def test_the_first_target_is_offered_for_a_year_back_and_the_next_from_now_on(site):
    metric = factories.MetricFactory(site=site)
    form = TargetForm(metric)
    assert (form["since"].value(), form["low"].value()) == ("2025-11", "")
    aim(metric, 80)
    form = TargetForm(metric)
    assert (form["since"].value(), form["low"].value()) == ("2026-11", "80")


# ---- rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needed", "window", "due", "fields"),
    [
        ("3", "3", "0", []),
        ("24", "24", "28", []),
        ("0", "6", "10", ["months_needed"]),
        ("5", "25", "10", ["months_window"]),
        ("5", "6", "29", ["figures_due_day"]),
        ("5", "6", "-1", ["figures_due_day"]),
        ("", "9" * 400, "", ["figures_due_day", "months_needed", "months_window"]),
    ],
)
def test_the_rule_asks_for_months_that_there_are(site, needed, window, due, fields):
    form = RulesForm(
        {"months_needed": needed, "months_window": window, "figures_due_day": due}, instance=site
    )
    assert sorted(form.errors) == fields


def test_no_more_months_can_be_met_than_are_looked_at(site):
    form = RulesForm({"months_needed": "7", "months_window": "6", "figures_due_day": "10"}, instance=site)
    assert form.errors == {"months_needed": ["No more than 6 months can be met out of 6."]}
