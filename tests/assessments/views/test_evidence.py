import pytest
from django.urls import reverse

from assessments.models import Evidence
from standards.text import one_line
from tests import factories
from tests.assessments.views.test_answers import HOSTILE


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=True)


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


@pytest.fixture
def page(answer):
    return reverse("evidence", args=[answer.pk])


PACK = {
    "title": "Forecast pack",
    "place": "https://files.example/pack?x=1",
    "covers_from": "2026-01",
    "covers_to": "2026-10",
}


def test_evidence_is_added_and_shows_on_the_item_with_its_months_and_how_long_it_counts(
    sign_in, bob, assessment, page
):
    client = sign_in(bob)
    response = client.post(page, PACK, follow=True)
    assert "“Forecast pack” is added." in response.content.decode()
    held = Evidence.objects.get()
    assert (held.added_by, held.period) == (bob, (2026 * 12, 2026 * 12 + 9))
    text = client.get(reverse("item", args=[assessment.pk, "PR1"])).content.decode()
    for words in ("Evidence, 1", "covers Jan 2026 to Oct 2026", "fresh until Oct 2027"):
        assert words in text
    assert 'href="https://files.example/pack?x=1" rel="noreferrer nofollow"' in text


def test_what_will_be_too_old_by_the_audit_says_so(sign_in, bob, assessment, page):
    assessment.audit_month = "2027-11-01"
    assessment.save()
    assert "too old by audit" in sign_in(bob).post(page, PACK, follow=True).content.decode()


def test_removing_can_be_undone(sign_in, bob, page):
    client = sign_in(bob)
    client.post(page, PACK)
    pk = Evidence.objects.get().pk
    assert (
        "It can be put back."
        in client.post(reverse("evidence-remove", args=[pk]), follow=True).content.decode()
    )
    assert not Evidence.objects.in_force()
    client.post(reverse("evidence-put-back", args=[pk]))
    assert Evidence.objects.in_force().exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"place": "javascript:alert(1)"}, "This is not a link that can be kept."),
        ({"place": "data:text/html,x"}, "This is not a link that can be kept."),
        ({"place": "file:///etc/passwd"}, "This is not a link that can be kept."),
        ({"place": "https://"}, "This is not a link that can be kept."),
        ({"title": ""}, "Say what it is"),
        ({"title": "x" * 161}, "at most 160 characters"),
        ({"covers_to": "2025-10"}, "This month is before the one it covers from."),
        ({"covers_to": "2026-12"}, "This month has not come yet."),
        ({"covers_from": "spring"}, "is not a month"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field(sign_in, bob, page, changed, sentence):
    response = sign_in(bob).post(page, PACK | changed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("place", ["Quality drive: folder 2026", "Room 4, shelf B", "http://wiki/x"])
def test_a_place_in_words_or_on_the_intranet_is_kept(sign_in, bob, page, place):
    sign_in(bob).post(page, PACK | {"place": place})
    assert Evidence.objects.get().place == place


def test_one_month_alone_is_a_period_of_one_month(sign_in, bob, page):
    sign_in(bob).post(page, PACK | {"covers_from": ""})
    held = Evidence.objects.get()
    assert held.covers_from == held.covers_to


@pytest.mark.parametrize(("name", "text", "kept"), HOSTILE[:-1])
def test_odd_text_is_kept_as_text_and_on_one_line(sign_in, bob, assessment, page, name, text, kept):
    client = sign_in(bob)
    assert client.post(page, PACK | {"title": text, "place": f"Drive {text}"}).status_code == 302
    assert Evidence.objects.get().title == one_line(kept)
    shown = client.get(reverse("item", args=[assessment.pk, "PR1"])).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown


def test_a_place_sent_twice_is_one_and_the_same_with_another_title_is_another(sign_in, bob, page, answer):
    client = sign_in(bob)
    for title in ("Pack", "Pack", "Plan"):
        client.post(page, {"title": title, "place": "Drive"})
    assert list(answer.evidence.values_list("title", flat=True)) == ["Pack", "Plan"]


def test_a_page_with_a_hundred_files_asks_no_more_than_one_with_two(
    sign_in, bob, answer, page, store, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(100) as asked:
            client.get(page)
        return len(asked)

    client = sign_in(bob)
    for number in range(2):
        factories.filed(answer, f"{number}.txt", by=bob)
    queries()  # the first reads the catalogue
    few = queries()
    for number in range(2, 22):
        factories.filed(answer, f"{number}.txt", by=bob)
    assert queries() == few
