import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from assessments.models import Answer
from tests import factories
from tests.assessments.forms.test_answers import page

HOSTILE = [
    ("NUL and controls", "a\x00b\x07c", "abc"),
    ("bidi controls", "left \u202eright\u202c", "left \u202eright\u202c"),
    ("right to left", "مركز الاتصال", "مركز الاتصال"),
    ("emoji", "👩‍💻 done", "👩‍💻 done"),
    ("markup", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("a closing textarea", "</textarea><img src=x>", "</textarea><img src=x>"),
    ("template syntax", "{{ user }} {% now 'Y' %}", "{{ user }} {% now 'Y' %}"),
    ("combining marks", "e\u0301" * 10, "é" * 10),
    ("one long run", "x" * 20_000, "x" * 20_000),
]


def save(client, answer, field, **data):
    return client.post(reverse(f"answer-{field}", args=[answer.pk]), {"version": "0", "key": "k1"} | data)


def again(answer):
    return Answer.objects.get(pk=answer.pk)


def statements(run):
    with CaptureQueriesContext(connection) as captured:
        run()
    bookkeeping = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(bookkeeping) for query in captured.captured_queries)


# ---- the page


def test_the_page_shows_each_requirement_with_its_levels_and_guidance(sign_in, bob, item, answer):
    text = sign_in(bob).get(item).content.decode()
    for words in ("Topic 1", "PR1, item 1 of 3", "0 of 4 answered", answer.requirement.statement, "Nobody does it.",
                  "Nothing in place", "Nothing else can be trusted without it.", "The record of last month",
                  "When did you last do it?", "Not answered yet"):  # fmt: skip
        assert escape(words) in text
    assert text.count('type="radio"') == 4 * 6


def test_results_are_asked_in_words_of_their_own(sign_in, bob, assessment):
    text = sign_in(bob).get(reverse("item", args=[assessment.pk, "PF3"])).content.decode()
    assert "At target, not sustained" in text
    assert "Partly in use" not in text


def test_what_is_stored_is_marked_with_who_and_when(sign_in, bob, alice, item, answer, time_machine):
    time_machine.move_to("2030-07-01 13:02Z", tick=False)
    answer.record_choice("na", by=alice, version=0, reason="other", reason_text='No "cards"')
    text = sign_in(bob).get(item).content.decode()
    assert f'name="choice-{answer.pk}" value="na" checked' in text
    assert '<option value="other" selected>' in text
    assert 'value="No &quot;cards&quot;"' in text
    assert "Saved 14:02 by Alice" in text  # the site is in London
    assert "1 of 4 answered" in text


def test_two_answers_of_one_requirement_never_share_what_is_chosen(
    sign_in, bob, item, assessment, site, alice
):
    """The drawn parts of a requirement are kept in memory: nothing of one answer may stay in them."""
    other = factories.started(site, by=alice, channels=["phone"])
    other.answers.in_order().first().record_choice("3", by=alice, version=0)
    client = sign_in(bob)
    assert 'value="3" checked>' in client.get(reverse("item", args=[other.pk, "PR1"])).content.decode()
    assert 'value="3" checked>' not in client.get(item).content.decode()


def test_new_wording_shows_at_once(sign_in, bob, item, answer):
    client = sign_in(bob)
    client.get(item)
    requirement = answer.requirement
    requirement.statement = "Something else is asked"
    requirement.save()
    requirement.item.domain.release.note_edit()
    assert "Something else is asked" in client.get(item).content.decode()


def test_the_way_on_leads_to_the_first_open_requirement_here_then_elsewhere_then_to_the_results(
    sign_in, bob, item, assessment
):
    client = sign_in(bob)
    answers = list(assessment.answers.in_order())
    answers[0].record_choice("1", by=bob, version=0)
    assert 'href="#b">' in client.get(item).content.decode()
    for answer in answers[1:5]:
        answer.record_choice("1", by=bob, version=0)
    assert f'href="{reverse("item", args=[assessment.pk, "PR2"])}#b">' in client.get(item).content.decode()
    for answer in answers[5:]:
        answer.record_choice("1", by=bob, version=0)
    assert "See the results" in client.get(item).content.decode()


@pytest.mark.parametrize("code", ["PR99", "pr1", "PF1"])
def test_an_item_that_is_not_asked_is_not_found(sign_in, bob, assessment, code):
    assert sign_in(bob).get(reverse("item", args=[assessment.pk, code])).status_code == 404


def test_an_item_without_requirements_in_scope_is_not_found(sign_in, bob, assessment, item):
    assessment.answers.filter(requirement__item__code="PR1").delete()
    assert sign_in(bob).get(item).status_code == 404


@pytest.mark.parametrize(("items", "requirements"), [(2, 1), (3, 8), (12, 4)])
def test_the_page_takes_eight_queries_whatever_the_size(sign_in, bob, site, alice, items, requirements):
    assessment = factories.started(site, factories.small_release(items, requirements), by=alice)
    for answer in assessment.answers.in_order()[: requirements + 1]:
        answer.record_choice("2", by=alice, version=0)
        answer.record_note("Since May.", by=bob, version=1)
    client = sign_in(bob)
    assert statements(lambda: client.get(reverse("item", args=[assessment.pk, "PR1"]))) == 8


def test_a_stranger_finds_no_page(sign_in, charlie, item):
    assert sign_in(charlie).get(item).status_code == 404
    assert sign_in(charlie).post(item, {}).status_code == 404


def test_a_viewer_reads_everything_and_is_told_why_nothing_can_be_changed(sign_in, vera, item, answer, alice):
    answer.record_note("Only some teams.", by=alice, version=0)
    text = sign_in(vera).get(item).content.decode()
    assert "You are a viewer" in text
    assert "Only some teams." in text
    assert text.count("<fieldset") == text.count(" disabled>") == 4
    assert "readonly" in text
    assert "save.js" not in text
    assert "Save this page" not in text


# ---- each change by itself


def test_a_choice_saves_itself_and_the_reply_carries_what_changes(sign_in, bob, answer):
    response = save(sign_in(bob), answer, "choice", choice="2")
    text = response.content.decode()
    assert response.status_code == 200
    assert again(answer).choice == "2"
    assert f'id="choice-version-{answer.pk}" name="choice-version-{answer.pk}" value="1"' in text
    assert 'data-choice="2"' in text
    assert "1 of 4 answered" in text


def test_a_note_saves_itself_and_says_nothing_of_the_choice(sign_in, bob, answer):
    response = save(sign_in(bob), answer, "note", note="Since May.\r\nNot on Sundays.")
    assert response.status_code == 200
    assert again(answer).note == "Since May.\nNot on Sundays."
    assert f'id="note-version-{answer.pk}"' in response.content.decode()
    assert "chip-" not in response.content.decode()


@pytest.mark.parametrize(("items", "requirements"), [(3, 4), (12, 8)])
def test_a_save_takes_eight_statements_whatever_the_size(sign_in, bob, site, alice, items, requirements):
    assessment = factories.started(site, factories.small_release(items, requirements), by=alice)
    client, (first, second) = sign_in(bob), assessment.answers.in_order()[:2]
    save(client, second, "choice", choice="1")
    assert statements(lambda: save(client, first, "choice", choice="2")) == 8
    assert statements(lambda: save(client, first, "note", note="Since May.", version="1")) == 8


def test_two_hundred_answers_save_one_after_another(sign_in, bob, site, alice):
    assessment = factories.started(site, factories.small_release(25, 8), by=alice)
    client, answers = sign_in(bob), list(assessment.answers.in_order())
    save(client, answers[0], "choice", choice="3")
    counts = set()
    for number, answer in enumerate(answers[1:], 1):
        sent = {"choice": str(number % 4), "key": f"k{number}"}
        counts.add(
            statements(
                lambda a=answer, s=sent: client.post(
                    reverse("answer-choice", args=[a.pk]), {"version": "0"} | s
                )
            )
        )
    assessment.refresh_from_db()
    assert (len(answers), assessment.open, counts) == (200, 0, {8})


def test_a_conflict_shows_both_sides_who_and_two_ways_out(sign_in, alice, bob, answer):
    again(answer).record_note("Theirs <b>.", by=alice, version=0)
    response = save(sign_in(bob), answer, "note", note="Mine & mine.")
    text = response.content.decode()
    assert response.status_code == 409
    for words in (
        "Alice changed this too",
        "Theirs &lt;b&gt;.",
        "Mine &amp; mine.",
        "Keep mine",
        "Take theirs",
    ):
        assert words in text
    assert 'data-version="1"' in text
    assert f'id="note-version-{answer.pk}"' not in text  # only a choice between the two moves the sender on
    assert again(answer).note == "Theirs <b>."


def test_a_conflict_about_a_choice_shows_both_in_words(sign_in, alice, bob, answer):
    again(answer).record_choice("na", by=alice, version=0, reason="other", reason_text="No cards.")
    text = save(sign_in(bob), answer, "choice", choice="3").content.decode()
    assert "In place" in text
    assert "Not applicable. Another reason: No cards." in text


def test_a_conflict_with_oneself_says_so(sign_in, bob, answer):
    again(answer).record_note("Typed at home.", by=bob, version=0)
    assert (
        "You saved this in another window"
        in save(sign_in(bob), answer, "note", note="Mine.").content.decode()
    )


def test_keeping_mine_after_a_conflict_is_a_save_on_top(sign_in, alice, bob, answer):
    again(answer).record_note("Theirs.", by=alice, version=0)
    client = sign_in(bob)
    save(client, answer, "note", note="Mine.")
    assert save(client, answer, "note", note="Mine.", version="1", key="k2").status_code == 200
    assert again(answer).note == "Mine."


def test_a_note_and_a_choice_never_get_in_each_others_way(sign_in, alice, bob, answer):
    again(answer).record_choice("3", by=alice, version=0)
    assert save(sign_in(bob), answer, "note", note="Mine.").status_code == 200
    assert (again(answer).choice, again(answer).note) == ("3", "Mine.")


def test_a_repeated_request_is_harmless(sign_in, bob, answer):
    client = sign_in(bob)
    replies = [save(client, answer, "choice", choice="2").status_code for _ in range(3)]
    assert replies == [200, 200, 200]
    assert again(answer).revisions.count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"choice": "na"}, "Choose why this does not apply."),
        ({"choice": "na", "reason": "other"}, "Say in a few words why this does not apply."),
        ({"choice": "5"}, "Choose one of the six answers."),
        ({}, "Choose one of the six answers."),
        ({"choice": "2", "version": "soon"}, "This page is out of date."),
    ],
)
def test_a_choice_that_cannot_be_stored_is_refused_with_a_sentence(sign_in, bob, answer, sent, sentence):
    response = save(sign_in(bob), answer, "choice", **sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert again(answer).version == 0


def test_a_note_over_the_limit_is_refused_with_its_length(sign_in, bob, answer):
    response = save(sign_in(bob), answer, "note", note="x" * 20_001)
    assert response.status_code == 422
    assert "The note has 20,001 characters; at most 20,000 can be saved." in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "stored"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_odd_text_is_stored_and_shown_as_text(sign_in, bob, item, answer, typed, stored):
    client = sign_in(bob)
    assert save(client, answer, "note", note=typed).status_code == 200
    assert again(answer).note == stored
    assert escape(stored) in client.get(item).content.decode()


def test_half_a_surrogate_pair_is_no_error(sign_in, bob, answer):
    address = reverse("answer-note", args=[answer.pk])
    sent = "version=0&key=k1&note=half%ED%A0%BDpair"
    response = sign_in(bob).post(address, sent, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert again(answer).note.startswith("half")


@pytest.mark.parametrize("field", ["choice", "note"])
def test_nobody_saves_into_another_organisation(sign_in, charlie, answer, field):
    assert save(sign_in(charlie), answer, field, choice="2", note="x").status_code == 404
    assert again(answer).version == 0


@pytest.mark.parametrize("field", ["choice", "note"])
def test_a_viewer_may_not_save(sign_in, vera, item, answer, field):
    client = sign_in(vera)
    assert save(client, answer, field, choice="2", note="x").status_code == 403
    assert client.post(item, page([answer]) | {f"choice-{answer.pk}": "2"}).status_code == 403
    assert again(answer).version == 0


def test_somebody_signed_out_is_sent_to_sign_in(client, answer):
    response = save(client, answer, "choice", choice="2")
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_looking_at_a_save_address_saves_nothing(sign_in, bob, answer):
    assert sign_in(bob).get(reverse("answer-choice", args=[answer.pk])).status_code == 405


def test_a_busy_database_is_waited_for(sign_in, bob, answer, busy):
    busy(2)
    assert save(sign_in(bob), answer, "choice", choice="2").status_code == 200
    assert again(answer).choice == "2"


def test_a_database_that_stays_busy_is_a_503_that_says_when_to_come_back(sign_in, bob, answer, busy):
    busy(3)
    response = save(sign_in(bob), answer, "choice", choice="2")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert again(answer).version == 0


def test_what_one_person_entered_is_never_saved_as_somebody_elses(sign_in, alice, bob, answer):
    response = save(sign_in(alice), answer, "note", note="Bob's.", person=str(bob.pk))
    assert response.status_code == 401
    assert again(answer).version == 0
    assert save(sign_in(alice), answer, "note", note="Mine.", person=str(alice.pk)).status_code == 200


def test_a_repeat_overtaken_by_somebody_else_says_what_stands_now(sign_in, alice, bob, answer):
    client = sign_in(bob)
    save(client, answer, "choice", choice="1", key="first")
    again(answer).record_choice("3", by=alice, version=1)
    response = save(client, answer, "choice", choice="1", key="first")
    assert response.status_code == 200
    assert 'data-overtaken="{&quot;choice&quot;: &quot;3&quot;' in response.content.decode()
    assert again(answer).choice == "3"


# ---- what others saved meanwhile


def news(client, assessment, seen):
    return client.get(reverse("news", args=[assessment.pk]), {"seen": seen})


def test_a_page_learns_what_others_saved_since_it_was_drawn(sign_in, alice, bob, assessment):
    first, second = assessment.answers.in_order()[:2]
    client = sign_in(bob)
    assert news(client, assessment, f"{first.pk}:0.{second.pk}:0").status_code == 204
    second.record_choice("2", by=alice, version=0)
    text = news(client, assessment, f"{first.pk}:0.{second.pk}:0").content.decode()
    assert f'data-news="{second.pk}" data-version="1"' in text
    assert f'data-news="{first.pk}"' not in text
    assert "1 of 2 answered" in text
    assert "PR1b was saved by Alice" in text
    assert news(client, assessment, f"{second.pk}:1").status_code == 204


@pytest.mark.parametrize(
    "seen", ["", "x", "1:2:3", "-1:0", "1:", ":", "9" * 400, "1:0." * 900, "\u0663:\u0660"]
)
def test_a_list_of_what_was_seen_that_makes_no_sense_is_no_news(sign_in, bob, assessment, seen):
    assert news(sign_in(bob), assessment, seen).status_code == 204


def test_news_of_another_assessment_is_never_told(sign_in, bob, assessment, site, alice):
    other = factories.started(site, by=alice, channels=["phone"]).answers.first()
    other.record_choice("2", by=alice, version=0)
    assert news(sign_in(bob), assessment, f"{other.pk}:0").status_code == 204


def test_news_takes_four_queries_whatever_there_is_to_tell(sign_in, alice, bob, assessment):
    answers = list(assessment.answers.in_order())
    seen = ".".join(f"{answer.pk}:0" for answer in answers)
    client = sign_in(bob)
    news(client, assessment, seen)
    assert statements(lambda: news(client, assessment, seen)) == 4
    for answer in answers:
        answer.record_choice("2", by=alice, version=0)
    assert statements(lambda: news(client, assessment, seen)) == 4
