"""Moving to a newer release in the browser: what it would bring, the delta report, confirming, the way back."""

import pytest
from django.urls import reverse

from assessments.models import Assessment, Notice, Review, moves
from standards.models import Item
from tests import factories


@pytest.fixture
def newer(assessment):
    return factories.newer_release()


@pytest.fixture
def moved(assessment, newer, alice, bob):
    for answer in assessment.answers.all():
        answer.record_choice("2", by=bob, version=0)
    return moves.move(Assessment.objects.with_names().get(pk=assessment.pk), newer, by=alice)


def page(client, name, assessment, **query):
    return client.get(reverse(name, args=[assessment.pk]), query).content.decode()


def test_the_task_list_tells_managers_of_a_newer_release(sign_in, alice, bob, assessment, newer):
    assert "Release 2.0 is out." in page(sign_in(alice), "assessment", assessment)
    assert "Release 2.0 is out." not in page(sign_in(bob), "assessment", assessment)


def test_what_a_move_would_bring_is_shown_before_it(sign_in, alice, bob, assessment, newer):
    assessment.answers.first().record_choice("2", by=bob, version=0)
    html = page(sign_in(alice), "assessment-move", assessment)
    assert "1 answer comes along" in html
    assert html.index("New about AI and technology governance") < html.index("Changed: answer again")
    assert html.index("The thing pr1-ai is done") < html.index("The thing pr1-more is done")
    assert "Before, PR1d: The thing pr1-thing-4 is done" in html
    assert html.index("No longer asked") < html.index("The thing pr2-thing-4 is done")


def test_moving_leads_to_the_delta_report_and_says_what_came_along(sign_in, alice, bob, assessment, newer):
    assessment.answers.first().record_choice("2", by=bob, version=0)
    response = sign_in(alice).post(
        reverse("assessment-move", args=[assessment.pk]), {"to": "2.0"}, follow=True
    )
    successor = Assessment.objects.get(previous=assessment)
    assert response.redirect_chain[-1][0] == reverse("assessment-changes", args=[successor.pk])
    assert "Moved to release 2.0. 1 answer came along" in response.content.decode()


def test_without_a_newer_release_nothing_is_moved(sign_in, alice, assessment):
    response = sign_in(alice).post(reverse("assessment-move", args=[assessment.pk]), follow=True)
    assert "There is no newer release to move to." in response.content.decode()
    assert Assessment.objects.count() == 1


def test_an_assessment_that_was_not_moved_has_no_delta_report(sign_in, alice, assessment):
    assert sign_in(alice).get(reverse("assessment-changes", args=[assessment.pk])).status_code == 404


def test_both_sides_of_a_move_lead_to_each_other(sign_in, alice, moved):
    client = sign_in(alice)
    before = page(client, "assessment", moved.previous)
    assert "continued in a newer one" in before
    assert moved.get_absolute_url() in before
    assert reverse("assessment-continue", args=[moved.previous.pk]) not in before
    assert "Moved here from release 1.0." in page(client, "assessment", moved)


def test_an_item_of_the_assessment_before_can_be_read_but_not_answered(sign_in, bob, moved):
    client, item = sign_in(bob), reverse("item", args=[moved.previous.pk, "PR1"])
    html = client.get(item).content.decode()
    assert "continued in a newer one" in html
    assert "Save this page" not in html
    answer = moved.previous.answers.get(requirement__key="pr1-thing-1")
    for name in ("choice", "note"):
        response = client.post(
            reverse(f"answer-{name}", args=[answer.pk]), {"choice": "0", "note": "x", "version": "1"}
        )
        assert response.status_code == 403
    assert (
        client.post(item, {f"choice-{answer.pk}": "0", f"choice-version-{answer.pk}": "1"}).status_code == 403
    )
    answer.refresh_from_db()
    assert (answer.choice, answer.note) == ("2", "")


def test_a_carried_answer_is_confirmed_by_its_button_or_with_all_of_its_page(sign_in, bob, moved):
    client, item = sign_in(bob), reverse("item", args=[moved.pk, "PR1"])
    html = client.get(item).content.decode()
    assert html.count("Carried over, not confirmed yet.") == 3
    assert "Confirm all 3 carried-over answers" in html
    sent = {}
    for answer in moved.answers.filter(requirement__item__code="PR1"):
        sent |= {f"choice-{answer.pk}": answer.choice, f"choice-version-{answer.pk}": answer.version}
    one = moved.answers.get(requirement__key="pr1-thing-1")
    client.post(item, sent | {f"confirm-{one.pk}": "1"})
    assert moved.answers.filter(carried=True, requirement__item__code="PR1").count() == 2
    client.post(item, sent | {"confirm-all": "1"})
    assert moved.answers.filter(carried=True, requirement__item__code="PR1").count() == 0


def test_confirming_by_itself_saves_the_same_level_again(sign_in, bob, moved):
    answer = moved.answers.get(requirement__key="pr1-thing-1")
    html = (
        sign_in(bob)
        .post(reverse("answer-choice", args=[answer.pk]), {"choice": "2", "version": answer.version})
        .content.decode()
    )
    assert "Carried over" not in html
    answer.refresh_from_db()
    assert (answer.carried, answer.answered_by) == (False, bob)


def test_the_task_list_and_the_results_say_how_many_wait_to_be_confirmed(sign_in, bob, moved):
    client = sign_in(bob)
    assert "10 answers wait to be confirmed." in page(client, "assessment", moved)
    assert "To confirm, 10" in page(client, "assessment", moved)
    assert "10 answers are carried over" in page(client, "results", moved)
    assert "Nothing is left to confirm." in page(client, "assessment", moved.previous, show="carried")


def test_undoing_leads_back_and_says_that_nothing_is_lost(sign_in, alice, moved):
    response = sign_in(alice).post(reverse("assessment-move-undo", args=[moved.pk]), follow=True)
    assert response.redirect_chain[-1][0] == moved.previous.get_absolute_url()
    assert "What was answered since is kept" in response.content.decode()


def test_undoing_what_was_not_moved_says_so(sign_in, alice, assessment):
    response = sign_in(alice).post(reverse("assessment-move-undo", args=[assessment.pk]), follow=True)
    assert "was not made from another one" in response.content.decode()


def test_a_quick_scan_is_started_from_the_form_and_grows(sign_in, alice, site):
    release, client = factories.small_release(), sign_in(alice)
    data = {"variant": release.variants.get().pk, "channels": ["phone"], "quick": "quick"}
    client.post(reverse("assessment-add", args=[site.pk]) + f"?release={release.pk}", data)
    scan = Assessment.objects.get()
    assert (scan.quick, scan.asked) == (True, 3)
    assert "This is a quick scan" in page(client, "assessment", scan)
    response = client.post(reverse("assessment-grow", args=[scan.pk]), follow=True)
    assert "9 requirements are added." in response.content.decode()
    again = client.post(reverse("assessment-grow", args=[scan.pk]), follow=True)
    assert "asks everything already" in again.content.decode()


def test_the_report_of_a_move_asks_the_database_the_same_whatever_its_size(
    sign_in, alice, moved, django_assert_num_queries
):
    client = sign_in(alice)
    page(client, "assessment-changes", moved)  # fills the catalogues
    # session, user, assessment, variant, answers before, what is asked now, releases between
    with django_assert_num_queries(7):
        page(client, "assessment-changes", moved)


def test_a_double_click_leads_to_the_one_successor(sign_in, alice, assessment, newer):
    client, address = sign_in(alice), reverse("assessment-move", args=[assessment.pk])
    client.post(address, {"to": "2.0"})
    response = client.post(address, {"to": "2.0"}, follow=True)
    successor = Assessment.objects.get(previous=assessment)
    assert response.redirect_chain[-1][0] == reverse("assessment-changes", args=[successor.pk])
    assert "continued in a newer one" not in response.content.decode()


@pytest.mark.parametrize("wanted", ["", "9.9", "0.9", "3.0", "2.0 "])
def test_a_release_that_is_not_offered_is_not_moved_to(sign_in, alice, assessment, newer, wanted):
    factories.small_release(version="0.9", position=20)
    factories.small_release(version="3.0", position=1, status="draft")
    response = sign_in(alice).post(
        reverse("assessment-move", args=[assessment.pk]), {"to": wanted}, follow=True
    )
    assert "That release is not offered for this assessment." in response.content.decode()
    assert Assessment.objects.count() == 1


def test_a_second_tab_that_moves_elsewhere_is_told_that_it_is_moved(sign_in, alice, moved):
    factories.small_release(version="3.0", position=1)
    response = sign_in(alice).post(
        reverse("assessment-move", args=[moved.previous_id]), {"to": "3.0"}, follow=True
    )
    assert "continued in a newer one" in response.content.decode()
    assert Assessment.objects.count() == 2


def test_with_nothing_to_carry_the_move_says_so(sign_in, alice, assessment, newer):
    client = sign_in(alice)
    assert "No answer comes along" in page(client, "assessment-move", assessment)
    html = (
        client.post(reverse("assessment-move", args=[assessment.pk]), {"to": "2.0"}, follow=True)
    ).content.decode()
    assert "Moved to release 2.0. No answer came along." in html


def test_moving_again_says_that_what_was_undone_is_taken_up(sign_in, alice, moved):
    client, before = sign_in(alice), moved.previous
    moves.undo(moved)
    html = page(client, "assessment-move", before)
    assert "This move was made before and undone." in html
    assert "comes along" not in html
    assert "come along" not in html


def test_the_delta_report_of_a_quick_scan_does_not_change_when_it_grows(sign_in, alice, site):
    release = factories.small_release()
    scan, _ = Assessment.objects.start(
        site=site, release=release, variant=release.variants.get(), channels=["phone"], audit_month=None, by=alice, quick=True
    )  # fmt: skip
    moved = moves.move(scan, factories.newer_release(), by=alice)
    client, address = sign_in(alice), reverse("assessment-changes", args=[moved.pk])
    before = client.get(address).context["delta"]
    moved.grow()
    after = client.get(address).context["delta"]
    assert list(map(len, after)) == list(map(len, before)) == [0, 0, 0, 3]


def test_a_viewer_finds_the_way_to_the_assessment_before(sign_in, vera, moved):
    html = page(sign_in(vera), "assessment-changes", moved)
    assert f'href="{moved.previous.get_absolute_url()}"' in html
    assert "Undo the move" not in html


def test_an_assessment_for_reading_only_offers_nothing_to_change(sign_in, alice, bob, assessment, newer):
    client, ways_on = sign_in(alice), [reverse(f"assessment-{name}", args=[assessment.pk]) for name in ("continue", "edit")]  # fmt: skip
    moves.undo(moves.move(assessment, newer, by=alice))
    assert all(f'href="{way}"' in page(client, "assessment", assessment) for way in ways_on)
    moves.move(assessment, newer, by=alice)
    for name in ("assessment", "results", "gaps", "method"):
        html = page(client, name, assessment)
        assert not [way for way in ways_on if f'href="{way}"' in html], name
    assessment.answers.filter(requirement__item__code="PR1").update(choice="2")
    assert ways_on[0] not in page(client, "results", assessment)


def test_the_audit_month_of_an_assessment_for_reading_only_stays(sign_in, alice, moved):
    response = sign_in(alice).post(
        reverse("assessment-edit", args=[moved.previous_id]), {"audit_month": "2099-01"}, follow=True
    )
    assert "nothing can be changed here" in response.content.decode()
    assert response.redirect_chain[-1][0] == moved.previous.get_absolute_url()


def test_who_saves_after_somebody_moved_is_told_of_the_move_and_not_of_a_role(sign_in, bob, moved):
    client, item = sign_in(bob), reverse("item", args=[moved.previous_id, "PR1"])
    answer = moved.previous.answers.get(requirement__key="pr1-thing-1")
    sent = {f"choice-{answer.pk}": "0", f"choice-version-{answer.pk}": "1"}
    html = client.post(item, sent).content.decode()
    assert "continued in a newer one" in html
    assert "Your role" not in html


@pytest.fixture
def waiting(assessment, newer, alice, bob, rita):
    """A review that waited for Rita, and the successor of its assessment."""
    for answer in assessment.answers.all():
        answer.record_choice("2", by=bob, version=0)
    item = Item.objects.get(domain__release=assessment.release, code="PR1")
    [review], _ = Review.objects.submit(assessment, [item], by=bob, reviewer=rita)
    return review, moves.move(Assessment.objects.with_names().get(pk=assessment.pk), newer, by=alice)


def test_what_waited_for_a_review_is_on_the_new_task_list_until_it_is_confirmed(sign_in, bob, waiting):
    review, successor = waiting
    client = sign_in(bob)
    html = page(client, "assessment", successor)
    assert "Waited for a review before this began" in html
    assert "It waited for Rita." in html
    assert f'{reverse("review-submit", args=[successor.pk])}?item=PR1"' in html
    assert "Waited for a review" not in page(client, "assessment", review.assessment)
    successor.answers.in_item("PR1").update(choice="2")
    address = reverse("item-check", args=[successor.pk, "PR1"])
    client.post(address, {"seen": client.get(address).context["seen"]})
    assert "Waited for a review" not in page(client, "assessment", successor)


def test_who_may_only_look_is_not_asked_to_send_it_again(sign_in, vera, waiting):
    html = page(sign_in(vera), "assessment", waiting[1])
    assert "It waited for Rita." in html
    assert "Send for review again" not in html


def test_the_review_that_moved_on_says_so(sign_in, rita, waiting):
    html = page(sign_in(rita), "review", waiting[0])
    assert "Moved on undecided by Alice" in html
    assert "continued in a newer one" in html


def test_after_an_undo_the_reviewer_is_told_again_and_once(sign_in, alice, rita, waiting):
    for _click in range(2):
        sign_in(alice).post(reverse("assessment-move-undo", args=[waiting[1].pk]))
        assert [notice.user for notice in Notice.objects.all()] == [rita]
        Notice.objects.update(claimed_at="2030-01-01T00:00Z")
