"""Why a level follows from metrics, saying otherwise with a reason, and taking that back; and every other way, refused."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assessments.forms.overrules import OverruleForm
from assessments.models import Answer, Assessment
from tests.assessments.measured import NOON, enter, measured
from tests.walk import fingerprint

pytestmark = pytest.mark.usefixtures("clock")
KEY = "pf3-thing-1"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def metric(site, assessment):
    return measured(site, *[85] * 6, name="Service level", shows=[KEY])


@pytest.fixture
def followed(metric, assessment):
    return found(assessment)


@pytest.fixture
def page(followed):
    return reverse("answer-overrule", args=[followed.pk])


def found(assessment):
    return assessment.answers.select_related("assessment", "requirement__item").get(requirement__key=KEY)


def sent(answer, **changes):
    return {"choice": "1", "because": "Counted wrongly", "version": str(answer.version)} | changes


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_the_page_says_what_each_metric_shows_and_which_decides(sign_in, bob, site, page, followed):
    measured(site, *[70] * 6, name="Abandon rate", shows=[KEY])
    text = text_of(sign_in(bob).get(page))
    assert "The metrics show level 1" in text
    assert text.index("Abandon rate") < text.index("decides")
    assert text.count("decides") == 1
    assert 'value="3"' in text
    assert 'name="choice" value="1"' not in text, "what they show needs no overruling"


def test_a_viewer_reads_why_and_finds_no_form(sign_in, vera, page):
    text = text_of(sign_in(vera).get(page))
    assert "The metrics show level 3" in text
    assert "Overrule the metrics" not in text


def test_another_level_with_a_reason_stands_on_the_item_page(sign_in, bob, page, followed):
    response = sign_in(bob).post(page, sent(followed, because=HOSTILE), follow=True)
    text = text_of(response)
    item = reverse("item", args=[followed.assessment_id, "PF3"])
    assert response.redirect_chain == [(f"{item}#a", 302)]
    assert "Overruled: the metrics show level 3." in text
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    answer = found(followed.assessment)
    assert (answer.choice, answer.answered_by) == ("1", bob)


def test_not_applicable_takes_the_reason_along(sign_in, bob, page, followed):
    sign_in(bob).post(page, sent(followed, choice="na", because="Not offered here"))
    answer = found(followed.assessment)
    assert (answer.choice, answer.reason, answer.reason_text) == ("na", "other", "Not offered here")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"because": " \x00 "}, "This field is required."),
        ({"because": "x" * 501}, "at most 500 characters"),
        ({"choice": ""}, "This field is required."),
        ({"choice": "3"}, "3 is not one of the available choices."),
        ({"choice": "unknown"}, "unknown is not one of the available choices."),
        ({"version": "-1"}, ""),
        ({"version": "x"}, ""),
        ({"version": "9" * 5000}, ""),
    ],
)
def test_what_cannot_be_saved_is_refused_and_stays_typed(sign_in, bob, page, followed, changes, sentence):
    client = sign_in(bob)
    before = fingerprint()
    text = text_of(client.post(page, sent(followed, **changes)), 422)
    assert sentence in text
    assert changes.get("because", "Counted wrongly").strip(" \x00")[:40] in text
    assert fingerprint() == before


def test_an_answer_saved_meanwhile_is_not_overwritten(sign_in, bob, alice, page, followed):
    version = followed.version
    followed.overrule("0", "Nobody looked", by=alice, version=version)
    client = sign_in(bob)
    text = text_of(client.post(page, sent(followed, version=str(version))), 409)
    assert "Alice saved this answer meanwhile," in text
    assert "“Nobody looked”" in text
    assert ">Counted wrongly</textarea>" in text.replace("\n", "")
    assert found(followed.assessment).choice == "0"
    client.post(page, sent(found(followed.assessment)))
    assert found(followed.assessment).overruled_because == "Counted wrongly"


def test_taken_back_the_level_follows_again(sign_in, bob, page, followed):
    followed.overrule("1", "Counted wrongly", by=bob, version=followed.version)
    client = sign_in(bob)
    assert "Overruled by Bob, who says 1:" in text_of(client.get(page))
    text = text_of(client.post(page, {"follow": "1", "version": followed.version}, follow=True))
    assert "The level follows from the metrics again." in text
    answer = found(followed.assessment)
    assert (answer.choice, answer.follows_metrics) == ("3", True)


@pytest.mark.parametrize("shown", [None, "", "x", "9" * 5000])
def test_a_reason_that_the_page_did_not_show_is_not_taken_back(sign_in, bob, alice, page, followed, shown):
    followed.overrule("1", "Counted wrongly", by=bob, version=followed.version)
    older = str(followed.version) if shown is None else shown
    followed.overrule("2", "The queue was closed", by=alice, version=followed.version)
    client = sign_in(bob)
    text = text_of(client.post(page, {"follow": "1", "version": older}), 409)
    assert "Alice saved this answer meanwhile," in text
    assert "“The queue was closed”" in text
    answer = found(followed.assessment)
    assert (answer.choice, answer.overruled_because) == ("2", "The queue was closed")
    assert f'name="version" value="{answer.version}"><button' in text
    client.post(page, {"follow": "1", "version": answer.version})
    assert found(followed.assessment).follows_metrics


@pytest.mark.parametrize("data", [{"follow": "1"}, {"choice": "1", "because": "Counted wrongly"}])
def test_a_metric_unlinked_at_the_same_moment_leaves_the_answer_as_it_is(
    sign_in, bob, page, followed, monkeypatch, data
):
    client, before = sign_in(bob), followed.choice
    checked = OverruleForm.full_clean

    def unlinked(form):
        checked(form)
        Answer.objects.filter(pk=followed.pk).update(shown=None)

    monkeypatch.setattr(OverruleForm, "full_clean", unlinked)
    if "follow" in data:
        again = Answer.follow_again

        def too_late(answer, **values):
            Answer.objects.filter(pk=answer.pk).update(shown=None)
            again(answer, **values)

        monkeypatch.setattr(Answer, "follow_again", too_late)
        Answer.objects.filter(pk=followed.pk).update(overruled_because="Counted wrongly", choice="1")
        before = "1"
    response = client.post(page, data | {"version": str(followed.version)}, follow=True)
    assert "No metric shows this any more" in response.text
    assert Answer.objects.get(pk=followed.pk).choice == before


def test_there_is_no_page_for_an_answer_that_no_metric_shows(sign_in, bob, assessment):
    answer = found(assessment)
    address = reverse("answer-overrule", args=[answer.pk])
    client = sign_in(bob)
    assert client.get(address).status_code == 404
    assert client.post(address, sent(answer)).status_code == 404


def test_a_month_that_has_passed_is_looked_at_before_the_page_is_shown(sign_in, bob, metric, page, clock):
    enter(metric, 85, 85, 85, 70, 85, 85)
    clock.move_to(datetime(2026, 12, 11, 12, 0, tzinfo=UTC), tick=False)
    assert "The metrics show level 1" in text_of(sign_in(bob).get(page))


def test_a_continued_assessment_tells_its_level_though_the_metric_is_gone(
    sign_in, bob, metric, page, followed
):
    Assessment.objects.update(continued_at=NOON)
    metric.archived_at = NOON
    metric.save()
    client = sign_in(bob)
    text = text_of(client.get(page))
    assert "The metrics show level 3" in text
    assert "Overrule the metrics" not in text
    assert client.post(page, sent(followed)).status_code == 403


# ---- every other way --------------------------------------------------------------------------------------------


def test_a_choice_saved_by_itself_is_refused_with_a_sentence(sign_in, bob, followed):
    address = reverse("answer-choice", args=[followed.pk])
    response = sign_in(bob).post(address, {"choice": "1", "version": str(followed.version)})
    assert "This level follows from the metrics." in text_of(response, 422)
    assert found(followed.assessment).choice == "3"


def test_a_page_loaded_before_the_metric_keeps_its_note(sign_in, bob, followed):
    sent = {
        f"choice-{followed.pk}": "1",
        f"choice-version-{followed.pk}": "0",
        f"note-{followed.pk}": "Typed at length",
        f"note-version-{followed.pk}": "0",
    }
    response = sign_in(bob).post(reverse("item", args=[followed.assessment_id, "PF3"]), sent)
    assert "This level follows from the metrics." in text_of(response, 422)
    answer = found(followed.assessment)
    assert (answer.choice, answer.note) == ("3", "Typed at length")


def test_the_item_page_shows_what_it_follows_and_no_way_to_choose(sign_in, bob, followed):
    text = text_of(sign_in(bob).get(reverse("item", args=[followed.assessment_id, "PF3"])))
    assert "The level follows from 1 metric." in text
    assert reverse("answer-overrule", args=[followed.pk]) in text
    title, scope = f"title-{followed.pk}", f"scope-{followed.pk}"
    assert f'aria-labelledby="{title}" aria-describedby="{scope}" disabled>' in text


def test_bringing_back_an_earlier_choice_leads_to_the_page_of_overruling(
    sign_in, bob, followed, page, metric
):
    enter(metric, *[70] * 6)
    response = sign_in(bob).post(reverse("answer-restore", args=[followed.pk]), {"version": "1"}, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert "This level follows from the metrics. To say otherwise, overrule it" in text_of(response)
    assert found(followed.assessment).choice == "1"


def test_the_history_says_that_it_followed_and_why_it_was_overruled(sign_in, bob, followed):
    followed.overrule("1", "Counted wrongly", by=bob, version=followed.version)
    text = text_of(sign_in(bob).get(reverse("answer-history", args=[followed.pk])))
    assert "Followed from the metrics" in text
    assert "Overruled the metrics: Counted wrongly" in text
