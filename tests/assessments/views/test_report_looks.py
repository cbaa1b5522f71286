"""Paper, mark and logo of an organisation's reports are set once, and each report starts from them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.forms.report_looks import ReportLookForm
from assessments.models import ReportLook
from assessments.report import pdf
from tests.uploads import picture


@pytest.fixture
def made(monkeypatch):
    """The options of every report asked for; nothing is printed."""
    options = []
    monkeypatch.setattr(pdf, "render", lambda found, chosen: options.append(chosen) or b"%PDF-1.7")
    return options


def store(client, acme, **data):
    return client.post(
        reverse("report-look", args=[acme.pk]), {"paper": "letter", "mark": "Board only"} | data
    )


def logo():
    return SimpleUploadedFile("logo.png", picture())


def test_a_report_starts_from_the_look_of_the_organisation(sign_in, alice, acme, assessment, made):
    client = sign_in(alice)
    assert store(client, acme, picture=logo()).status_code == 302
    client.get(reverse("report", args=[assessment.pk]))
    (options,) = made
    assert (options.paper, options.mark) == ("letter", "Board only")
    assert options.logo


def test_one_report_can_look_otherwise(sign_in, alice, acme, assessment, made):
    client = sign_in(alice)
    store(client, acme, picture=logo())
    address = reverse("report", args=[assessment.pk])
    client.get(address, {"paper": "a4", "mark": "", "plain": "on", "bare": "on", "extent": "one"})
    (options,) = made
    assert (options.paper, options.mark, options.logo, options.one_page) == ("a4", "", "", True)


def test_without_a_new_picture_the_logo_stays_until_it_is_taken_away(sign_in, alice, acme):
    client = sign_in(alice)
    store(client, acme, picture=logo())
    store(client, acme)
    assert bytes(ReportLook.objects.of(acme).logo).startswith(b"\x89PNG")
    assert client.get(reverse("report-logo", args=[acme.pk]))["Content-Type"] == "image/png"
    store(client, acme, remove="on")
    assert not ReportLook.objects.of(acme).logo
    assert client.get(reverse("report-logo", args=[acme.pk])).status_code == 404


def test_a_logo_taken_away_in_the_same_moment_stays_away(sign_in, alice, acme, meanwhile):
    client, looks = sign_in(alice), ReportLook.objects.filter(organisation=acme)
    store(client, acme, picture=logo())
    meanwhile(ReportLookForm, lambda: looks.update(logo=b""))
    store(client, acme, mark="Ours")
    look = looks.get()
    assert (look.mark, bytes(look.logo), look.changed_by) == ("Ours", b"", alice)


def test_two_who_set_the_first_look_in_the_same_moment_both_get_through(sign_in, alice, acme, meanwhile):
    meanwhile(ReportLookForm, lambda: ReportLook.objects.create(organisation=acme, mark="Theirs"))
    assert store(sign_in(alice), acme).status_code == 302
    assert ReportLook.objects.get(organisation=acme).mark == "Board only"


def test_a_broken_logo_is_named_and_what_was_typed_is_kept(sign_in, alice, acme):
    answer = store(sign_in(alice), acme, mark="Ours", picture=SimpleUploadedFile("logo.png", b"no picture"))
    assert answer.status_code == 422
    assert "cannot be read as a picture" in answer.content.decode()
    assert 'value="Ours"' in answer.content.decode()
    assert not ReportLook.objects.filter(organisation=acme).exists()


def test_parts_without_a_tick_are_asked_for_again(sign_in, vera, assessment, made):
    answer = sign_in(vera).get(reverse("report", args=[assessment.pk]), {"extent": "parts"})
    assert answer.status_code == 422
    assert "Tick at least one part" in answer.content.decode()
    assert made == []


def test_the_choice_is_an_address_and_its_page_shows_it(sign_in, vera, assessment, made):
    client = sign_in(vera)
    chosen = {"extent": "parts", "section": ["appendix", "method"], "paper": "letter"}
    client.get(reverse("report", args=[assessment.pk]), chosen)
    assert made[0].sections == ("appendix", "method")
    page = client.get(reverse("report-choose", args=[assessment.pk]), chosen).content.decode()
    assert page.count("checked") >= 4


@pytest.mark.parametrize(
    "odd", [{"paper": "a0"}, {"section": "nonsense", "extent": "parts"}, {"mark": "x" * 61}]
)
def test_an_odd_address_is_answered_with_a_sentence(sign_in, vera, assessment, made, odd):
    answer = sign_in(vera).get(reverse("report", args=[assessment.pk]), odd)
    assert answer.status_code == 422
    assert "Nothing was printed yet" in answer.content.decode()
    assert made == []
