"""The public pages: who may read what, in which words, and what stands on them."""

import re

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from standards.models import Reference, Release, Requirement, Standard, Variant, Wording
from tests import factories
from tests.standards.pages import address, pages, see, text

LICENSED = "A sentence under licence that nobody outside may read"


@pytest.fixture
def licensed(thing, older):
    """The instance has its own words for one requirement, in every field that has room for the sentence."""
    wording = Wording.objects.create(requirement=thing, **dict.fromkeys(Requirement.WORDS, LICENSED))
    older.note_edit()
    return wording


# ---- who may read what ------------------------------------------------------------------------------------------


def test_anybody_can_read_the_standards_without_signing_in(client, newer, older):
    page = see(client, reverse("standards"))
    for words in (
        "Small Standard 2.0",
        "Small Standard 1.0",
        "An independent self-assessment.",
        "What changed since 1.0",
    ):
        assert words in page
    for url in pages(newer):
        assert client.get(url).status_code == 200


def test_a_draft_is_not_listed_and_not_there(client, sign_in, alice, older, draft, ship):
    ship(draft)
    for reader in (client, sign_in(alice)):
        assert "2.0" not in see(reader, reverse("standards"))
        for url in (*pages(draft), address("release-changes", older, draft)):
            assert reader.get(url).status_code == 404


def test_a_release_made_here_is_for_people_who_are_signed_in(client, sign_in, alice, older, draft):
    """Its text is what used to be own wording, so it may be licensed."""
    draft.publish()
    assert "2.0" not in see(client, reverse("standards"))
    assert [client.get(url).status_code for url in pages(draft)] == [404] * 3
    assert "2.0" in see(sign_in(alice), reverse("standards"))
    assert [client.get(url).status_code for url in pages(draft)] == [200] * 3


def test_a_release_made_here_under_a_number_that_is_shipped_too_stays_private(client, older, edith):
    kind = ContentType.objects.get_for_model(Release)
    LogEntry.objects.create(user=edith, content_type=kind, object_id=older.pk, action_flag=ADDITION)
    assert client.get(address("release", older)).status_code == 404
    assert "Small Standard" not in see(client, reverse("standards"))


def test_licensed_wording_is_not_public(client, licensed, newer, older):
    for url in (reverse("standards"), reverse("crosswalk"), *pages(newer), *pages(older)):
        assert LICENSED not in see(client, url), url
    assert "The thing pr1-thing-1 is done" in see(client, address("release", older))


def test_licensed_wording_is_not_found_by_a_stranger_either(client, licensed, older):
    assert "0 of 12 requirements" in see(client, address("release", older), q="under licence")


def test_people_who_are_signed_in_read_the_words_in_force(sign_in, alice, licensed, newer, older):
    reader = sign_in(alice)
    page = see(reader, address("release", older), q="under licence")
    assert "1 of 12 requirements" in page
    assert "own wording" in page
    assert LICENSED in see(reader, address("release-print", older))
    Requirement.objects.filter(item__domain__release=newer, key="pr1-thing-1").delete()
    newer.note_edit()
    assert LICENSED in see(reader, address("release-changes", newer, older))


def test_an_edit_is_seen_at_the_next_look(sign_in, alice, older, thing):
    reader = sign_in(alice)
    see(reader, address("release", older))
    Wording.objects.create(requirement=thing, statement="Our own statement")
    older.note_edit()
    assert "Our own statement" in see(reader, address("release", older))


@pytest.mark.parametrize(
    "path", ["small/9.9/", "no-such/1.0/", "small/1.0/changes/1.0/", "small/1.0/changes/9.9/", "small/"]
)
def test_what_does_not_exist_is_not_there(client, older, path):
    assert client.get(reverse("standards") + path).status_code == 404


def test_an_instance_without_standards_says_so(client, db):
    assert "No standard is loaded yet" in see(client, reverse("standards"))
    assert "No release that is loaded here names a clause" in see(client, reverse("crosswalk"))


def test_the_counts_stand_beside_each_release(client, older):
    page = see(client, reverse("standards"))
    assert "12 requirements in 3 items. 8 ask for a way of working, 4 for a result." in page
    assert "Processes practice 8" in page


def test_standards_of_the_same_place_in_the_list_are_kept_apart(client, older, ship):
    other = Standard.objects.create(key="another", name="Another", position=older.standard.position)
    ship(
        Release.objects.create(
            standard=other, version="0.5", status=Release.PUBLISHED, position=older.position
        )
    )
    page = client.get(reverse("standards")).content.decode()
    assert page.count('id="small"') == page.count('id="another"') == 1


# ---- one release ------------------------------------------------------------------------------------------------


def test_a_requirement_shows_all_it_consists_of_and_has_an_address(client, older, thing):
    Requirement.objects.filter(pk=thing.pk).update(
        kind="result",
        metrics="Service level: contacts in time",
        critical=True,
        critical_reason="All rests on it.",
        fundamental=True,
        fundamental_reason="It comes before the rest.",
    )
    page = client.get(address("release", older))
    for words in (
        *(getattr(thing, name) for name in ("statement", "scope", "level_0", "level_3", "why", "first_step")),
        *("Good is plain.", "The record of last month", "“When did you last do it?”", "contacts in time"),
        *("All rests on it.", "It comes before the rest.", "At target and sustained"),
    ):
        assert words in text(page)
    assert '<article class="std-req" id="pr1-thing-1">' in page.content.decode()
    assert 'href="#pr1-thing-1"' in page.content.decode()


def test_a_self_check_does_not_speak_of_audits(client, older, thing):
    Standard.objects.filter(pk=older.standard_id).update(leads_to_audit=False)
    page = see(client, address("release", older))
    assert "What to ask to see" in page
    assert "audit" not in page.replace("Independent self-assessment", "")
    assert "Self-check" in see(client, reverse("standards"))


def test_the_numbers_others_give_an_item_stand_at_the_item(client, older, thing):
    Reference.objects.create(item=thing.item, standard="ISO 18295-1:2017", number="4.3", title="Experience")
    assert "Also treated in ISO 18295-1:2017, 4.3 Experience." in see(client, address("release", older))


# ---- on paper ---------------------------------------------------------------------------------------------------


def test_a_question_list_is_for_one_variant(client, several):
    url = address("release-print", several)
    first, other = see(client, url), see(client, url, variant="OSP")
    assert "11 questions" in first
    assert "CSP: In-house contact centre" in first
    assert "1 question" in other
    assert "The thing pr1-thing-1 is done" in other
    assert "An independent self-assessment." in other


def test_a_question_list_says_why_something_is_critical_or_fundamental(client, older, thing):
    page = see(client, address("release-print", older))
    assert page.count("Critical Nothing else can be trusted without it.") == page.count("Critical") == 3
    assert page.count("Fundamental: All the rest is built on it.") == page.count("Fundamental") == 3


def test_a_question_list_keeps_the_filters_it_came_with(client, several):
    page = client.get(
        address("release", several), {"variant": "OSP", "quick": "1", "q": "thing"}
    ).content.decode()
    link = re.search(r'href="([^"]+/print/[^"]*)"', page)[1].replace("&amp;", "&")
    assert link.endswith("?variant=OSP&quick=1")
    assert "1 question" in see(client, link)
    assert "Nothing in this release fits" in see(client, link.replace("OSP", "CSP"))


# ---- from one release to another --------------------------------------------------------------------------------


def test_the_page_of_changes_puts_ai_governance_first_and_old_beside_new(client, newer, older):
    page = see(client, address("release-changes", newer, older))
    assert "What 2.0 asks that 1.0 did not" in page
    assert "10 requirements ask the same thing in both" in page
    places = [
        page.index(words)
        for words in (
            "New: AI and technology governance",
            "The thing pr1-ai is done",
            "Changed: more is asked",
            "The thing pr1-thing-4 is done",
            "The thing pr1-more is done",
            "Dropped: no longer asked",
            "The thing pr2-thing-4 is done",
        )
    ]
    assert places == sorted(places)


def test_the_older_release_first_leads_to_the_same_page(client, newer, older):
    assert client.get(address("release-changes", older, newer)).url == address(
        "release-changes", newer, older
    )


def test_changes_can_be_read_for_one_variant(client, newer, older):
    buyer = Variant.objects.create(release=newer, code="VMO", name="Buyer", description="-", position=2)
    Requirement.objects.get(item__domain__release=newer, key="pr1-ai").variants.set([buyer])
    url = address("release-changes", newer, older)
    assert "pr1-ai" not in see(client, url, variant="CSP")
    page = see(client, url, variant="VMO")
    assert "Small Standard 1.0 has no variant VMO, so everything asked of it counts as new." in page
    assert "0 Dropped" in page.replace("Dropped 0", "0 Dropped")
    assert "No requirement asks the same thing in both." in page


def test_a_variant_that_one_of_two_releases_lacks_is_named_on_the_page_of_all(client, newer, older):
    url = address("release-changes", newer, older)
    assert "has no variant" not in see(client, url)
    for release in (newer, older):
        Variant.objects.create(
            release=release, code=f"IN{release.version[0]}", name="B", description="-", position=2
        )
    page = see(client, url)
    assert "Small Standard 2.0 has no variant IN1, so what IN1 alone was asked counts as dropped." in page
    Variant.objects.filter(code="IN1").delete()
    page = see(client, url)
    assert "Small Standard 1.0 has no variant IN2, so what is asked of IN2 alone counts as new." in page


def test_releases_that_ask_the_same_are_said_to(client, older, ship):
    ship(factories.small_release(version="3.0", position=1))
    assert "3.0 asks nothing that 1.0 did not" in see(
        client, address("release-changes", Release.objects.get(version="3.0"), older)
    )


# ---- crosswalk --------------------------------------------------------------------------------------------------


@pytest.fixture
def iso(ship, older):
    """The small standard plays COPC, and another one asks about the same two clauses."""
    Standard.objects.filter(pk=older.standard_id).update(key="copc-cx")
    older.standard.refresh_from_db()
    ship(older)
    standard = Standard.objects.create(key="iso", name="ISO topics", position=9)
    release = ship(Release.objects.create(standard=standard, version="1", status=Release.PUBLISHED))
    domain = factories.DomainFactory(release=release, code="CU", title="Customers")
    own = older.domains.get(code="PR").items.first()
    theirs = factories.ItemFactory(domain=domain, code="CU1", title="Complaints")
    for item, number in ((own, "4.4"), (own, "4.10"), (theirs, "4.4"), (theirs, "4.9")):
        Reference.objects.create(
            item=item, standard="ISO 18295-1:2017", number=number, title=f"Clause {number}"
        )
    return release


def test_the_crosswalk_joins_both_sides_by_clause_and_calls_itself_our_reading(client, iso):
    page = see(client, reverse("crosswalk"))
    assert "It is no official mapping" in page
    assert (
        "4.4 Clause 4.4 PR1 Topic 1 CU1 Complaints 4.9 Clause 4.9 nothing of ours CU1 Complaints 4.10" in page
    )
    assert "From Small Standard 1.0" in page
    assert "PR1 Topic 1 ISO 18295-1:2017, 4.4 Clause 4.4" in page


def test_the_crosswalk_links_to_the_items(client, iso, older):
    page = client.get(reverse("crosswalk")).content.decode()
    assert f'href="{address("release", iso)}#CU1"' in page
    assert f'href="{address("release", older)}#PR1"' in page


# ---- all pages --------------------------------------------------------------------------------------------------


def test_no_page_gives_two_things_the_same_name(client, newer, older, iso):
    for url in (reverse("standards"), reverse("crosswalk"), *pages(newer), *pages(older)):
        names = re.findall(r'\sid="([^"]*)"', client.get(url).content.decode())
        assert len(names) == len(set(names)), url


def test_the_number_of_queries_does_not_grow_with_what_is_asked(
    client, newer, older, restart, django_assert_num_queries
):
    queries = {reverse("standards"): 7, address("release", older): 6, address("release-print", older): 6}
    queries |= {address("release-changes", newer, older): 9, reverse("crosswalk"): 2}
    for items in (3, 9):
        factories.small_release(items=items, requirements=7, position=older.position)
        for url, number in queries.items():
            restart()
            with django_assert_num_queries(number):
                client.get(url)


def test_a_release_in_memory_costs_no_query_for_its_text(client, newer, older, django_assert_num_queries):
    for url, queries in ((address("release", older), 3), (address("release-changes", newer, older), 3)):
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)


def test_the_standards_are_a_click_away_for_everybody(client, sign_in, alice, db):
    link = f'href="{reverse("standards")}"'
    assert link in client.get(reverse("help")).content.decode()
    assert link in sign_in(alice).get(reverse("help")).content.decode()
