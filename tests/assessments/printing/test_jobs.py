"""What is asked for is made once, kept for a while, and never left lying half done."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, ReportJob, ReportPrint, ReportSource, ReportWorker, report_jobs
from assessments.models.report_jobs import TooMany
from assessments.printing import jobs, press, version
from assessments.report import document, pdf
from assessments.report.options import Options
from tests import factories, printing

Status = ReportJob.Status


@pytest.fixture
def rendered(monkeypatch):
    """What was set, each time."""
    documents = []
    monkeypatch.setattr(
        pdf, "render", lambda found, options: documents.append((found, options)) or b"%PDF-1.7"
    )
    return documents


@pytest.fixture
def found(assessment):
    return built(assessment)


def built(assessment):
    named = Assessment.objects.with_names().get(pk=assessment.pk)
    return document.build(named, as_of=named.site.today(), prepared_by="Alice")


def state(job):
    job.refresh_from_db()
    return job.status


@pytest.fixture
def later(monkeypatch):
    """Nothing is made until the test says so."""
    monkeypatch.setattr(jobs, "start", lambda: None)


@pytest.fixture
def faulty(monkeypatch):
    """`with faulty(error)`: the press raises it."""

    @contextmanager
    def plant(error):
        def fail(*args):
            raise error

        with monkeypatch.context() as planted:
            planted.setattr(printing.HandPress, "set", fail)
            yield

    return plant


def silent(job, attempts=1):
    """`job` was begun by a worker of which nothing is heard any more."""
    long_ago = timezone.now() - report_jobs.GIVEN_UP - timedelta(seconds=1)
    ReportJob.objects.filter(pk=job.pk).update(beat_at=long_ago, attempts=attempts)


def test_what_is_asked_for_twice_is_made_once(assessment, found, alice, bob, rendered):
    first = jobs.ask(assessment, found, by=alice)
    assert (first.status, first.size, first.asked_by) == (Status.DONE, 8, alice)
    assert jobs.ask(assessment, built(assessment), by=bob) == first
    assert bytes(first.print.pdf) == b"%PDF-1.7"
    assert rendered == [(found, Options())]
    assert not ReportSource.objects.exists()


def test_another_document_another_paper_or_another_program_is_another_file(
    assessment, found, rendered, monkeypatch
):
    jobs.ask(assessment, found)
    jobs.ask(assessment, replace(found, prepared_by="Bob"))
    jobs.ask(assessment, found, Options(paper="letter", sections=("gaps",)))
    monkeypatch.setattr(version, "of_printer", lambda: "a newer one")
    jobs.ask(assessment, found)
    assert ReportJob.objects.count() == len(rendered) == 4
    assert [options for _found, options in rendered][2] == Options(paper="letter", sections=("gaps",))


def test_two_assessments_never_share_a_file(assessment, found, rendered):
    assert jobs.ask(assessment, found) != jobs.ask(elsewhere(assessment), found)


def test_half_a_character_is_printed_like_everything_else(assessment, found, rendered):
    job = jobs.ask(assessment, replace(found, prepared_by="Half \udc80 and nothing \x00"))
    assert job.status == Status.DONE
    assert rendered[0][0].prepared_by == "Half \udc80 and nothing \x00"


def test_a_failure_is_a_sentence_and_can_be_tried_again(assessment, found, rendered, faulty):
    with faulty(press.took_too_long()):
        job = jobs.ask(assessment, found)
    assert (job.status, job.attempts) == (Status.FAILED, 1)
    assert "took too long" in job.sentence
    assert jobs.ask(assessment, found) == job
    assert state(job) == Status.FAILED  # asking again does not set it again
    job.try_again(None)
    jobs.print_all()
    assert state(job) == Status.DONE
    assert job.sentence == ""


def test_only_a_failed_job_is_tried_again(assessment, alice):
    done = printing.job(assessment, "done")
    done.try_again(alice)
    assert (state(done), done.asked_by) == (Status.DONE, None)


def test_jobs_are_made_in_the_order_in_which_they_were_asked_for(assessment, rendered, later):
    asked = [jobs.ask(assessment, replace(built(assessment), prepared_by=name)) for name in "ABC"]
    assert [job.before() for job in asked] == [0, 1, 2]
    assert jobs.print_all() == 3
    assert [found.prepared_by for found, _options in rendered] == ["A", "B", "C"]


def elsewhere(assessment, **fields):
    """An assessment of another organisation."""
    return factories.started(factories.SiteFactory(**fields), assessment.release)


def test_organisations_take_turns_however_much_one_of_them_asks_for(assessment, rendered, later):
    many = [printing.job(assessment, key=str(number)) for number in range(4)]
    other = elsewhere(assessment)
    few = [printing.job(other, key=str(number)) for number in range(2)]
    last = printing.job(elsewhere(assessment))
    order = [many[0], few[0], last, many[1], few[1], many[2], many[3]]
    assert [job.before() for job in order] == list(range(7))
    taken = [ReportJob.objects.claim_next() for _ in order[:4]]
    assert taken == order[:4]
    late = printing.job(last.assessment, key="late")
    assert [few[1].before(), late.before(), many[2].before()] == [4, 5, 6]
    assert [ReportJob.objects.claim_next() for _ in range(5)] == [few[1], late, many[2], many[3], None]


def test_a_person_has_five_on_their_way_and_an_organisation_twenty(assessment, found, alice, bob, later):
    for number in range(5):
        printing.job(assessment, "working" if number else "waiting", str(number), asked_by=alice)
        printing.job(assessment, "done", f"done {number}", asked_by=alice)
    with pytest.raises(TooMany, match="5 reports that you asked for are not made yet"):
        jobs.ask(assessment, found, by=alice)
    assert ReportJob.objects.count() == 10
    for number in range(5, 20):
        printing.job(assessment, key=str(number), asked_by=factories.UserFactory())
    with pytest.raises(TooMany, match="20 reports of Acme are not made yet"):
        jobs.ask(assessment, found, by=bob)
    assert jobs.ask(elsewhere(assessment), found, by=bob).status == Status.WAITING


def test_what_is_on_its_way_already_is_found_by_somebody_who_may_ask_for_no_more(
    assessment, found, alice, later
):
    job = jobs.ask(assessment, found, by=alice)
    for number in range(4):
        printing.job(assessment, key=str(number), asked_by=alice)
    assert jobs.ask(assessment, found, by=alice) == job


def test_a_failed_job_that_is_tried_again_counts_as_asked_for(assessment, alice, bob):
    failed = printing.job(assessment, "failed", asked_by=bob)
    for number in range(5):
        printing.job(assessment, key=str(number), asked_by=alice)
    with pytest.raises(TooMany):
        failed.try_again(alice)
    assert state(failed) == Status.FAILED
    failed.try_again(bob)
    assert (state(failed), failed.asked_by) == (Status.WAITING, bob)


def test_a_stopped_worker_gives_its_job_back(assessment, rendered, later, faulty):
    asked = [printing.job(assessment, key=str(number)) for number in range(2)]
    with faulty(press.Stopped()):
        assert jobs.print_all() == 1
    assert [(state(job), job.attempts) for job in asked] == [(Status.WAITING, 0)] * 2


def test_a_job_whose_worker_is_gone_is_taken_up_again(assessment, rendered):
    job = printing.job(assessment, "working", claim="gone")
    jobs.look_after()
    assert state(job) == Status.WORKING  # it may still be at it
    silent(job)
    jobs.look_after()
    assert state(job) == Status.DONE
    assert job.attempts == 2


def test_a_job_that_outlives_three_workers_has_failed(assessment, rendered):
    job = printing.job(assessment, "working", claim="gone")
    silent(job, attempts=3)
    jobs.look_after()
    assert state(job) == Status.FAILED
    assert "broke off several times" in job.sentence
    assert rendered == []


def test_a_worker_that_was_taken_for_lost_changes_nothing_any_more(assessment, rendered):
    printing.job(assessment)
    slow = ReportJob.objects.claim_next()
    silent(slow)
    jobs.print_all()
    slow.finish(b"%PDF too late")
    slow.fail("Too late.")
    slow.release()
    assert state(slow) == Status.DONE
    assert bytes(ReportPrint.objects.get().pdf) == b"%PDF-1.7"


def test_of_two_workers_that_see_the_same_job_one_gets_it(assessment, monkeypatch):
    printing.job(assessment)
    rivals = []

    def in_between(count):  # the first has seen the job and is about to take it
        monkeypatch.setattr(report_jobs, "token_hex", lambda count: "second")
        rivals.append(ReportJob.objects.claim_next())
        return "first"

    monkeypatch.setattr(report_jobs, "token_hex", in_between)
    assert ReportJob.objects.claim_next() is None
    assert [(job.claim, job.attempts) for job in rivals] == [("second", 1)]
    assert ReportJob.objects.get().claim == "second"


def test_a_sign_of_life_is_written_every_other_second_and_no_more_often(
    assessment, django_assert_num_queries
):
    printing.job(assessment)
    job = ReportJob.objects.claim_next()
    with django_assert_num_queries(0):
        job.beat()
    job.beat_at -= report_jobs.BEAT
    with django_assert_num_queries(1):
        job.beat()
        job.beat()


def test_with_a_worker_about_this_process_leaves_the_work_to_it(assessment, found, rendered, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["reports"]}}
    ReportWorker.objects.beat("one")
    job = jobs.ask(assessment, found)
    assert (job.status, rendered) == (Status.WAITING, [])
    jobs.look_after()
    assert rendered == []
    ReportWorker.objects.update(seen_at=timezone.now() - report_jobs.SEEN_LATELY - timedelta(seconds=1))
    jobs.look_after()
    assert state(job) == Status.DONE


def test_the_work_reaches_a_worker_through_the_tasks_api(assessment, found, rendered, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["reports"]}
    }
    ReportWorker.objects.beat("one")
    assert jobs.ask(assessment, found).status == Status.DONE


def test_the_newest_ten_of_a_person_are_kept_and_nothing_for_longer_than_a_month(
    assessment, alice, bob, rendered
):
    now = timezone.now()
    other = elsewhere(assessment)
    for number in range(12):
        ended = now - timedelta(minutes=number)
        printing.job(assessment, "done", str(number), finished_at=ended, asked_by=alice)
    kept = [
        printing.job(other, "done", finished_at=now - timedelta(days=29), asked_by=alice),
        printing.job(assessment, "done", "older", finished_at=now - timedelta(days=2), asked_by=bob),
        printing.job(assessment, key="waiting", asked_by=alice),
    ]
    printing.job(other, "failed", "old", finished_at=now - timedelta(days=31))
    jobs.print_all()
    left = ReportJob.objects.exclude(pk__in=[job.pk for job in kept])
    assert sorted(int(job.name.split()[-1]) for job in left) == list(range(9))
    assert ReportJob.objects.count() == 9 + len(kept)


def test_the_version_of_the_printer_follows_every_file_behind_a_page(monkeypatch, tmp_path, settings):
    names = {file.relative_to(settings.BASE_DIR).as_posix() for file in version.files()}
    assert {
        "assessments/report/pdf.py",
        "templates/assessments/report/report.html",
        "static/css/report.css",
        "assessments/rules/scoring.py",
    } <= names
    assert any(name.endswith(".ttf") for name in names)
    before = version.of_printer()
    changed = tmp_path / "report.css"
    changed.write_text("p { color: red }")
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(version, "files", lambda: [changed])
    assert version.of_printer.__wrapped__() != before
