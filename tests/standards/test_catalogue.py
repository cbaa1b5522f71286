"""The texts of a release, kept in memory until one of them changes."""

from standards.models import Release, Requirement, Wording, catalogue


def kept(release):
    return catalogue(release.pk, Release.objects.get(pk=release.pk).revision)


def test_it_is_read_in_one_query_and_then_not_again(assessment, restart, django_assert_num_queries):
    restart()
    release = assessment.release
    with django_assert_num_queries(1):
        found = catalogue(release.pk, 0)
        [(row.code, row.words, row.item.domain.title) for row in found.values()]
    with django_assert_num_queries(0):
        assert catalogue(release.pk, 0) is found


def test_it_is_in_the_order_of_the_standard(assessment):
    requirements = Requirement.objects.of(assessment.release).in_order()
    assert list(kept(assessment.release)) == [requirement.pk for requirement in requirements]


def test_an_edit_is_read_at_once_and_only_that_release_again(assessment):
    before = kept(assessment.release)
    pk = next(iter(before))
    Wording.objects.create(requirement_id=pk, statement="In our words")
    assessment.release.note_edit()
    assert kept(assessment.release)[pk].words["statement"] == "In our words"
    assert before[pk].words["statement"] != "In our words"


def test_a_sheet_holds_every_answer_once_with_the_words_in_force(assessment, django_assert_num_queries):
    asked = list(assessment.answers.in_order())
    kept(assessment.release)
    with django_assert_num_queries(1):
        sheet = assessment.sheet()
        assert [(row.pk, row.requirement.words) for row in sheet] == [
            (row.pk, row.requirement.words) for row in asked
        ]


def test_the_sheet_of_an_item_is_that_items_alone(assessment):
    assert {answer.requirement.item.code for answer in assessment.sheet("PR1")} == {"PR1"}
    assert assessment.sheet("no such item") == []
