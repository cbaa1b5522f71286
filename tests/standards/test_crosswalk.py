"""Two standards side by side: rows with the same clause belong together."""

import pytest

from standards import crosswalk
from standards.models import Reference, Release, Standard
from tests import factories

PART_1, PART_2 = "ISO 18295-1:2017", "ISO 18295-2:2017"


@pytest.fixture
def check(db):
    """A self-check on the topics of the published standard."""
    standard = Standard.objects.create(key="iso", name="ISO topics", position=5)
    return Release.objects.create(standard=standard, version="1", status=Release.PUBLISHED)


def topic(release, code, *clauses, position=1):
    """An item of `release` that names these clauses, each as (standard, number) or (standard, number, title)."""
    domain = factories.DomainFactory(release=release, code="CU", title="Customers", position=9)
    item = factories.ItemFactory(domain=domain, code=code, title=f"Topic {code}", position=position)
    for standard, number, *title in clauses:
        Reference.objects.create(item=item, standard=standard, number=number, title="".join(title))
    return item


def themes(home, *others):
    return crosswalk.themes(crosswalk.references([home, *others]), home)


def codes(items):
    return [item.code for item in items]


def test_items_that_name_the_same_clause_stand_opposite_each_other(release, check):
    topic(release, "X1", (PART_1, "4.3", "Measuring"), position=101)
    topic(release, "X2", (PART_1, "4.3"), position=100)
    topic(check, "C1", (PART_1, "4.3", "Customer experience"))
    (theme,) = themes(release, check)
    assert (theme.standard, theme.number, theme.title) == (PART_1, "4.3", "Customer experience")
    assert codes(theme.home) == ["X2", "X1"], "in the order of the standard"
    assert codes(theme.others) == ["C1"]
    assert theme.is_shared


def test_either_side_can_be_home(release, check):
    topic(release, "X1", (PART_1, "4.3"))
    topic(check, "C1", (PART_1, "4.3"))
    (theme,) = themes(check, release)
    assert (codes(theme.home), codes(theme.others)) == (["C1"], ["X1"])


def test_the_same_number_of_another_part_is_another_theme(release, check):
    topic(release, "X1", (PART_1, "4"))
    topic(check, "C1", (PART_2, "4"))
    found = themes(release, check)
    assert [(theme.standard, codes(theme.home), codes(theme.others)) for theme in found] == [
        (PART_1, ["X1"], []),
        (PART_2, [], ["C1"]),
    ]
    assert not any(theme.is_shared for theme in found)


def test_clauses_are_in_the_order_of_the_published_standard(release):
    numbers = ["Annex B", "4.10", "4", "10", "Annex A", "4.9", "4.2.1", "²"]
    topic(release, "X1", *((PART_1, number) for number in numbers))
    in_order = ["4", "4.2.1", "4.9", "4.10", "10", "Annex A", "Annex B", "²"]
    assert [theme.number for theme in themes(release)] == in_order


def test_other_references_are_left_out(release):
    topic(release, "X1", ("COPC CX Standard for OSPs 6.0", "1.1"), (PART_1, "5"))
    assert [theme.standard for theme in themes(release)] == [PART_1]


def test_a_title_is_taken_from_wherever_there_is_one(release, check):
    topic(release, "X1", (PART_1, "5", "Leadership"))
    topic(check, "C1", (PART_1, "5"))
    assert themes(release, check)[0].title == "Leadership"


def test_the_other_way_round_every_item_has_its_themes_and_what_stands_opposite(release, check):
    topic(release, "X2", (PART_1, "4"), (PART_1, "5"), position=101)
    topic(release, "X1", (PART_1, "9"), position=100)
    topic(check, "C1", (PART_1, "4"), (PART_1, "5"))
    topic(check, "C2", (PART_1, "5"), position=2)
    found = crosswalk.by_item(themes(release, check))
    assert [
        (item.code, [theme.number for theme in its], codes(opposite)) for item, its, opposite in found
    ] == [
        ("X1", ["9"], []),
        ("X2", ["4", "5"], ["C1", "C2"]),
    ]


def test_everything_is_read_in_one_query(release, check, django_assert_num_queries):
    for number in range(5):
        topic(release, f"X{number}", (PART_1, f"4.{number}"), position=number)
        topic(check, f"C{number}", (PART_1, f"4.{number}"), position=number)
    with django_assert_num_queries(1):
        for item, its_themes, opposite in crosswalk.by_item(themes(release, check)):
            [(each.code, each.domain.release.standard.key) for each in (item, *opposite)]
            assert len(its_themes) == 1
