"""The page from which an owner takes everything, and what it gives."""

import zipfile
from io import BytesIO

from django.urls import reverse

from assessments.models import Activity


def address(organisation):
    return reverse("organisation-export", args=[organisation.pk])


def test_the_page_says_what_and_how_much_before_anything_is_made(sign_in, alice, acme, assessment):
    page = sign_in(alice).get(address(acme))
    assert "about" in page.text
    assert '<th scope="row">Sites</th><td class="num">1</td>' in page.text
    assert reverse("organisation-delete", args=[acme.pk]) in page.text
    assert not Activity.objects.exists()


def test_the_download_is_a_zip_that_no_cache_keeps_and_that_is_noted(sign_in, alice, acme, assessment):
    response = sign_in(alice).post(address(acme), headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="acme-20')
    assert response["Content-Encoding"] == "identity"
    assert "no-store" in response["Cache-Control"]
    with zipfile.ZipFile(BytesIO(response.getvalue())) as found:
        assert found.testzip() is None
        assert b"Leeds" in found.read("csv/sites.csv")
        assert b"export-organisation" in found.read("data/activities.json")
    noted = Activity.objects.get(organisation=acme)
    assert (noted.verb, noted.by, noted.way) == ("export-organisation", alice, "page")


def test_only_owners_have_it(sign_in, mark, acme):
    assert sign_in(mark).post(address(acme)).status_code == 403
    assert address(acme) not in sign_in(mark).get(reverse("organisation", args=[acme.pk])).text
    assert not Activity.objects.exists()


def test_the_page_asks_a_fixed_number_of_questions(
    sign_in, alice, acme, assessment, django_assert_max_num_queries
):
    client = sign_in(alice)
    with django_assert_max_num_queries(50):
        client.get(address(acme))
