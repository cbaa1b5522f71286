from datetime import date

import pytest
from django.urls import reverse

from assessments.models import Assessment, Comment, Finding, Review
from standards.models import Item
from tests import factories


def complete(assessment, by, code="PR1"):
    for answer in assessment.answers.in_item(code):
        answer.record_choice("2", by=by, version=answer.version)


@pytest.fixture
def answered(assessment, bob):
    complete(assessment, bob)
    return list(assessment.answers.in_item("PR1").in_order())


@pytest.fixture
def sent(assessment, answered, bob):
    [review], _ = Review.objects.submit(assessment, [Item.objects.get(code="PR1")], by=bob, message="See b.")
    return review


def decision(review, **chosen):
    return {"seen": review.versions_now(), **chosen}


def shown(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


# ---- sending


def test_only_complete_items_can_be_ticked_and_the_address_ticks_them(sign_in, bob, assessment, answered):
    client = sign_in(bob)
    text = shown(client, "review-submit", assessment.pk, domain="PR")
    assert 'id="item-PR1" checked>' in text
    assert 'id="item-PR2" disabled>' in text
    assert " checked" not in shown(client, "review-submit", assessment.pk, item="PR2")


def test_what_is_sent_says_so_on_the_task_list_and_the_item_page(sign_in, bob, rita, assessment, answered):
    client = sign_in(bob)
    data = {"items": ["PR1"], "reviewer": rita.pk, "due": "", "message": "Please\x00 look."}
    response = client.post(reverse("review-submit", args=[assessment.pk]), data, follow=True)
    text = response.content.decode()
    assert "1 item is sent for review." in text
    assert '<span class="tag tag-review">To review</span>' in text
    assert (Review.objects.get().reviewer, Review.objects.get().message) == (rita, "Please look.")
    assert "It waits for Rita." in shown(client, "item", assessment.pk, "PR1")
    filtered = shown(client, "assessment", assessment.pk, show="to-review")
    assert reverse("item", args=[assessment.pk, "PR1"]) in filtered
    assert reverse("item", args=[assessment.pk, "PR2"]) not in filtered
    again = client.post(reverse("review-submit", args=[assessment.pk]), data, follow=True)
    assert "Nothing new was sent for review." in again.content.decode()
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"items": []}, "Tick at least one item"),
        ({"items": ["XX9"]}, "XX9 is not one of the available choices"),
        ({"due": "2001-01-01"}, "This day has passed"),
        ({"due": "9999-12-31"}, "within the next ten years"),
        ({"due": "soon"}, "This is not a day"),
        ({"message": "x" * 1001}, "at most 1000 characters (it has 1001)"),
        ({"reviewer": "987654321"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_sent_is_said_in_a_sentence_and_stays_on_the_page(
    sign_in, bob, assessment, answered, bad, sentence
):
    data = {"items": ["PR1"], "message": "Look at b.", "due": "", "reviewer": ""} | bad
    response = sign_in(bob).post(reverse("review-submit", args=[assessment.pk]), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert data["message"] in response.content.decode()
    assert not Review.objects.exists()


def test_work_to_review_goes_only_to_members_who_may_and_never_to_oneself(
    sign_in, alice, vera, charlie, assessment, answered
):
    client = sign_in(alice)
    for person in (vera, charlie, alice):
        data = {"items": ["PR1"], "reviewer": person.pk}
        assert client.post(reverse("review-submit", args=[assessment.pk]), data).status_code == 422


def test_an_item_opened_again_meanwhile_is_named_and_not_sent(sign_in, bob, assessment, answered):
    answered[0].record_choice("", by=bob, version=1)
    response = sign_in(bob).post(
        reverse("review-submit", args=[assessment.pk]), {"items": ["PR1"]}, follow=True
    )
    assert "Not sent, because something in it is open: PR1." in response.content.decode()


# ---- deciding


def test_the_reviewer_sees_each_answer_and_who_gave_it(sign_in, rita, bob, sent, answered):
    answered[1].record_note("<b>Since May.</b>", by=bob, version=1)
    text = shown(sign_in(rita), "review", sent.pk)
    assert "“See b.”" in text
    assert text.count("Some teams do it.") == 4
    assert "&lt;b&gt;Since May.&lt;/b&gt;" in text
    assert text.count("Changed since it was sent") == 1
    assert "Answered by Bob" in text


def test_another_level_asks_for_changes_and_the_author_sees_both(
    sign_in, rita, bob, assessment, sent, answered
):
    pk = answered[1].pk
    data = decision(
        sent, **{f"see-{pk}": "other", f"level-{pk}": "1", f"comment-{pk}": "August\r\nis missing."}
    )
    response = sign_in(rita).post(reverse("review", args=[sent.pk]), data, follow=True)
    assert "PR1 Topic 1: changes asked." in response.content.decode()
    assert Finding.objects.get().comment == "August\nis missing."
    client = sign_in(bob)
    text = shown(client, "item", assessment.pk, "PR1")
    assert "Rita, reviewer, sees level 1, designed only." in text
    assert "The answer then, level 2, partly in use, stays on record beside it." in text
    assert "Came back to you" in shown(client, "home")
    assert "Changes asked" in shown(client, "assessment", assessment.pk)


def test_with_nothing_to_say_it_is_agreed(sign_in, rita, assessment, sent):
    client = sign_in(rita)
    assert "Waiting for your review" in shown(client, "home")
    assert "Waiting for your review" in shown(client, "assessment", assessment.pk)
    assert "Waiting for your review" in shown(client, "reviews")
    response = client.post(reverse("review", args=[sent.pk]), decision(sent), follow=True)
    assert "PR1 Topic 1: agreed." in response.content.decode()
    assert "Waiting for your review" not in shown(client, "home")
    assert "Rita agreed" in shown(client, "item", assessment.pk, "PR1")


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"see": "other", "level": "1", "comment": " "}, "Say why you see another level."),
        ({"see": "other", "level": "", "comment": "Why not"}, "Choose the level that you see."),
        ({"see": "other", "level": "7", "comment": "Why not"}, "7 is not one of the available choices"),
        ({"see": "other", "level": "1", "comment": "x" * 4001}, "(it has 4001)"),
        ({"see": "what"}, "Not finished yet"),
    ],
)
def test_a_decision_with_a_gap_is_sent_back_with_all_that_was_typed(
    sign_in, rita, sent, answered, chosen, sentence
):
    pk = answered[0].pk
    data = decision(sent, **{f"{name}-{pk}": value for name, value in chosen.items()})
    response = sign_in(rita).post(reverse("review", args=[sent.pk]), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert chosen.get("comment", "").strip() in response.content.decode()
    assert Review.objects.get().outcome == ""


def test_a_change_while_the_reviewer_reads_is_shown_before_it_is_decided(sign_in, rita, bob, sent, answered):
    data = decision(sent, message="Fine by me.")
    answered[0].record_choice("3", by=bob, version=1)
    client = sign_in(rita)
    response = client.post(reverse("review", args=[sent.pk]), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "An answer was changed since you opened this page." in text
    assert "Fine by me." in text
    assert f'name="seen" value="{sent.versions_now()}"' in text
    assert client.post(reverse("review", args=[sent.pk]), decision(sent)).status_code == 302


def test_the_second_of_two_decisions_is_told_about_the_first(sign_in, rita, mark, sent):
    data = decision(sent)
    assert sign_in(rita).post(reverse("review", args=[sent.pk]), data).status_code == 302
    response = sign_in(mark).post(reverse("review", args=[sent.pk]), data)
    assert response.status_code == 422
    assert "This was decided already, by Rita: Agreed. Nothing was changed." in response.content.decode()
    assert Review.objects.get().decided_by == rita


def test_nobody_is_offered_to_decide_what_they_sent(sign_in, alice, assessment, answered):
    [review], _ = Review.objects.submit(assessment, [Item.objects.get(code="PR1")], by=alice)
    client = sign_in(alice)
    text = shown(client, "review", review.pk)
    assert "Finish review" not in text
    assert "Take it back undecided" in text
    response = client.post(reverse("review", args=[review.pk]), decision(review))
    assert (response.status_code, Review.objects.get().outcome) == (422, "")


def test_it_is_taken_back_by_whoever_sent_it_or_a_manager_and_nobody_else(
    sign_in, acme, bob, mark, assessment, sent
):
    other = factories.UserFactory(name="Olga")
    acme.memberships.create(user=other, role="contributor")
    address = reverse("review-withdraw", args=[sent.pk])
    assert sign_in(other).post(address).status_code == 403
    assert "Taken back: PR1" in sign_in(bob).post(address, follow=True).content.decode()
    assert "decided already" in sign_in(mark).post(address, follow=True).content.decode()


def test_where_nothing_can_be_changed_a_review_is_for_reading(sign_in, mark, assessment, sent):
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    client = sign_in(mark)
    assert "Finish review" not in shown(client, "review", sent.pk)
    assert client.post(reverse("review", args=[sent.pk]), decision(sent)).status_code == 403
    assert client.post(reverse("review-withdraw", args=[sent.pk])).status_code == 403
    assert client.get(reverse("review-submit", args=[assessment.pk])).status_code == 403
    assert "Waiting for your review" not in shown(client, "home")


# ---- lists and comments


@pytest.mark.parametrize("count", [1, 9])
def test_the_lists_take_as_many_queries_however_much_waits(
    sign_in, mark, bob, acme, count, django_assert_num_queries
):
    release = factories.small_release(items=2, requirements=1)
    for _ in range(count):
        one = factories.started(factories.SiteFactory(organisation=acme), release)
        complete(one, bob)
        Review.objects.submit(one, [Item.objects.get(code="PR1")], by=bob, due=date(2030, 1, 1))
    client = sign_in(mark)
    with django_assert_num_queries(5):  # session, user, what waits, what came back, what was sent
        client.get(reverse("reviews"))
    with django_assert_num_queries(11):
        client.get(reverse("home"))


@pytest.mark.parametrize("requirements", [2, 9])
def test_a_review_takes_as_many_queries_whatever_the_item_asks(
    sign_in, rita, bob, site, requirements, django_assert_num_queries
):
    assessment = factories.started(site, factories.small_release(2, requirements))
    complete(assessment, bob)
    [review], _ = Review.objects.submit(assessment, [Item.objects.get(code="PR1")], by=bob)
    client = sign_in(rita)
    client.get(reverse("review", args=[review.pk]))
    with django_assert_num_queries(6):  # session, user, review, answers, what changed, findings
        client.get(reverse("review", args=[review.pk]))


def test_a_comment_is_counted_on_the_item_page_and_read_by_everybody(
    sign_in, rita, vera, assessment, answered
):
    address = reverse("answer-comments", args=[answered[0].pk])
    response = sign_in(rita).post(address, {"text": "<i>Which</i> report?\r\n2025"}, follow=True)
    assert response.redirect_chain[-1][0].startswith(f"{address}#comment-")
    client = sign_in(vera)
    assert "Comments, 1<" in shown(client, "item", assessment.pk, "PR1")
    text = client.get(address).content.decode()
    assert "&lt;i&gt;Which&lt;/i&gt; report?" in text
    assert "<textarea" not in text


@pytest.mark.parametrize("text", ["", " \x00 ", "x" * 4001])
def test_a_comment_that_cannot_be_stored_stays_on_the_page_with_the_reason(sign_in, rita, answered, text):
    response = sign_in(rita).post(reverse("answer-comments", args=[answered[0].pk]), {"text": text})
    assert response.status_code == 422
    assert text.strip("\x00 ") in response.content.decode()
    assert not Comment.objects.exists()


# ---- the way there


def test_the_navigation_leads_to_the_reviews_and_counts_where_the_page_knows(
    sign_in, rita, bob, assessment, sent
):
    address = f'href="{reverse("reviews")}"'
    client = sign_in(rita)
    for name, args in (("home", []), ("reviews", [])):
        text = shown(client, name, *args)
        assert text.count(address) >= 2  # in the line and in the menu of a phone
        assert text.count("1 waits for you") == 2
    text = shown(client, "assessment", assessment.pk)
    assert text.count(address) >= 2
    assert "waits for you" not in text
    sent.decide(by=rita, findings={sent.answers.first(): ("1", "Only in one team.")})
    assert "waits for you" not in shown(sign_in(rita), "home")
    assert "1 waits for you" in shown(sign_in(bob), "home")  # it came back to who sent it


def test_a_visitor_who_has_not_signed_in_is_offered_no_reviews(client, db):
    assert reverse("reviews") not in shown(client, "standards")


def test_more_than_the_first_page_shows_are_counted(sign_in, rita, bob, alice, acme, assessment):
    for _ in range(8):
        site = factories.SiteFactory(organisation=acme)
        other = factories.started(site, assessment.release, alice)
        Review.objects.create(assessment=other, item=Item.objects.get(code="PR1"), submitted_by=bob)
    text = shown(sign_in(rita), "home")
    assert "8 wait for you" in text
    assert text.count(", sent ") == 6
