"""The table of counts in the documentation: what it says, and that it still fits what is shipped."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from standards import counts
from standards.management.commands.countstandards import TARGET, document
from standards.models import Requirement, Variant
from tests import factories

EXPECTED = """
## Small Standard

### 1.0

12 requirements in 3 items. 8 ask for a way of working, 4 for a result. Asked of CSP: 12, OSP: 1. In the quick scan: 2.

| Domain | Kind | CSP | OSP | In all |
| :-- | :-- | --: | --: | --: |
| Processes | practice | 7 | 1 | 7 |
| Processes | result | 1 | 0 | 1 |
| Performance results | practice | 1 | 0 | 1 |
| Performance results | result | 3 | 0 | 3 |
| All practices |  | 8 | 1 | 8 |
| All results |  | 4 | 0 | 4 |
| All requirements |  | 12 | 1 | 12 |
| In the quick scan |  | 2 | 1 | 2 |
"""


@pytest.fixture
def shipped(release, ship):
    """The small standard with a second variant, two things in the quick scan and both kinds in both domains."""
    outsourcer = Variant.objects.create(
        release=release, code="OSP", name="Outsourcer", description="-", position=2
    )
    things = Requirement.objects.of(release)
    things.update(quick=False)
    things.filter(key__in=["pr1-thing-1", "pf3-thing-1"]).update(quick=True)
    things.filter(key="pr2-thing-1").update(kind="result")
    things.filter(key="pf3-thing-2").update(kind="practice")
    things.get(key="pr1-thing-1").variants.add(outsourcer)
    return ship(release)


def test_the_page_counts_by_variant_domain_and_kind(shipped):
    text = document()
    assert text.startswith("# The standards that are shipped\n")
    assert text.endswith(EXPECTED)


def test_a_release_of_one_variant_has_no_column_for_it(release, ship):
    ship(release)
    assert "| Domain | Kind | In all |" in document()
    assert "Asked of" not in document()
    assert "| Processes | result |" not in document(), "nothing of that kind is asked there"


def test_a_release_made_here_is_not_counted(shipped, draft):
    draft.publish()
    assert "### 2.0" not in document()


def test_one_thing_is_one_thing(db):
    release = factories.small_release(items=1, requirements=1)
    Requirement.objects.update(quick=False)
    assert counts.count([release])[release.pk].sentence == "1 requirement in 1 item."


def test_a_line_that_would_say_nothing_is_left_out(db):
    release = factories.small_release(items=1)
    Requirement.objects.update(quick=False)
    assert [row.name for row in counts.count([release])[release.pk].sums] == ["All requirements"]


def test_what_nobody_is_asked_counts_in_all_and_nowhere_else(release):
    Requirement.objects.get(key="pr1-thing-1").variants.clear()
    table = counts.count([release])[release.pk]
    assert (table.total.by_variant, table.total.any_variant) == ([11], 12)


def test_more_releases_need_no_more_queries(release, django_assert_num_queries):
    more = [factories.small_release(version=f"{number}.5") for number in range(4)]
    with django_assert_num_queries(5):
        tables = counts.count([release, *more])
    assert {table.total.any_variant for table in tables.values()} == {12}


def test_the_command_writes_the_page_and_says_where(shipped, tmp_path):
    target, out = tmp_path / "standards.md", StringIO()
    call_command("countstandards", output=target, stdout=out)
    assert target.read_text(encoding="utf-8") == document()
    assert str(target) in out.getvalue()


def test_without_standards_or_a_place_to_write_it_says_what_is_wrong(release, ship, tmp_path):
    with pytest.raises(CommandError, match="Run loadstandards first"):
        call_command("countstandards", output=tmp_path / "standards.md")
    ship(release)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("countstandards", output=tmp_path / "nowhere" / "standards.md")


@pytest.mark.django_db
def test_the_documentation_still_fits_what_is_shipped():
    call_command("loadstandards", verbosity=0)
    told = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    assert told == document(), (
        "docs/standards.md is out of date: run manage.py loadstandards, then countstandards"
    )
