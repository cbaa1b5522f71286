"""A file of figures on its pages: template, upload, dry run, applying and undoing."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.urls import reverse

from assessments.forms import answers as forms
from assessments.models import Reading, ReadingImport, ReadingRevision
from assessments.workbooks import readings_plan as plans
from tests import factories
from tests.assessments.workbooks.figures import (
    TWO,
    address,
    applied,
    begun,
    dry_run,
    enter,
    go,
    register,
    sent,
)
from tests.assessments.workbooks.registers import workbook
from tests.assessments.workbooks.texts import NOTES


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def handle(site):
    return factories.MetricFactory(site=site, name="Handle time", unit="seconds", direction="lower")


@pytest.fixture
def service(site):
    return factories.MetricFactory(
        site=site, name="Service level", numerator="answered in 30 s", denominator="offered"
    )


@pytest.fixture
def page_address(site):
    return reverse("readings-import", args=[site.pk])


# ---- out --------------------------------------------------------------------------------------------------------


def test_the_template_has_the_metrics_in_use_and_the_last_thirteen_months(
    sign_in, bob, site, handle, service
):
    factories.MetricFactory(site=site, name="Sales", archived_at=datetime.now(UTC))
    response = sign_in(bob).get(reverse("readings-template", args=[site.pk]))
    assert response["Content-Disposition"].startswith('attachment; filename="figures-leeds-to-2026-10.xlsx"')
    rows = [[cell.value for cell in row] for row in plans.read(response.content).rows]
    assert [row[0] for row in rows] == [
        "Metric",
        "Handle time",
        "Service level: answered in 30 s",
        "Service level: offered",
    ]
    assert (rows[0][2], rows[0][-1], len(rows[0])) == ("Oct 2025", "Oct 2026", 15)


def test_the_upload_page_says_what_the_metrics_are_called(sign_in, bob, page_address, handle, service):
    page = sign_in(bob).get(page_address).text
    assert "The names of the 2 metrics" in page
    assert "“answered in 30 s” and “offered”" in page


@pytest.mark.parametrize(
    ("month", "figure", "found"),
    [
        ("Jan 2026", "81.2", 81.2),
        ("2026-01", "81,2", 81.2),
        ("01/2026", "61 480", 61480),
        ("Jan 26", "4:10", 250),
    ],
)
def test_what_the_page_promises_of_months_and_numbers_is_so(
    sign_in, bob, site, handle, page_address, month, figure, found
):
    client = sign_in(bob)
    page = client.get(page_address).text
    assert month in page
    assert figure in page
    [row] = dry_run(client, site, f"Metric;{month}\nHandle time;{figure}\n".encode()).context["plan"].rows
    assert (f"{row.month:%Y-%m}", row.after["value"]) == ("2026-01", found)


def test_a_site_without_metrics_is_sent_to_its_metrics_first(sign_in, bob, site, page_address):
    page = sign_in(bob).get(page_address).text
    assert "No metric is followed here yet" in page
    assert reverse("metrics", args=[site.pk]) in page


# ---- in ---------------------------------------------------------------------------------------------------------


def test_an_upload_shows_what_would_change_and_saves_nothing(sign_in, alice, bob, site, handle):
    enter(handle, "2026-09", bob, value=305.0)
    page = dry_run(sign_in(alice), site)
    assert "2 readings would change" in page.text
    assert "<del>305\u00a0s</del>" in page.text
    assert "Entered by Bob on 20 November 2026, 09:00" in page.text
    assert "figures.csv" in page.text
    assert Reading.objects.get().value == 305


def test_the_time_of_the_old_reading_is_that_of_the_site(sign_in, alice, bob, site, handle):
    site.time_zone = "Asia/Kolkata"
    site.save()
    enter(handle, "2026-09", bob, value=305.0)
    assert "Entered by Bob on 20 November 2026, 14:30" in dry_run(sign_in(alice), site).text


def test_applying_saves_it_all_and_tells_how_much(sign_in, bob, site, handle):
    client = sign_in(bob)
    done = go(client, dry_run(client, site))
    assert "2 readings are saved." in done.text
    assert "2 readings of this file are saved" in done.text
    assert "Applied by Bob on" in done.text
    assert [held[2] for held in register(site).values()] == [310, 300]
    assert set(Reading.objects.values_list("source", flat=True)) == {"figures.csv"}


def test_a_metric_or_a_single_reading_can_be_left_out(sign_in, bob, site, handle, service):
    client = sign_in(bob)
    content = TWO + b"Service level: answered in 30 s,1,2\nService level: offered,2,4\n"
    page = dry_run(client, site, content)
    done = go(client, page, leave=[str(service.pk), f"{handle.pk}-2026-09"])
    assert "1 reading is saved." in done.text
    assert list(register(site)) == [("Handle time", "2026-10")]


def test_leaving_everything_out_says_so_and_keeps_the_page_and_its_boxes(sign_in, bob, site, handle):
    client = sign_in(bob)
    page = go(client, dry_run(client, site), leave=[str(handle.pk)])
    assert page.status_code == 422
    assert "Everything that would change is left out, so nothing was saved." in page.text
    assert sent(page)["leave"] == [str(handle.pk)]
    assert ReadingRevision.objects.count() == 0


def test_a_second_click_changes_nothing_and_says_so(sign_in, bob, site, handle):
    client = sign_in(bob)
    page = dry_run(client, site)
    go(client, page)
    assert "This file was applied already." in go(client, page).text
    assert ReadingRevision.objects.count() == 2


def test_the_same_file_a_second_time_says_that_it_changes_nothing(sign_in, bob, site, handle):
    client = sign_in(bob)
    go(client, dry_run(client, site))
    page = dry_run(client, site)
    assert "This file changes nothing" in page.text
    assert "This very file was applied by Bob on" in page.text
    assert "2 readings, September 2026 to October 2026" in page.text
    assert 'class="btn btn-primary"' not in page.text


def test_what_is_saved_while_the_page_is_open_is_asked_about_again(sign_in, alice, bob, site, handle):
    client = sign_in(alice)
    page = dry_run(client, site)
    enter(handle, "2026-09", bob, value=305.0)
    again = go(client, page)
    assert again.status_code == 409
    assert "1 reading was saved by somebody while you were looking, so nothing was applied yet." in again.text
    assert "saved while you were looking</strong>" in again.text
    assert "Entered by Bob on" in again.text
    assert sent(again)["leave"] == [f"{handle.pk}-2026-09"]
    assert list(register(site)) == [("Handle time", "2026-09")]
    go(client, again)
    assert [held[2] for held in register(site).values()] == [305, 300]


def test_whoever_unticks_it_then_puts_the_figure_of_the_file_in_its_place(sign_in, alice, bob, site, handle):
    client = sign_in(alice)
    page = dry_run(client, site)
    enter(handle, "2026-09", bob, value=305.0)
    go(client, go(client, page), leave=[])
    assert [held[2] for held in register(site).values()] == [310, 300]


def test_two_tabs_with_the_same_dry_run_apply_it_once(sign_in, bob, site, handle):
    client = sign_in(bob)
    one = dry_run(client, site)
    other = client.get(address("reading-import", one.context["done"]))
    go(client, one, leave=[f"{handle.pk}-2026-09"])
    assert "This file was applied already. Nothing was changed a second time." in go(client, other).text
    assert list(register(site)) == [("Handle time", "2026-10")]


def test_two_tabs_with_two_files_keep_the_newer_one_and_the_older_says_so(sign_in, bob, site, handle):
    client = sign_in(bob)
    one = dry_run(client, site)
    other = dry_run(client, site, b"Metric,Oct 2026\nHandle time,299\n", "corrected.csv")
    assert "That upload is not here any more" in go(client, one).text
    assert register(site) == {}
    go(client, other)
    assert [held[2] for held in register(site).values()] == [299]


def test_a_dry_run_that_goes_away_while_it_is_applied_says_so(sign_in, bob, site, handle, monkeypatch):
    client = sign_in(bob)
    page = dry_run(client, site)

    def gone(done, choice, *, by):
        ReadingImport.objects.all().delete()
        done.take_turns()

    monkeypatch.setattr(plans, "apply", gone)
    assert "That upload is not here any more" in go(client, page).text


def test_two_people_with_files_of_their_own_do_not_overwrite_each_other(sign_in, alice, bob, site, handle):
    client = sign_in(alice)
    page = dry_run(client, site)
    applied(site, bob, "Metric,Oct 2026\nHandle time,280\n")
    assert go(client, page).status_code == 409
    assert [held[2] for held in register(site).values()] == [280]


def test_a_busy_database_leaves_the_page_and_its_boxes(sign_in, bob, site, handle, monkeypatch):
    monkeypatch.setattr(forms, "sleep", lambda seconds: None)
    client = sign_in(bob)
    page = dry_run(client, site)

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(ReadingImport, "take_turns", busy)
        again = go(client, page, leave=[f"{handle.pk}-2026-09"])
    assert (again.status_code, again["Retry-After"]) == (503, "5")
    assert sent(again)["leave"] == [f"{handle.pk}-2026-09"]
    go(client, again)
    assert list(register(site)) == [("Handle time", "2026-10")]


def test_what_no_page_sends_applies_nothing(sign_in, bob, site, handle):
    client = sign_in(bob)
    page = dry_run(client, site)
    for seen in ("", "x", f"{handle.pk}-2026-09", f"{handle.pk}-2026-09:-1 \x00", "9" * 4000):
        assert go(client, page, seen=seen, leave=["x", "\x00"]).status_code == 409
    assert ReadingRevision.objects.count() == 0


def test_hostile_names_and_notes_are_shown_as_text(sign_in, bob, site):
    factories.MetricFactory(site=site, name="<script>alert(1)</script>", unit="count")
    odd = [note for note in NOTES if len(note) < 200 and "\ud83d" not in note and "\n" not in note][-9:]
    lines = "".join(
        f'<script>alert(1)</script>;2026-0{number};1{number};"<script>alert(2)</script>{note.replace(chr(34), "")}"\n'
        for number, note in enumerate(odd, 1)
    )
    client = sign_in(bob)
    content = f"Metric;Month;Value;Note\n{lines}".encode()
    page = dry_run(client, site, content, "<script>alert(3).csv")
    assert "<script>alert" not in page.text
    assert page.context["plan"].new == 9
    done = go(client, page)
    assert "9 readings are saved." in done.text
    assert "<script>alert" not in done.text


def test_a_messy_file_goes_end_to_end(sign_in, bob, site, handle, service):
    factories.MetricFactory(site=site, name="Satisfaction", kind="experience", unit="score", decimals=2)
    content = workbook(
        Notes=[["Made on Friday"]],
        Export=[
            ["Operations report, Leeds", "", "", "", ""],
            ["", "", "", "", ""],
            ["KPI", "Unit", datetime(2026, 9, 1), datetime(2026, 10, 1), datetime(2026, 11, 1), "Total"],
            ["handle  TIME", "sec", "5:10", 300, 295, 905],
            ["Service level", "", "", "", "", ""],
            ["answered in 30 s", "count", "49,922", "50,000", "", "99,922"],
            ["offered", "count", "61,480", 61480, "", ""],
            ["Satisfaction", "", "n/a", "4.31", "", ""],
            ["Custommer effort", "", 3, 2, "", ""],
        ],
    )
    enter(handle, "2026-10", bob, value=300.0)
    client = sign_in(bob)
    page = dry_run(client, site, content, "Ops report (final) v2.xlsx")
    assert "The sheet &#x27;Export&#x27; was read" in page.text
    assert "are read with a decimal point, as the others are written." in page.text
    assert [(row.metric.name, row.period, row.words_after) for row in page.context["plan"].rows] == [
        ("Satisfaction", "October 2026", "4.31"),
        ("Handle time", "September 2026", "310\u00a0s"),
        ("Service level", "September 2026", "49,922 of 61,480: 81.2%"),
        ("Service level", "October 2026", "50,000 of 61,480: 81.3%"),
    ]
    assert "That month is not over yet" in page.text
    assert "&#x27;Custommer effort&#x27; is none of your metrics." in page.text
    done = go(client, page)
    assert "4 readings are saved." in done.text
    assert set(Reading.objects.values_list("source", flat=True)) == {"", "Ops report (final) v2.xlsx"}
    assert "This file changes nothing" in dry_run(client, site, content, "again.xlsx").text
    client.post(address("reading-import-undo", done.context["done"]))
    assert register(site) == {("Handle time", "2026-10"): (None, None, 300, "")}


def test_the_template_filled_in_comes_back_whole(sign_in, bob, site, handle, service):
    client = sign_in(bob)
    table = plans.read(client.get(reverse("readings-template", args=[site.pk])).content)
    rows = [[cell.value for cell in row] for row in table.rows]
    for number, row in enumerate(rows[1:], 1):
        row[2:] = [100 * number + place for place in range(13)]
    page = dry_run(client, site, workbook(Readings=rows), "figures.xlsx")
    assert (page.context["plan"].new, page.context["plan"].refused_count) == (26, 0)


def test_a_dry_run_and_what_was_applied_take_as_many_queries_for_one_reading_as_for_many(
    sign_in, alice, bob, site, django_assert_max_num_queries
):
    metrics = [
        factories.MetricFactory(site=site, name=f"Backlog {number}", unit="hours") for number in range(60)
    ]
    months = ",".join(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
    client = sign_in(alice)
    for rows in (metrics[:1], metrics):
        text = f"Metric,{months}\n" + "".join(f"{metric},{','.join('3' * 24)}\n" for metric in rows)
        for metric in rows[:10]:
            enter(metric, "2024-05", bob, value=2.0)
        page = dry_run(client, site, text.encode())
        with django_assert_max_num_queries(9):
            client.get(address("reading-import", page.context["done"]))
        done = go(client, page).context["done"]
        with django_assert_max_num_queries(8):
            client.get(address("reading-import", done))
        client.post(address("reading-import-undo", done))


# ---- and back ---------------------------------------------------------------------------------------------------


def test_undoing_says_what_went_back_and_names_what_was_left_alone(sign_in, alice, bob, site, handle):
    done = applied(site, alice, TWO.decode())
    enter(handle, "2026-10", bob, value=299.0)
    client = sign_in(alice)
    page = client.get(address("reading-import", done))
    assert "One reading goes back to what it was before." in page.text
    assert "Saved by somebody since: an undo leaves it alone" in page.text
    page = client.post(address("reading-import-undo", done), follow=True)
    assert "1 reading went back. 1 was saved by somebody since and was left alone." in page.text
    assert "This file was undone" in page.text
    assert f'href="{reverse("reading", args=[handle.pk, "2026-10"])}"' in page.text
    assert register(site) == {("Handle time", "2026-10"): (None, None, 299, "")}
    assert "This was undone already." in client.post(address("reading-import-undo", done), follow=True).text


def test_where_everything_was_saved_since_there_is_nothing_to_undo(sign_in, alice, bob, site, handle):
    done = applied(site, alice, "Metric,Oct 2026\nHandle time,300\n")
    enter(handle, "2026-10", bob, value=299.0)
    page = sign_in(alice).get(address("reading-import", done)).text
    assert "There is nothing to undo" in page
    assert "Undo this file" not in page


def test_a_dry_run_cannot_be_undone(sign_in, alice, site, handle, page_address):
    done = begun(site, alice, TWO.decode())
    assert sign_in(alice).post(address("reading-import-undo", done))["Location"] == page_address


def test_a_busy_database_undoes_nothing_and_says_so(sign_in, alice, site, handle, monkeypatch):
    monkeypatch.setattr(forms, "sleep", lambda seconds: None)
    done = applied(site, alice, TWO.decode())

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(ReadingImport, "take_turns", busy)
    page = sign_in(alice).post(address("reading-import-undo", done))
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "The database is busy. Nothing was saved." in page.text
    assert len(register(site)) == 2


def test_the_upload_page_lists_what_was_applied_with_who_and_when(
    sign_in, alice, bob, site, handle, page_address
):
    applied(site, bob, "Metric,Oct 2026\nHandle time,300\n").undo(by=alice)
    applied(site, bob, TWO.decode())
    begun(site, alice, TWO.decode())
    page = sign_in(alice).get(page_address).text
    assert page.count("figures.csv</bdi>") == 2
    assert "2 readings, applied by Bob on 20 November 2026, 09:00." in page
    assert "Undone by Alice on 20 November 2026, 09:00." in page
