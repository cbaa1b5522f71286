"""The pages of the register: adding, defining, targets, the rule, one metric, and taking it out of use."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.forms.metrics import LibraryForm, MetricForm, RulesForm, from_library
from assessments.models import Activity, Metric, Site
from standards.library import library_metric
from tests import factories
from tests.assessments.measured import NOON, aim, enter, measured
from tests.pages import seen
from tests.test_security import signed_in
from tests.walk import fingerprint

pytestmark = pytest.mark.usefixtures("clock")
KEY = "pf3-thing-1"
HOSTILE = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
OWN = {
    "name": "Calls answered",
    "kind": "service",
    "channel": "human",
    "unit": "seconds",
    "decimals": "0",
    "direction": "higher",
    "every": "1",
}


@pytest.fixture
def manager(sign_in, mark):
    return sign_in(mark)


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def level(assessment):
    return assessment.answers.get(requirement__key=KEY).choice


# ---- the register -----------------------------------------------------------------------------------------------


def test_an_empty_register_says_where_to_begin_to_those_who_may(manager, site):
    text = text_of(manager.get(reverse("metrics", args=[site.pk])))
    assert "No metric is followed here yet." in text
    assert reverse("metrics-add", args=[site.pk]) in text
    assert "How months are judged" in text


def test_a_viewer_sees_figures_and_no_way_to_change_them(sign_in, vera, site):
    metric = measured(site, *[85] * 6, name="Service level")
    client = sign_in(vera)
    text = text_of(client.get(reverse("metrics", args=[site.pk])))
    assert "The one metric is sustained." in text
    assert "85" in text
    assert reverse("metrics-add", args=[site.pk]) not in text
    text = text_of(client.get(reverse("metric", args=[metric.pk])))
    for name in ("metric-edit", "metric-targets", "metric-archive"):
        assert reverse(name, args=[metric.pk]) not in text
    assert "Enter the next figure" not in text


def test_metrics_stand_under_their_kind_in_the_order_of_kinds(manager, site):
    for kind in ("quality", "experience", "service"):
        factories.MetricFactory(site=site, kind=kind, name=f"A {kind}")
    text = text_of(manager.get(reverse("metrics", args=[site.pk])))
    places = [text.index(f">A {kind}<") for kind in ("experience", "service", "quality")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("months", "headline"),
    [
        ([[70]], "The one metric is not at target yet."),
        ([[85]], "The one metric is at target, not sustained yet."),
        ([[70], [70]], "None of 2 metrics is at target yet."),
        ([[85], [70]], "One of 2 metrics is at target, none sustained yet."),
        ([[85] * 6, [85] * 6], "Two of 2 metrics are sustained."),
    ],
)
def test_the_headline_says_how_far_the_register_is(manager, site, months, headline):
    for values in months:
        measured(site, *values)
    assert f"<h1>{headline}</h1>" in text_of(manager.get(reverse("metrics", args=[site.pk])))


def test_strangers_do_not_find_it(sign_in, charlie, site):
    metric = factories.MetricFactory(site=site)
    client = sign_in(charlie)
    assert client.get(reverse("metrics", args=[site.pk])).status_code == 404
    assert client.get(reverse("metric", args=[metric.pk])).status_code == 404


def test_names_and_texts_of_a_metric_are_escaped_everywhere(manager, site, mark):
    metric = measured(
        site, *[85] * 12, name=HOSTILE, measures=HOSTILE, formula=HOSTILE, process=HOSTILE, data_source=HOSTILE,
        owner=mark, unit="money", currency="<b>",
    )  # fmt: skip
    metric.targets.update(rationale=HOSTILE)
    metric.readings.update(note=HOSTILE)
    factories.MetricFactory(site=site, name=f"{HOSTILE} before", archived_at=NOON)
    pages = [reverse(name, args=[site.pk]) for name in ("metrics", "readings")]
    pages += [reverse(name, args=[metric.pk]) for name in ("metric", "metric-edit", "metric-targets")]
    for page in [*pages, reverse("reading", args=[metric.pk, "2026-10"])]:
        text = text_of(manager.get(page))
        assert HOSTILE not in text
        assert "<b>8" not in text
        assert ESCAPED in text


@pytest.mark.parametrize("count", [1, 60])
def test_the_register_takes_the_same_queries_however_many_metrics(manager, site, alice, count):
    for _number in range(count):
        measured(site, 70, 85, 85, owner=alice)
    with CaptureQueriesContext(connection) as captured:
        manager.get(reverse("metrics", args=[site.pk]))
    assert len(captured) == 7


# ---- adding -----------------------------------------------------------------------------------------------------


def test_ticked_metrics_are_added_and_offered_no_more(manager, site):
    text = text_of(manager.get(reverse("metrics-add", args=[site.pk])))
    assert 'value="abandon-rate"' in text
    response = manager.post(
        reverse("metrics-add", args=[site.pk]), {"metrics": ["abandon-rate", "service-level"]}, follow=True
    )
    assert "2 metrics are added." in text_of(response)
    assert response.redirect_chain == [(reverse("metrics", args=[site.pk]), 302)]
    assert 'value="abandon-rate"' not in text_of(manager.get(reverse("metrics-add", args=[site.pk])))


@pytest.mark.parametrize(
    ("ticked", "sentence"),
    [
        ([], "Tick at least one metric. Nothing was added."),
        (["no-such"], "no-such is not one of the available"),
    ],
)
def test_nothing_is_added_by_mistake(manager, site, ticked, sentence):
    response = manager.post(reverse("metrics-add", args=[site.pk]), {"metrics": ticked, "save": "1"})
    assert sentence in text_of(response, 422)
    assert not Metric.objects.exists()


def test_pressing_twice_adds_once(manager, site):
    for status in (302, 422):
        response = manager.post(reverse("metrics-add", args=[site.pk]), {"metrics": ["abandon-rate"]})
        assert response.status_code == status
    assert Metric.objects.count() == 1


def test_two_who_add_the_same_in_one_moment_add_it_once(manager, site, meanwhile):
    meanwhile(LibraryForm, lambda: from_library(library_metric("abandon-rate"), site).save())
    ticked = {"metrics": ["abandon-rate", "service-level"]}
    assert manager.post(reverse("metrics-add", args=[site.pk]), ticked).status_code == 302
    assert sorted(Metric.objects.values_list("library_key", flat=True)) == ["abandon-rate", "service-level"]


# ---- a definition -----------------------------------------------------------------------------------------------


def test_a_definition_of_one_s_own_opens_on_its_page(manager, site, assessment):
    response = manager.post(reverse("metric-define", args=[site.pk]), OWN | {"shows": [KEY]}, follow=True)
    metric = Metric.objects.get()
    assert response.redirect_chain == [(reverse("metric", args=[metric.pk]), 302)]
    assert "Calls answered is saved." in text_of(response)
    assert level(assessment) == "0", "linked, and not measured yet"


def test_a_refused_definition_keeps_what_was_typed(manager, site):
    response = manager.post(
        reverse("metric-define", args=[site.pk]),
        OWN | {"numerator": "answered", "formula": "Typed at length"},
    )
    text = text_of(response, 422)
    assert "Name both counts, or neither" in text
    assert 'value="Typed at length"' in text
    assert not Metric.objects.exists()


def test_of_two_equal_metrics_defined_in_the_same_moment_one_is_refused_as_ever(manager, site, meanwhile):
    meanwhile(MetricForm, lambda: factories.MetricFactory(site=site, name=OWN["name"]))
    text = text_of(manager.post(reverse("metric-define", args=[site.pk]), OWN), 422)
    assert "This site has a metric of that name already." in text
    assert Metric.objects.count() == 1


def test_unlinking_a_requirement_frees_its_answer(manager, site, assessment, bob):
    metric = measured(site, *[85] * 6, shows=[KEY])
    address = reverse("metric-edit", args=[metric.pk])
    manager.post(address, OWN | seen(manager, address))
    answer = assessment.answers.get(requirement__key=KEY)
    assert (answer.shown, answer.choice) == (None, "3")


def test_two_who_edit_a_metric_see_each_other_s_values_before_one_replaces_the_other(alice, mark, bob, site):
    metric = factories.MetricFactory(site=site, **OWN)
    address, first, second = reverse("metric-edit", args=[metric.pk]), signed_in(alice), signed_in(mark)
    loaded = OWN | seen(first, address)
    assert second.post(address, loaded | {"direction": "lower", "owner": bob.pk}).status_code == 302
    response = first.post(address, loaded | {"formula": "Typed at length"})
    text = text_of(response, 409)
    assert "Somebody changed “Direction”, “Owner” after you opened this page" in text
    assert "Saved meanwhile: Lower is better" in text
    assert "Saved meanwhile: Bob" in text
    assert 'value="Typed at length"' in text
    assert Metric.objects.values_list("direction", "owner", "formula").get() == ("lower", bob.pk, "")
    assert Activity.objects.filter(verb="metric-edited").count() == 1
    again = loaded | {"formula": "Typed at length", "seen": response.context["form"]["seen"].value()}
    assert first.post(address, again).status_code == 302
    assert Metric.objects.values_list("direction", "owner", "formula").get() == (
        "higher",
        None,
        "Typed at length",
    )


def test_a_metric_archived_in_the_same_moment_stays_archived(manager, site, meanwhile):
    rows = Metric.objects.filter(pk=factories.MetricFactory(site=site).pk)
    address = reverse("metric-edit", args=[rows.get().pk])
    data = OWN | seen(manager, address)
    meanwhile(MetricForm, lambda: rows.update(archived_at=NOON))
    assert manager.post(address, data).status_code == 302
    assert rows.values_list("name", "archived_at").get() == ("Calls answered", NOON)


# ---- targets ----------------------------------------------------------------------------------------------------


def test_a_target_is_set_and_the_levels_follow(manager, site, assessment, mark):
    metric = factories.MetricFactory(site=site, name="Service level", shows=[KEY])
    enter(metric, *[85] * 6)
    assert level(assessment) == "1"
    data = {"low": "80 %", "since": "2026-05", "rationale": "The contract"}
    response = manager.post(reverse("metric-targets", args=[metric.pk]), data, follow=True)
    assert "The target of Service level is set." in text_of(response)
    assert level(assessment) == "3"
    assert metric.targets.get().set_by == mark


def test_a_target_refused_keeps_what_was_typed(manager, site):
    metric = factories.MetricFactory(site=site)
    data = {"low": "a lot", "since": "2026-05", "rationale": "Because of the contract"}
    text = text_of(manager.post(reverse("metric-targets", args=[metric.pk]), data), 422)
    assert "&#x27;a lot&#x27; is not a number." in text
    assert 'value="a lot"' in text
    assert "Because of the contract" in text
    assert not metric.targets.exists()


def test_a_target_that_somebody_else_set_for_the_month_is_not_replaced_unseen(alice, mark, site):
    metric = factories.MetricFactory(site=site)
    address, first, second = reverse("metric-targets", args=[metric.pk]), signed_in(alice), signed_in(mark)
    data = {"low": "80", "since": "2026-05", "rationale": "The contract"} | seen(first, address)
    assert second.post(address, data | {"low": "81.5"}).status_code == 302
    response = first.post(address, data)
    text = text_of(response, 409)
    assert "Somebody changed “At least” after you opened this page" in text
    assert "Saved meanwhile: 81.5" in text
    assert 'value="80"' in text
    assert metric.targets.values_list("low", "set_by").get() == (81.5, mark.pk)
    again = data | {"seen": response.context["form"]["seen"].value()}
    assert first.post(address, again).status_code == 302
    assert metric.targets.values_list("low", "set_by").get() == (80, alice.pk)


def test_targets_of_two_months_do_not_meet(alice, mark, site):
    metric = factories.MetricFactory(site=site)
    address, first, second = reverse("metric-targets", args=[metric.pk]), signed_in(alice), signed_in(mark)
    data = {"low": "80", "since": "2026-05", "rationale": "The contract"} | seen(first, address)
    for client, month in ((second, "2026-06"), (first, "2026-05")):
        assert client.post(address, data | {"since": month}).status_code == 302
    assert metric.targets.count() == 2


def test_the_targets_so_far_are_listed_the_newest_first(manager, site):
    metric = factories.MetricFactory(site=site, direction="within", unit="seconds", decimals=0)
    aim(metric, 280, 320, since=date(2026, 1, 1))
    aim(metric, 270, 300, since=date(2026, 6, 1))
    text = text_of(manager.get(reverse("metric-targets", args=[metric.pk])))
    assert text.index("since June 2026") < text.index("since January 2026")
    assert "Target met by" not in text


# ---- the rule ---------------------------------------------------------------------------------------------------


def test_a_new_rule_judges_every_month_at_once(manager, site, assessment):
    measured(site, 70, 70, 70, 85, 85, 85, shows=[KEY])
    assert level(assessment) == "2"
    data = {"months_needed": "3", "months_window": "3", "figures_due_day": "15"}
    address = reverse("metric-rules", args=[site.pk])
    response = manager.post(address, data | seen(manager, address), follow=True)
    assert "Months are judged by the new rule from now on." in text_of(response)
    assert level(assessment) == "3"


def test_two_who_change_the_rule_see_each_other_s_values(alice, mark, site):
    address, first, second = reverse("metric-rules", args=[site.pk]), signed_in(alice), signed_in(mark)
    data = {"months_needed": "4", "months_window": "6", "figures_due_day": "10"} | seen(first, address)
    assert second.post(address, data | {"months_needed": "3"}).status_code == 302
    assert "Saved meanwhile: 3" in text_of(first.post(address, data), 409)
    assert Site.objects.get(pk=site.pk).months_needed == 3


def test_a_site_renamed_in_the_same_moment_keeps_its_new_name(manager, site, meanwhile):
    address = reverse("metric-rules", args=[site.pk])
    data = {"months_needed": "4", "months_window": "6", "figures_due_day": "10"} | seen(manager, address)
    meanwhile(RulesForm, lambda: Site.objects.filter(pk=site.pk).update(name="York"))
    assert manager.post(address, data).status_code == 302
    assert Site.objects.values_list("name", "months_needed").get(pk=site.pk) == ("York", 4)


def test_a_rule_that_cannot_be_met_is_refused(manager, site):
    data = {"months_needed": "7", "months_window": "6", "figures_due_day": "10"}
    text = text_of(manager.post(reverse("metric-rules", args=[site.pk]), data), 422)
    assert "No more than 6 months can be met out of 6." in text
    assert Site.objects.get(pk=site.pk).months_needed == 5


# ---- one metric -------------------------------------------------------------------------------------------------


def test_its_page_tells_value_target_and_months(manager, site):
    metric = measured(site, 70, 85, 85, 85, 85, 81.26, name="Service level", decimals=1)
    text = text_of(manager.get(reverse("metric", args=[metric.pk])))
    for words in ("Service level", "October 2026", "81.3%", "80%", "The contract"):
        assert words in text.replace("\xa0", "")
    assert "<svg" in text


def test_its_page_takes_the_same_queries_however_many_months(manager, site):
    metric = measured(site, 85)
    counts = []
    for months in (2, 60):
        enter(metric, *range(months))
        with CaptureQueriesContext(connection) as captured:
            manager.get(reverse("metric", args=[metric.pk]))
        counts.append(len(captured))
    assert counts == [7, 7]


def test_archived_it_is_judged_no_more_and_keeps_its_readings(manager, site, assessment):
    metric = measured(site, *[85] * 6, name="Service level", shows=[KEY])
    response = manager.post(reverse("metric-archive", args=[metric.pk]), follow=True)
    text = text_of(response)
    assert "Service level is archived. Its readings are kept." in text
    assert "Take back into use" in text
    assert "Enter the next figure" not in text
    assert assessment.answers.get(requirement__key=KEY).shown is None
    assert metric.readings.count() == 6
    assert "No metric is followed here yet." in text_of(manager.get(reverse("metrics", args=[site.pk])))


def test_taken_back_into_use_its_levels_follow_again(manager, site, assessment):
    metric = measured(site, *[85] * 6, name="Service level", shows=[KEY], archived_at=NOON)
    response = manager.post(reverse("metric-restore", args=[metric.pk]), follow=True)
    assert "Service level is in use again." in text_of(response)
    assert (level(assessment), Metric.objects.get().archived_at) == ("3", None)


@pytest.mark.parametrize("name", ["metric-archive", "metric-restore"])
def test_a_look_at_an_address_archives_nothing(manager, site, name):
    metric = factories.MetricFactory(site=site)
    before = fingerprint()
    assert manager.get(reverse(name, args=[metric.pk])).status_code == 405
    assert fingerprint() == before
