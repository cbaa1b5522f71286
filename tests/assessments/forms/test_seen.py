"""What a page was filled with comes back with its form, and is compared with what is stored by then."""

import pytest

from assessments.forms.metrics import RulesForm
from assessments.forms.seen import ChangedMeanwhile, opened, signed
from assessments.models import Site

RULE = {"months_needed": 5, "months_window": 6, "figures_due_day": 10}


@pytest.fixture
def rule(site):
    """`rule(months_needed=4, seen=...)`: the form as it is sent by somebody who loaded the page before anything changed."""
    loaded = RulesForm(instance=site).initial["seen"]

    def sent(**data):
        form = RulesForm(RULE | {"seen": loaded} | data, instance=Site.objects.get(pk=site.pk))
        assert form.is_valid(), form.errors
        return form

    return sent


def stored():
    return Site.objects.values_list(*RULE).get()


def test_values_come_back_as_they_were_signed():
    rows = {"7": {"name": "Zürich", "low": 81.2, "high": None, "shows": ["a", "b"], "seats": 5}}
    assert opened(signed(rows)) == rows


@pytest.mark.parametrize("text", ["", ":", "e30:x", "\x00", "ü" * 900, '{"1": {}}'])
def test_a_text_that_we_did_not_sign_says_nothing(text):
    assert opened(text) == {}


def test_nothing_that_was_seen_is_in_the_way(rule):
    form = rule(months_needed=4)
    form.save()
    assert (form.status, stored()) == (200, (4, 6, 10))


def test_what_changed_since_is_named_with_its_value_and_nothing_is_stored(rule):
    Site.objects.update(months_needed=3, figures_due_day=0)
    form = rule(months_needed=4, months_window=7)
    with pytest.raises(ChangedMeanwhile):
        form.save()
    assert form.status == 409
    assert "“Months at target”, “Figures are due on day”" in form.non_field_errors()[0]
    assert form.errors["months_needed"] == ["Saved meanwhile: 3"]
    assert form.errors["figures_due_day"] == ["Saved meanwhile: 0"]
    assert "months_window" not in form.errors
    assert form["months_needed"].value() == 4
    assert stored() == (3, 6, 0)


def test_sent_again_after_that_it_is_stored(rule):
    Site.objects.update(months_needed=3)
    form = rule(months_needed=4)
    with pytest.raises(ChangedMeanwhile):
        form.save()
    rule(months_needed=4, seen=form["seen"].value()).save()
    assert stored() == (4, 6, 10)


def test_who_wants_what_is_stored_already_is_not_in_the_way(rule):
    Site.objects.update(months_needed=4)
    rule(months_needed=4).save()
    assert stored() == (4, 6, 10)


def test_without_a_word_on_what_was_seen_nothing_else_is_replaced(rule):
    rule(seen="").save()
    with pytest.raises(ChangedMeanwhile):
        rule(months_needed=4, seen="").save()
    assert stored() == (5, 6, 10)


def test_what_was_seen_of_another_row_counts_nothing(rule, site):
    other = signed({str(site.pk + 1): RULE})
    with pytest.raises(ChangedMeanwhile):
        rule(months_needed=4, seen=other).save()
    assert stored() == (5, 6, 10)
