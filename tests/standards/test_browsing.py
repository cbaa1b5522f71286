"""Finding requirements in a release, and what its page says to a question that makes no sense."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from standards import browsing
from standards.models import Requirement
from tests.standards.pages import address, pages, see


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "12 requirements in 3 items."),
        ({"variant": "OSP"}, "1 of 12 requirements, in 1 item."),
        ({"variant": "CSP"}, "11 of 12 requirements, in 3 items."),
        ({"channel": "automated"}, "11 of 12 requirements, in 3 items."),
        ({"channel": "human"}, "12 of 12 requirements, in 3 items."),
        ({"quick": "1"}, "1 of 12 requirements, in 1 item."),
        ({"variant": "CSP", "quick": "1"}, "0 of 12 requirements."),
        ({"q": "pr1-thing"}, "4 of 12 requirements with “pr1-thing”, in 1 item."),
        ({"q": "THING Topic 3 pf"}, "4 of 12 requirements with “THING Topic 3 pf”, in 1 item."),
        ({"q": "pr2b"}, "1 of 12 requirements with “pr2b”, in 1 item."),
    ],
)
def test_filters_and_search_narrow_the_list_and_say_to_what(client, several, query, found):
    page = see(client, address("release", several), **query)
    assert found in page.replace(" ,", ",").replace(" .", ".")


@pytest.mark.parametrize("field", Requirement.WORDS)
def test_a_search_looks_into_every_text(client, older, thing, field):
    Requirement.objects.filter(pk=thing.pk).update(**{field: "Agent: The café\u2019s Zündschlüssel"})
    page = see(client, address("release", older), q="CAFE's zundschlussel")
    assert "1 of 12 requirements" in page


def test_what_was_found_is_marked_and_opened_where_it_would_stay_hidden(client, older, thing):
    Requirement.objects.filter(pk=thing.pk).update(guidance="A needle & a <b>pin</b>")
    url = address("release", older)
    page = client.get(url, {"q": "needle"}).content.decode()
    assert "A <mark>needle</mark> &amp; a &lt;b&gt;pin&lt;/b&gt;" in page
    assert page.count('<details class="std-more" open>') == 1
    assert '<details class="std-more" open>' not in client.get(url, {"q": "pr1-thing-1"}).content.decode()


@pytest.fixture
def long(monkeypatch, older):
    """The small release counts as a long one: four requirements at most bring their texts along."""
    monkeypatch.setattr(browsing, "WHOLE", 4)
    return address("release", older)


def test_a_long_release_shows_what_is_asked_and_leads_to_the_rest(client, long):
    page = client.get(long).content.decode()
    assert page.count("is done</h4>") == page.count('<details class="std-more">') == 12
    assert "A method is written down." not in page
    assert '<a href="?item=PR1#pr1-thing-1">Read them on the page of PR1</a>' in page
    page = client.get(long, {"item": "PR1"}).content.decode()
    assert page.count("A method is written down.") == page.count('<details class="std-more" open>') == 4
    assert "Read them on" not in page
    assert "4 of 12 requirements, in 1 item." in see(client, long, item="PR1").replace(" ,", ",").replace(
        " .", "."
    )


def test_in_a_long_release_what_a_search_found_inside_comes_along_up_to_a_limit(client, long, older):
    few = Requirement.objects.filter(item__domain__release=older)
    for keys, opened in ((["pr1-thing-2", "pr2-thing-1"], 2), (few.values_list("key", flat=True), 4)):
        few.filter(key__in=list(keys)).update(why="A needle.")
        older.note_edit()
        page = client.get(long, {"q": "needle"}).content.decode()
        assert page.count("A <mark>needle</mark>.") == page.count('<details class="std-more" open>') == opened
        assert page.count("</article>") == len(keys)


def test_an_item_that_is_not_there_is_ignored_with_a_sentence(client, older):
    page = see(client, address("release", older), item="ZZ9")
    assert "There is no item “ZZ9” here, so all are shown." in page
    assert "12 requirements in 3 items." in page
    assert "4 questions" in see(client, address("release-print", older), item="PR2")


@pytest.mark.parametrize("words", ["amp", "class", "<b>", "&", "lt;", "\\", "(", "*"])
def test_a_search_for_signs_breaks_no_page(client, older, thing, words):
    Requirement.objects.filter(pk=thing.pk).update(statement=f"Signs {words} & more")
    page = client.get(address("release", older), {"q": words}).content.decode()
    assert "1 of 12 requirements" in page.replace("\n", " ")
    assert "<b>" not in page[page.index('id="pr1-thing-1"') :].split("</h4>")[0]
    assert 'class="std-req"' in page
    assert "&am<mark>" not in page


def test_what_was_searched_for_stands_in_the_field_again(client, older):
    words = '"><script>alert(1)</script>'
    page = client.get(address("release", older), {"q": words}).content.decode()
    assert f'value="{escape(words)}"' in page
    assert "<script>alert" not in page


def test_an_empty_result_says_what_to_do(client, older):
    page = see(client, address("release", older), q="no such words")
    assert "Nothing in this release fits. Try fewer words, or take a filter away." in page
    assert "Clear" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"variant": "XYZ"}, "There is no variant “XYZ” here, so all are shown. There are: CSP."),
        ({"variant": "<b>" * 40}, "There is no variant “&lt;b&gt;"),
        ({"channel": "pigeon"}, "“pigeon” is no kind of channel"),
        ({"quick": "maybe"}, "“maybe” says nothing about the quick scan"),
        ({"q": "x" * 101}, "Only the first 100 characters were searched for."),
        ({"variant": "%(name)s"}, "There is no variant “%(name)s” here"),
    ],
)
def test_nonsense_in_the_address_gets_a_sentence(client, newer, older, query, sentence):
    assert sentence in see(client, address("release", older), **query)
    if "q" not in query:
        assert sentence in see(client, address("release-print", older), **query)
        assert sentence in see(client, address("release-changes", newer, older), **query)


@pytest.mark.parametrize("value", ["\x00", "é" * 300, "\ud83d\ude00", "1 OR 1=1", "{{ 7 }}", "../..", "\n"])
def test_no_value_breaks_a_page(client, newer, older, value):
    value = value.encode("utf-16", "surrogatepass").decode("utf-16")
    for url in (*pages(newer), reverse("standards"), reverse("crosswalk")):
        for name in ("variant", "channel", "quick", "q", "no-such-parameter"):
            assert client.get(url, {name: value}).status_code == 200
