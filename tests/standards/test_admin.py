"""The admin site as a standards editor meets it: who comes in, desk and lists, published and draft releases."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from standards.drafts import copy_release
from standards.models import Domain, Item, Release, Requirement, Scoring, Variant, Wording
from tests import factories
from tests.standards.desk import page, save

# Who comes in


def test_the_admins_sign_in_is_our_own(client, db):
    response = client.get(reverse("admin:login"))
    assert response.url.startswith(reverse("account_login"))


def test_strangers_are_sent_to_sign_in(client, release):
    assert client.get(page("requirement_changelist")).status_code == 302


def test_who_is_no_editor_does_not_come_in(sign_in, alice, release):
    client = sign_in(alice)
    for address in (reverse("admin:index"), page("requirement_changelist")):
        assert client.get(address, follow=True).status_code == 403


def test_an_editor_sees_no_tenants(desk, release):
    for name in ("user", "organisation", "site", "assessment", "answer"):
        assert desk.get(reverse(f"admin:assessments_{name}_changelist")).status_code == 403
        assert reverse(f"admin:assessments_{name}_changelist") not in desk.get(reverse("admin:index")).text


# The desk and the list


def test_the_desk_shows_releases_and_last_edits(desk, requirement):
    save(desk, requirement, statement="In our words")
    text = desk.get(reverse("admin:index")).text
    assert "CSP 12" in text
    assert page("requirement_history", requirement.pk) in text
    assert "?release=" in text


def test_the_desk_says_what_to_do_when_nothing_is_loaded(desk):
    assert "loadstandards" in desk.get(reverse("admin:index")).text


@pytest.mark.parametrize(
    ("term", "found"),
    [("PR1", 4), ("pr1b", 1), ("PR1z", 0), ("thing-1", 3), ("Good is plain", 12), ("no such thing", 0)],
)
def test_a_requirement_is_found_by_code_and_by_words(desk, release, term, found):
    response = desk.get(page("requirement_changelist"), {"q": term})
    assert response.context["cl"].result_count == found


def test_a_requirement_is_found_by_its_own_wording(desk, requirement):
    Wording.objects.create(requirement=requirement, statement="Bananas are counted")
    response = desk.get(page("requirement_changelist"), {"q": "bananas"})
    assert list(response.context["cl"].queryset) == [requirement]
    assert "Bananas are counted" in response.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"domain": "PF"}, 4),
        ({"variant": "CSP"}, 12),
        ({"variant": "OSP"}, 0),
        ({"critical__exact": "1"}, 3),
        ({"fundamental__exact": "1"}, 3),
        ({"kind__exact": "result"}, 4),
        ({"wording": "own"}, 1),
        ({"wording": "shipped"}, 11),
        ({"wording": "changed"}, 0),
        ({"release": "all"}, 24),
        ({"release": "nonsense"}, 0),
        ({"domain": "\0"}, 12),
        ({"variant": "\0"}, 12),
    ],
)
def test_the_list_is_filtered(desk, draft, requirement, query, found):
    factories.VariantFactory(release=draft, code="OSP", name="Outsourcer", position=2)
    save(desk, requirement, why="Ours.")
    response = desk.get(page("requirement_changelist"), query)
    assert response.context["cl"].result_count == found


def test_the_list_shows_the_newest_published_release_first(desk, draft, release):
    shown = desk.get(page("requirement_changelist")).context["cl"].queryset
    assert {requirement.item.domain.release for requirement in shown} == {release}


def test_texts_shipped_anew_are_found(desk, requirement):
    save(desk, requirement, why="Ours.")
    Requirement.objects.filter(pk=requirement.pk).update(scope="Shipped anew.")
    response = desk.get(page("requirement_changelist"), {"wording": "changed"})
    assert list(response.context["cl"].queryset) == [requirement]
    assert "shipped text changed since" in response.text
    assert "The shipped text changed" in desk.get(page("requirement_change", requirement.pk)).text


@pytest.mark.parametrize("size", [2, 9])
def test_the_list_costs_the_same_number_of_queries_however_long(
    desk, size, django_assert_max_num_queries, db
):
    release = factories.small_release(items=size)
    for requirement in Requirement.objects.of(release):
        Wording.objects.create(requirement=requirement, statement="Ours", written_against="x")
    with django_assert_max_num_queries(14):
        desk.get(page("requirement_changelist"))


@pytest.mark.parametrize("size", [2, 9])
def test_the_desk_costs_the_same_number_of_queries_however_much_there_is(
    desk, size, django_assert_max_num_queries, db
):
    for number in range(size):
        factories.VariantFactory(release=factories.ReleaseFactory(version=str(number)))
    for requirement in Requirement.objects.of(factories.small_release(items=size)):
        Wording.objects.create(requirement=requirement, statement="Ours", written_against="x")
    with django_assert_max_num_queries(11):
        desk.get(reverse("admin:index"))


# Published and draft


CLOSED = [
    ("item_change", Item, {"title": "Other", "code": "X"}),
    ("item_delete", Item, {"post": "yes"}),
    ("requirement_delete", Requirement, {"post": "yes"}),
    ("release_delete", Release, {"post": "yes"}),
]


@pytest.mark.parametrize(("name", "model", "data"), CLOSED)
def test_a_published_release_is_closed(desk, release, name, model, data):
    before = list(model.objects.order_by("pk").values())
    assert desk.post(page(name, model.objects.first().pk), data).status_code == 403
    assert list(model.objects.order_by("pk").values()) == before


def test_nothing_can_be_added_while_there_is_no_draft(desk, release):
    assert desk.get(page("requirement_add")).status_code == 403
    assert desk.get(page("item_add")).status_code == 403
    assert desk.get(page("release_add")).status_code == 403


def test_a_published_release_is_no_choice_when_something_is_added(desk, draft, release):
    form = desk.get(page("requirement_add")).context["adminform"].form
    assert {item.domain.release for item in form.fields["item"].queryset} == {draft}
    assert {variant.release for variant in form.fields["variants"].queryset} == {draft}
    form = desk.get(page("item_add")).context["adminform"].form
    assert {domain.release for domain in form.fields["domain"].queryset} == {draft}


def formset(prefix, rows, initial):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {
        f"{prefix}-{number}-{name}": v for number, row in enumerate(rows) for name, v in row.items()
    }


def release_form(release, variants=None, **scoring):
    row = Scoring.objects.filter(release=release).values().get() | scoring
    stored = list(release.variants.values("id", "release", "code", "name", "description", "position"))
    domains = list(release.domains.values("id", "release", "code", "title", "purpose", "position"))
    data = {"version": release.version, "position": release.position, "_continue": ""}
    data |= formset("scoring", [{**row, "release": release.pk}], 1)
    return (
        data
        | formset("variants", stored if variants is None else variants, len(stored))
        | formset("domains", domains, len(domains))
    )


def test_scoring_of_a_published_release_is_tuned_with_history(desk, edith, release):
    response = desk.post(page("release_change", release.pk), release_form(release, practice_target=70))
    assert response.status_code == 302
    assert Release.objects.get(pk=release.pk).constants.practice_target == 70
    assert Release.objects.get(pk=release.pk).revision == 1
    text = desk.get(page("release_history", release.pk)).text
    assert "from 80 to 70" in " ".join(text.split())
    assert "Edith" in text


def test_variants_and_version_of_a_published_release_stay_whatever_is_posted(desk, release):
    variant = release.variants.values("id", "release", "code", "description", "position").get()
    data = release_form(release, [{**variant, "name": "Other", "DELETE": "on"}]) | {"version": "9"}
    desk.post(page("release_change", release.pk), data)
    assert list(release.variants.values_list("name", flat=True)) == ["In-house contact centre"]
    assert not Release.objects.filter(version="9").exists()


def test_a_release_is_copied_as_a_draft(desk, release):
    response = desk.post(page("release_copy", release.pk), {"version": "2.0"})
    draft = Release.objects.get(version="2.0")
    assert response.url == page("release_change", draft.pk)
    assert draft.status == Release.DRAFT


def test_a_copy_needs_a_number_of_its_own(desk, release):
    response = desk.post(page("release_copy", release.pk), {"version": " 1.0 "})
    assert "has a release 1.0 already" in response.text
    assert Release.objects.count() == 1


def requirement_form(requirement, **fields):
    names = (
        *Requirement.WORDS,
        "short",
        "key",
        "kind",
        "effort",
        "letter",
        "position",
        "weight",
        "target_level",
    )
    given = {name: getattr(requirement, name) for name in names}
    variants = [variant.pk for variant in requirement.variants.all()]
    return given | {"item": requirement.item_id, "variants": variants} | fields


def test_everything_in_a_draft_can_be_edited(desk, draft):
    requirement = Requirement.objects.of(draft).first()
    data = requirement_form(requirement, letter="y", position=4, weight=2, target_level=2, human="on")
    response = desk.post(page("requirement_change", requirement.pk), data | {"guidance": "A.\r\n\r\nB. "})
    assert response.status_code == 302
    changed = Requirement.objects.get(pk=requirement.pk)
    assert (changed.letter, changed.weight, changed.automated) == ("y", 2, False)
    assert changed.guidance == "A.\nB."
    assert not Wording.objects.exists()


def test_a_requirement_of_a_draft_must_make_sense(desk, draft, release):
    requirement = Requirement.objects.of(draft).first()
    wrong = {"critical": "on", "fundamental": "on", "variants": [release.variants.get().pk]}
    response = desk.post(
        page("requirement_change", requirement.pk), requirement_form(requirement, scope="x" * 201, **wrong)
    )
    refused = set(response.context["adminform"].form.errors)
    assert refused == {"human", "critical_reason", "fundamental_reason", "variants", "scope"}


def test_two_requirements_of_a_release_have_two_keys_whatever_their_items(desk, draft):
    first, *_, last = Requirement.objects.of(draft)
    data = requirement_form(last, key=first.key, human="on")
    response = desk.post(page("requirement_change", last.pk), data)
    assert response.context["adminform"].form.errors == {
        "key": ["This release has a requirement with that key already: PR1a, The thing pr1-thing-1 is done."]
    }
    data |= {"key": "another-thing"}
    assert desk.post(page("requirement_change", last.pk), data).status_code == 302
    assert Requirement.objects.get(pk=last.pk).key == "another-thing"


def item_form(item, **fields):
    given = {name: getattr(item, name) for name in ("code", "title", "purpose", "points", "position")}
    return given | {"domain": item.domain_id} | formset("references", [], 0) | fields


def test_two_items_of_a_release_have_two_codes_whatever_their_domains(desk, draft):
    first, last = Item.objects.filter(domain__release=draft).order_by("position")[::2]
    response = desk.post(page("item_change", last.pk), item_form(last, code=f" {first.code} "))
    assert response.context["adminform"].form.errors == {
        "code": ["This release has an item PR1 already: Topic 1, in Processes."]
    }
    response = desk.post(page("item_add"), item_form(first, domain=last.domain_id))
    assert list(response.context["adminform"].form.errors) == ["code"]
    assert Item.objects.filter(domain__release=draft).count() == 3
    assert desk.post(page("item_change", last.pk), item_form(last, code="PR4")).status_code == 302
    assert Item.objects.get(pk=last.pk).code == "PR4"


def test_the_same_code_in_another_release_is_in_nobodys_way(desk, release, draft):
    item = Item.objects.filter(domain__release=draft).first()
    assert desk.post(page("item_change", item.pk), item_form(item, title="Other")).status_code == 302
    assert Item.objects.get(pk=item.pk).title == "Other"


def test_an_item_stays_in_its_release(desk, draft):
    other = copy_release(draft, version="3.0").domains.first()
    item = Item.objects.filter(domain__release=draft).first()
    response = desk.post(page("item_change", item.pk), item_form(item, domain=other.pk))
    assert list(response.context["adminform"].form.errors) == ["domain"]


def test_an_incomplete_item_is_told_what_is_missing(desk, draft):
    item = Item.objects.filter(domain__release=draft).first()
    response = desk.post(page("item_add"), item_form(item, code="", domain=""))
    assert set(response.context["adminform"].form.errors) == {"code", "domain"}


def test_a_draft_that_asks_nothing_of_a_variant_is_not_published(desk, draft):
    factories.VariantFactory(release=draft, code="OSP", position=2)
    response = desk.post(page("release_publish", draft.pk), follow=True)
    assert "Nothing is asked yet of: OSP" in response.text
    assert Release.objects.get(pk=draft.pk).status == Release.DRAFT


def test_a_draft_is_published_once_somebody_says_so(desk, draft):
    assert "12" in desk.get(page("release_publish", draft.pk)).text
    assert Release.objects.get(pk=draft.pk).status == Release.DRAFT
    desk.post(page("release_publish", draft.pk))
    assert Release.objects.get(pk=draft.pk).status == Release.PUBLISHED
    assert desk.post(page("release_publish", draft.pk)).status_code == 403


def test_a_draft_can_be_deleted(desk, draft):
    desk.post(page("release_delete", draft.pk), {"post": "yes"})
    assert not Release.objects.filter(pk=draft.pk).exists()
    assert Domain.objects.count() == 2
    assert Variant.objects.count() == 1


def test_every_page_refuses_who_is_no_editor(client, sign_in, alice, release, draft, requirement):
    client = sign_in(alice)
    for address in [
        page("release_copy", release.pk),
        page("release_publish", draft.pk),
        page("requirement_version", requirement.pk, 0),
        page("requirement_history", requirement.pk),
        page("requirement_change", requirement.pk),
    ]:
        for method in (client.get, client.post):
            assert method(address, follow=True).status_code == 403
    assert Release.objects.count() == 2


@pytest.mark.parametrize("number", ["{}", "999", "%00"])
def test_nobody_learns_in_the_admin_site_which_rows_of_tenants_there_are(desk, assessment, number):
    kind = ContentType.objects.get_for_model(assessment)
    assert desk.get(f"/admin/r/{kind.pk}/{number.format(assessment.pk)}/").status_code == 404


def test_unknown_rows_are_not_found(desk, release):
    for address in (
        page("requirement_history", 999),
        page("release_copy", 999),
        page("release_publish", "x"),
    ):
        assert desk.get(address).status_code == 404


def test_pages_carry_no_inline_style_or_script(desk, requirement, draft):
    addresses = [reverse("admin:index"), page("requirement_changelist"), page("item_changelist")]
    addresses += [page("release_change", draft.pk), page("requirement_change", requirement.pk)]
    addresses += [
        page("requirement_change", Requirement.objects.of(draft).first().pk),
        page("requirement_add"),
    ]
    for address in addresses:
        text = desk.get(address).text
        assert " style=" not in text
        assert "<style" not in text
        assert "admin/css/" not in text
        assert "<script>" not in text
