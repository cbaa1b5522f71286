import pytest
from django.core.exceptions import ValidationError

from standards.drafts import copy_release
from standards.models import Item, Reference, Release, Requirement, Scoring, Wording
from tests import factories


@pytest.fixture
def release(db):
    release = factories.small_release()
    Scoring.objects.create(release=release, practice_target=66)
    Reference.objects.create(item=Item.objects.first(), standard="Elder", number="1.1", title="Direction")
    return release


def content(release, model, path, *fields):
    return list(model.objects.filter(**{path: release}).order_by("pk").values_list(*fields))


def test_the_copy_is_a_draft_with_the_same_content(release):
    draft = copy_release(release, version="2.0")
    assert (draft.status, draft.standard, draft.version) == (Release.DRAFT, release.standard, "2.0")
    texts = (*Requirement.WORDS, "key", "letter", "weight", "item__code", "variants__code")
    texts += ("critical", "critical_reason", "fundamental", "fundamental_reason")
    for model, path, fields in [
        (Requirement, "item__domain__release", texts),
        (Item, "domain__release", ("code", "title", "points", "position", "domain__code")),
        (Reference, "item__domain__release", ("standard", "number", "title", "item__code")),
    ]:
        assert content(draft, model, path, *fields) == content(release, model, path, *fields)
    assert draft.scoring.practice_target == 66


def test_the_text_in_force_becomes_the_drafts_own(release):
    requirement = Requirement.objects.of(release).first()
    Wording.objects.create(requirement=requirement, statement="In our words", weight=7, target_level=2)
    draft = copy_release(release, version="2.0")
    copy = Requirement.objects.of(draft).get(key=requirement.key)
    assert (copy.statement, copy.weight, copy.target_level) == ("In our words", 7, 2)
    assert copy.scope == requirement.scope
    assert not hasattr(copy, "wording")


def test_editing_the_copy_leaves_the_original_alone(release):
    draft = copy_release(release, version="2.0")
    Requirement.objects.of(draft).update(statement="Changed")
    draft.variants.first().delete()
    assert not Requirement.objects.of(release).filter(statement="Changed").exists()
    assert release.variants.count() == 1


def test_copying_costs_the_same_number_of_queries_however_much_is_asked(db, django_assert_num_queries):
    small = factories.small_release()
    large = factories.ReleaseFactory(version="1.5")
    domain = factories.DomainFactory(release=large)
    for number in range(1, 9):
        item = factories.ItemFactory(domain=domain, code=f"PR{number}", position=number)
        Reference.objects.create(item=item, standard="Elder", number=str(number), title="Direction")
        factories.RequirementFactory.create_batch(3, item=item)
    Reference.objects.create(
        item=Item.objects.filter(domain__release=small).first(), standard="E", number="1"
    )
    for release, version in [(small, "2.0"), (large, "3.0")]:
        release = Release.objects.select_related("scoring", "standard").get(pk=release.pk)
        with django_assert_num_queries(17):
            copy_release(release, version=version)


def test_a_draft_in_which_two_people_gave_the_same_code_or_key_is_not_published(release):
    draft = copy_release(release, version="2.0")
    Item.objects.filter(domain__release=draft, code="PF3").update(code="PR1")
    Requirement.objects.of(draft).filter(key="pf3-thing-1").update(key="pr2-thing-1")
    with pytest.raises(ValidationError, match="There more than once: PR1, pr2-thing-1"):
        draft.publish()
    assert Release.objects.get(pk=draft.pk).status == Release.DRAFT
    Item.objects.filter(domain__release=draft, domain__code="PF").update(code="PF3")
    Requirement.objects.of(draft).filter(item__code="PF3", position=1).update(key="pf3-thing-1")
    draft.publish()
    assert Release.objects.get(pk=draft.pk).status == Release.PUBLISHED
