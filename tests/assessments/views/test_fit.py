"""The fit check on screen: open to everybody, stored in its address, kept with an assessment by those who manage it."""

import re
from html import unescape

import pytest
from django.core.cache import caches
from django.urls import reverse

from assessments.report import fit as fit_report
from assessments.report import fit_sheet, pdf
from assessments.views import fit as views
from tests import factories
from tests.assessments.rules.centres import CENTRES, answers

RESULT = reverse("fit-result")
NEUTRAL = answers()
MISSING = answers(fundamentals=["coaching"])


@pytest.fixture(autouse=True)
def _no_sheets_of_other_tests():
    caches["sheets"].clear()


@pytest.fixture
def printed(monkeypatch):
    """No real printing: the pages handed over to it."""
    pages = []
    monkeypatch.setattr(
        fit_sheet,
        "render",
        lambda page, day, address: pages.append((page, day, address)) or b"%PDF-1.7 sheet",
    )
    return pages


def address(name, found=NEUTRAL):
    return f"{reverse(name)}?{fit_report.query(found)}"


def text(response):
    return unescape(response.content.decode())


def chosen(page):
    """(question, choice) of every marked answer in a page of questions."""
    inputs = re.findall(r"<input [^>]*checked[^>]*>", page)
    return [(re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]+)"', tag)[1]) for tag in inputs]


def posted(found):
    given = found.as_dict()
    return given | {"fundamentals": given["fundamentals"] or ["none"]}


# ---- questions --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_anybody_may_answer_without_a_sign_in_and_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = text(client.get(reverse("fit")))
    assert page.count("<fieldset") == 12
    assert f'<form method="get" action="{RESULT}">' in page
    assert "<script" not in page.split("</head>")[1]
    assert chosen(page) == []


@pytest.mark.django_db
def test_the_way_back_to_the_questions_keeps_every_answer(client):
    page = text(client.get(address("fit", MISSING)))
    assert sorted(chosen(page)) == sorted(MISSING.pairs())
    assert "still needs an answer" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "said", "kept"),
    [
        ({}, "12 questions still need an answer", []),
        ({"seats": "50-149"}, "11 questions still need an answer", [("seats", "50-149")]),
        ({"seats": "a million", "why": "demand"}, "That is not one of the choices", [("why", "demand")]),
        (
            {"fundamentals": ["none", "quality"]},
            "not both",
            [("fundamentals", "quality"), ("fundamentals", "none")],
        ),
        ({"owner": "\x00<script>"}, "That is not one of the choices", []),
        ({"fundamentals": ["x"] * 50}, "That is not one of the choices", []),
    ],
)
def test_what_is_open_or_odd_is_named_and_the_rest_is_kept(client, given, said, kept):
    response = client.get(RESULT, given)
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert sorted(chosen(page)) == sorted(kept)
    assert "<title>Error: " in page
    assert "<script>" not in page


@pytest.mark.django_db
def test_one_open_question_is_named_alone(client):
    given = posted(NEUTRAL)
    del given["owner"]
    page = text(client.get(RESULT, given))
    assert "One question still needs an answer." in page
    assert re.findall(r'<li><a href="#(\w+)">', page) == ["owner"]


@pytest.mark.django_db
def test_none_of_these_is_an_answer(client):
    given = posted(NEUTRAL) | {"fundamentals": ["none"]}
    assert "Four of four fundamentals are missing" in text(client.get(RESULT, given))


# ---- the result -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("centre", CENTRES, ids=lambda centre: centre.name)
def test_the_address_alone_opens_the_result(client, centre, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(address("fit-result", centre.answers))
    page = text(response)
    said = fit_report.page(centre.answers)
    assert response.status_code == 200
    assert said.lead in page
    for part in (*said.headline, *(row.meaning for row in said.rows), *(way.text for way in said.ways)):
        assert part in page
    assert "".join(response.cookies.keys()) == ""


@pytest.mark.django_db
def test_every_answer_leads_back_to_its_question(client):
    page = text(client.get(address("fit-result")))
    for question, _ in NEUTRAL.pairs():
        assert f"{address('fit')}#{question}" in page
    assert f"{address('fit-pdf')}" in page


@pytest.mark.django_db
def test_parameters_of_others_are_left_alone(client):
    assert client.get(address("fit-result") + "&utm_source=mail&page=9").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["fit", "fit-result", "fit-pdf"])
def test_nothing_can_be_posted_there(client, name):
    assert client.post(reverse(name), posted(NEUTRAL)).status_code == 405


@pytest.mark.django_db
def test_without_pango_the_result_says_so_and_offers_no_sheet(client, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off: no Pango here."))
    page = text(client.get(address("fit-result")))
    assert "PDF is switched off: no Pango here." in page
    assert reverse("fit-pdf") not in page
    response = client.get(address("fit-pdf"))
    assert response.status_code == 503
    assert "PDF is switched off: no Pango here." in text(response)
    assert address("fit-result") in text(response)


# ---- the sheet --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_sheet_is_a_download_for_everybody(client, printed):
    response = client.get(address("fit-pdf"))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content == b"%PDF-1.7 sheet"
    assert response["Content-Disposition"].startswith('attachment; filename="copc-fit-check-')
    ((page, _day, back),) = printed
    assert page == fit_report.page(NEUTRAL)
    assert back == "http://testserver" + address("fit-result")


@pytest.mark.django_db
def test_equal_answers_are_printed_once_however_they_are_asked_for(
    client, printed, django_assert_num_queries
):
    given = posted(NEUTRAL)
    turned = dict(reversed(given.items()))
    with django_assert_num_queries(0):
        for query in (given, turned, given | {"x": "y"}):
            assert client.get(reverse("fit-pdf"), query).status_code == 200
    assert len(printed) == 1
    client.get(address("fit-pdf", MISSING))
    assert len(printed) == 2


@pytest.mark.django_db
def test_while_one_sheet_is_printed_nobody_waits_for_another(client, monkeypatch, printed):
    inner = []

    def render(page, day, back):
        inner.append(client.get(address("fit-pdf", MISSING)))
        return b"%PDF-1.7 sheet"

    monkeypatch.setattr(fit_sheet, "render", render)
    assert client.get(address("fit-pdf")).status_code == 200
    (refused,) = inner
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "Another sheet is being made" in text(refused)
    assert address("fit-result", MISSING) in text(refused)


class TakenPress:
    """Whoever waits for it would hold a thread of the process."""

    def acquire(self, blocking=True, timeout=-1):
        assert not blocking, "waits for the press"
        return False


@pytest.mark.django_db
def test_a_request_for_a_sheet_gives_up_at_once_where_another_is_printed(client, printed, monkeypatch):
    monkeypatch.setattr(views, "_press", TakenPress())
    assert client.get(address("fit-pdf")).status_code == 503
    assert printed == []


@pytest.mark.django_db
def test_a_sheet_that_fails_does_not_close_the_press(client, monkeypatch):
    monkeypatch.setattr(fit_sheet, "render", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get(address("fit-pdf"))
    monkeypatch.setattr(fit_sheet, "render", lambda *args: b"%PDF")
    assert client.get(address("fit-pdf")).status_code == 200


@pytest.mark.django_db
def test_half_an_address_is_no_sheet_but_the_questions(client, printed):
    response = client.get(reverse("fit-pdf"), {"seats": "50-149"})
    assert response.status_code == 422
    assert "11 questions still need an answer" in text(response)
    assert printed == []


def test_sheets_never_push_the_counts_of_sign_in_tries_out_of_the_cache(settings):
    assert settings.CACHES["sheets"]["BACKEND"] != settings.CACHES["default"]["BACKEND"]
    assert settings.CACHES["sheets"]["OPTIONS"]["MAX_ENTRIES"] <= 100
    assert views.KEPT <= 24 * 60 * 60


# ---- the ways to it ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "help"])
def test_pages_before_sign_in_lead_to_it(client, name):
    main = text(client.get(reverse(name))).split("<main")[1].split("</main>")[0]
    assert f'href="{reverse("fit")}"' in main


def test_somebody_new_is_led_to_it(sign_in, db):
    page = text(sign_in(factories.UserFactory()).get(reverse("home")))
    assert f'href="{reverse("fit")}"' in page.split("<main")[1].split("</main>")[0]


def test_every_page_names_it_at_the_foot(sign_in, vera, assessment):
    page = text(sign_in(vera).get(reverse("results", args=[assessment.pk])))
    assert f'href="{reverse("fit")}"' in page.split("<footer")[1]
