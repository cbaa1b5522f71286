"""Starting an assessment, its stored figures, and what it keeps of the standard."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, AnswerRevision, Assessment
from assessments.models.assessments import asked_items
from standards.models import Requirement, Wording
from tests import factories

HUMAN, AUTOMATED = ["phone"], ["chatbot"]


def start(site, release, by=None, channels=("phone", "chatbot"), variant=None):
    return Assessment.objects.start(
        site=site,
        release=release,
        variant=variant or release.variants.first(),
        channels=list(channels),
        audit_month=None,
        by=by,
    )


def requirements(item, number, variants, **kind):
    """Many requirements in two statements; `kind` overrules the factory."""
    shape = factories.RequirementFactory.build(item=item, position=1, letter="a")
    values = {
        f.attname: getattr(shape, f.attname) for f in Requirement._meta.concrete_fields if f.name != "id"
    }
    first = item.requirements.count()
    made = Requirement.objects.bulk_create(
        Requirement(**values | {"key": f"{item.code}-{n}", "letter": f"{n:x}"[-2:], "position": n} | kind)
        for n in range(first, first + number)
    )
    through = Requirement.variants.through
    through.objects.bulk_create(through(requirement=r, variant=v) for r in made for v in variants)
    return made


@pytest.fixture
def release():
    """Two human-only requirements, three automated-only, one for both, and one that only an outsourcer is asked."""
    release = factories.ReleaseFactory(version="2.0")
    inside = factories.VariantFactory(release=release, code="CSP")
    outsourced = factories.VariantFactory(release=release, code="OSP", position=2)
    item = factories.ItemFactory(domain=factories.DomainFactory(release=release))
    requirements(item, 2, [inside, outsourced], automated=False)
    requirements(item, 3, [inside, outsourced], human=False)
    requirements(item, 1, [inside, outsourced])
    requirements(item, 1, [outsourced])
    return release


# ---- starting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channels", "asked"), [(HUMAN, 3), (AUTOMATED, 4), (HUMAN + AUTOMATED, 6), (["email", "chat"], 3)]
)
def test_a_site_is_asked_only_about_the_channels_in_scope(site, release, channels, asked):
    assessment, started = start(site, release, channels=channels)
    assert started
    assert (assessment.asked, assessment.open, assessment.answers.count()) == (asked, asked, asked)
    assert set(assessment.answers.values_list("choice", "version")) == {("", 0)}


def test_an_outsourcer_is_asked_what_only_outsourcers_are(site, release):
    outsourced, _ = start(site, release, variant=release.variants.get(code="OSP"))
    assert outsourced.asked == 7


def test_a_requirement_for_both_kinds_of_channel_is_asked_once(site, release):
    assessment, _ = start(site, release)
    asked = list(assessment.answers.values_list("requirement_id", flat=True))
    assert len(asked) == len(set(asked)) == 6


def test_a_new_assessment_has_shown_nothing_and_could_still_reach_everything(site, release, alice):
    assessment, _ = start(site, release, by=alice)
    stored = Assessment.objects.get(pk=assessment.pk)
    assert (stored.score, stored.ceiling, stored.unknown, stored.blockers) == (0, 100, 0, 0)
    assert (stored.started_by, stored.saved_at, stored.saved_by) == (alice, None, None)


def test_starting_takes_the_same_few_queries_for_a_small_and_a_large_standard(site, release):
    large = factories.ReleaseFactory(version="3.0")
    variant = factories.VariantFactory(release=large)
    for number in range(45):
        item = factories.ItemFactory(
            domain=factories.DomainFactory(release=large), code=f"PR{number}", position=number
        )
        requirements(item, 5, [variant])
    for standard, asked in ((release, 6), (large, 225)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assessment, _ = start(site, standard)
        assert assessment.asked == asked
        assert len(queries) <= 15, "\n".join(query["sql"][:90] for query in queries)


def test_a_double_click_starts_one_assessment(site, release):
    first, started = start(site, release)
    second, started_again = start(site, release)
    assert (started, started_again, first.pk) == (True, False, second.pk)


def test_another_scope_is_another_assessment(site, release):
    first, _ = start(site, release, channels=HUMAN)
    second, started = start(site, release, channels=AUTOMATED)
    assert started
    assert first.pk != second.pk


def test_once_something_is_answered_starting_again_starts_anew(site, release, alice):
    first, _ = start(site, release)
    first.answers.first().record_choice("1", by=alice, version=0)
    _, started = start(site, release)
    assert started


def test_a_start_that_fails_leaves_nothing_behind(site, release, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Assessment, "rescore", broken)
    with pytest.raises(RuntimeError):
        start(site, release)
    assert (Assessment.objects.count(), Answer.objects.count()) == (0, 0)


# ---- stored figures ---------------------------------------------------------------------------------------------


def stored_figures(assessment):
    row = Assessment.objects.get(pk=assessment.pk)
    return row.score, row.ceiling, row.asked, row.open, row.unknown, row.blockers


def live_figures(assessment):
    scores = Assessment.objects.get(pk=assessment.pk).scores()
    overall = scores.overall
    return overall.score, overall.ceiling, overall.asked, overall.open, overall.unknown, len(scores.blockers)


def test_the_stored_figures_are_those_of_the_answers_after_every_save(assessment, bob):
    choices = ["0", "1", "2", "3", "unknown", "na", "0", "3", "1", "unknown", "2", "na"]
    for answer, choice in zip(assessment.answers.in_order(), choices, strict=True):
        reason = "elsewhere" if choice == "na" else ""
        answer.record_choice(choice, by=bob, version=0, reason=reason)
        assert stored_figures(assessment) == live_figures(assessment)
    score, ceiling, asked, still_open, unknown, blockers = stored_figures(assessment)
    assert 0 < score < ceiling < 100
    assert (asked, still_open, unknown) == (12, 0, 2)
    assert blockers == 1


def test_taking_an_answer_back_to_not_known_takes_its_score_back(assessment, bob):
    answer = assessment.answers.in_order().first()
    answer.record_choice("3", by=bob, version=0)
    answer.record_choice("unknown", by=bob, version=1)
    assert stored_figures(assessment)[:2] == (0, 100)


def test_rescoring_by_nobody_keeps_who_saved_last_and_when(assessment, bob):
    assessment.answers.in_order().first().record_choice("3", by=bob, version=0)
    before = Assessment.objects.values("saved_at", "saved_by").get(pk=assessment.pk)
    Assessment.objects.get(pk=assessment.pk).rescore()
    assert Assessment.objects.values("saved_at", "saved_by").get(pk=assessment.pk) == before


def test_a_note_alone_changes_no_figure_but_tells_that_somebody_was_there(assessment, bob):
    before = stored_figures(assessment)
    assessment.answers.in_order().first().record_note("Since May.", by=bob, version=0)
    assert stored_figures(assessment) == before
    assert Assessment.objects.get(pk=assessment.pk).saved_by == bob


def test_a_save_writes_answer_revision_and_figures_together_or_not_at_all(assessment, bob, monkeypatch):
    answer = assessment.answers.in_order().first()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Assessment, "rescore", broken)
    with pytest.raises(RuntimeError):
        answer.record_choice("3", by=bob, version=0)
    assert Answer.objects.get(pk=answer.pk).choice == ""
    assert AnswerRevision.objects.count() == 0


def test_a_save_locks_the_answer_and_its_assessment_first(assessment, bob):
    """On SQLite a writing transaction is alone; elsewhere the rows are locked, so that two saves add up all answers."""
    answer = assessment.answers.in_order().first()
    with CaptureQueriesContext(connection) as queries:
        answer.record_choice("3", by=bob, version=0)
    read = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    assert "assessments_answer" in read
    assert "assessments_assessment" in read
    if connection.features.has_select_for_update_of:
        assert 'FOR UPDATE OF "assessments_answer", "assessments_assessment"' in read


def test_figures_are_added_up_from_the_answers_stored_now_not_from_those_once_read(assessment, alice, bob):
    one, other = assessment.answers.in_order().select_related("assessment")[:2]
    other.record_choice("3", by=alice, version=0)
    one.record_choice("3", by=bob, version=0)
    assert stored_figures(assessment) == live_figures(assessment)
    assert stored_figures(assessment)[3] == 10


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's tests run in memory, where threads share one lock"
)
@pytest.mark.django_db(transaction=True)
def test_saves_of_one_assessment_at_the_same_moment_take_turns(assessment, bob):
    together = Barrier(4)

    def save(pks):
        together.wait()
        for pk in pks:
            Answer.objects.get(pk=pk).record_choice("3", by=bob, version=0)
        connection.close()

    pks = list(assessment.answers.values_list("pk", flat=True))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, [pks[start::4] for start in range(4)]))
    assert stored_figures(assessment) == live_figures(assessment) == (100, 100, 12, 0, 0, 0)


# ---- the cached standard ----------------------------------------------------------------------------------------


def test_the_standard_is_read_once_and_kept(assessment, django_assert_num_queries):
    assessment.scores()
    with django_assert_num_queries(1):  # the answers
        assessment.scores()


def test_an_edited_weight_counts_from_the_next_request_on(assessment, bob):
    first = assessment.answers.in_order().first()
    first.record_choice("3", by=bob, version=0)
    before = Assessment.objects.get(pk=assessment.pk).scores().overall.score
    Wording.objects.create(requirement=first.requirement, weight=9)
    assert Assessment.objects.get(pk=assessment.pk).scores().overall.score == before, "nothing was noted yet"
    assessment.release.note_edit()
    assert Assessment.objects.get(pk=assessment.pk).scores().overall.score > before


def test_stored_figures_follow_an_edited_weight_when_they_are_next_shown(
    assessment, bob, django_assert_num_queries
):
    first = assessment.answers.in_order().first()
    first.record_choice("3", by=bob, version=0)
    before = stored_figures(assessment)
    Wording.objects.create(requirement=first.requirement, weight=9)
    assessment.release.note_edit()
    assert stored_figures(assessment) == before
    shown = Assessment.objects.with_names().get(pk=assessment.pk).up_to_date()
    assert stored_figures(assessment) == live_figures(assessment) != before
    assert (shown.score, shown.saved_by) == (stored_figures(assessment)[0], bob)
    again = Assessment.objects.with_names().get(pk=assessment.pk)
    with django_assert_num_queries(0):
        again.up_to_date()


def test_an_edited_target_moves_the_gaps(assessment, bob):
    first = assessment.answers.in_order().first()
    first.record_choice("2", by=bob, version=0)
    Wording.objects.create(requirement=first.requirement, target_level=2)
    assert len(Assessment.objects.get(pk=assessment.pk).gaps()) == 1
    assessment.release.note_edit()
    assert Assessment.objects.get(pk=assessment.pk).gaps() == []


def test_editing_one_release_leaves_what_is_kept_of_another(assessment, release):
    asked_items(release.pk, 0)
    assessment.release.note_edit()
    hits = asked_items.cache_info().hits
    asked_items(release.pk, 0)
    assert asked_items.cache_info().hits == hits + 1


def test_the_arithmetic_sees_items_and_requirements_in_the_order_of_the_standard(assessment):
    items = assessment.scored_items()
    assert [item.code for item in items] == ["PR1", "PR2", "PF3"]
    keys = [requirement.key for item in items for requirement in item.requirements]
    assert keys == [answer.requirement_id for answer in assessment.answers.in_order()]


# ---- what it stands on ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["site", "release", "variant"])
def test_what_an_assessment_stands_on_cannot_be_deleted(assessment, name):
    with pytest.raises(IntegrityError):
        getattr(assessment, name).delete()
