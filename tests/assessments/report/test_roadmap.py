"""What a roadmap says of a plan: its rows, its window and every sentence about them, the honest ones too."""

from datetime import date

from tests.assessments.report.plans import ANSWERS, NOW, action, asked, metric, planned

BLOCKER = action(1, "LP5a", start=date(2026, 12, 1), due=date(2027, 6, 15))
RESULT = action(2, "PF1a", start=date(2027, 1, 1), due=date(2027, 4, 30))
ONLY = {"LP5a": ANSWERS["LP5a"]}


def test_the_title_is_when_the_work_ends_and_how_long_the_readings_take():
    assert planned(BLOCKER, RESULT).title == (
        "Blocker work ends in June 2027; the readings take until September 2027"
    )
    later = action(2, "PF1a", start=date(2027, 1, 1), due=date(2027, 8, 30))
    assert planned(BLOCKER, later).title == (
        "Work on results ends in August 2027; the readings take until January 2028"
    )


def test_without_readings_to_wait_for_the_title_ends_with_the_work():
    assert planned(BLOCKER).title == "Blocker work ends in June 2027"
    assert planned(BLOCKER).earliest == NOW + 8


def test_rows_stand_in_groups_and_say_every_bar_in_words():
    found = planned(action(3, "PR9c"), RESULT, action(4, "PR6b", due=date(2027, 2, 1)), BLOCKER)
    assert [(row.id, row.group) for row in found.rows] == [
        (1, "blockers"),
        (4, "fundamentals"),
        (3, "rest"),
        (2, "rest"),
    ]
    assert [(row.work_words, row.wait_words) for row in found.rows] == [
        ("December 2026 to June 2027", ""),
        ("due in February 2027, no start said", ""),
        ("no dates yet", ""),
        ("January to April 2027", "readings until September 2027"),
    ]
    assert found.rows[3].readings == "5 readings"


def test_overdue_work_reaches_this_month_and_says_since_when():
    (row,) = planned(action(1, "LP5a", start=date(2026, 5, 1), due=date(2026, 8, 1))).rows
    assert (row.work_from, row.work_to, row.work_words) == (NOW - 6, NOW, "overdue since August 2026")


def test_work_that_waits_for_proof_has_no_bar_of_work():
    waiting = action(1, "PF1a", due=date(2026, 9, 1), status="waiting")
    (row,) = planned(waiting, metrics=[metric(1, date(2027, 2, 1), "PF1a")], answers=ANSWERS).rows
    assert (row.work_to, row.wait_from, row.wait_to) == (None, NOW, NOW + 3)


def test_metrics_that_no_action_feeds_share_a_row():
    metrics = [metric(1, date(2027, 2, 1)), metric(2, date(2027, 4, 1), name="Accuracy")]
    row = planned(BLOCKER, metrics=metrics).rows[-1]
    assert (row.label, row.wait_to, row.readings) == ("Readings of two metrics", NOW + 5, "6 readings")
    assert planned(BLOCKER, metrics=metrics[:1]).rows[-1].label == "Readings of Service level"


def test_the_longest_chain_is_named():
    assert "“PF1a Step 2” is the longest chain: its work ends in April 2027" in planned(RESULT, BLOCKER).sets
    by_metric = planned(BLOCKER, metrics=[metric(1, date(2027, 12, 1))])
    assert by_metric.sets.startswith("The readings of “Service level” are the longest chain")


def test_the_window_slips_by_a_quarter_while_too_few_actions_have_ended():
    found = planned(BLOCKER)
    assert found.window == "July to October 2027"
    assert "assumed" in found.later


def test_the_window_slips_at_the_pace_seen():
    ended = [
        action(n, "PR9c", due=date(2026, 6, 1), status="done", over_since=date(2026, 7, 1)) for n in (7, 8, 9)
    ]
    found = planned(BLOCKER, *ended)
    assert found.window == "July to August 2027"
    assert "slips by one month, the average of the three actions" in found.later
    assert found.done == 3


def test_recertification_is_about_two_years_later_and_says_whose_assumption_that_is():
    found = planned(BLOCKER)
    assert "July to October 2029" in found.after
    assert "our assumption" in found.after


def test_the_month_aimed_at_is_compared_with_the_window():
    assert "before the earliest" in planned(BLOCKER, audit_month=date(2027, 6, 1)).aimed
    assert "within the window" in planned(BLOCKER, audit_month=date(2027, 9, 1)).aimed
    assert "leaves room" in planned(BLOCKER, audit_month=date(2028, 1, 1)).aimed
    assert planned(BLOCKER).aimed == ""


def test_the_calendar_counts_back_from_the_month_aimed_at():
    found = planned(BLOCKER, RESULT, action(3, "PR9c"), audit_month=date(2027, 7, 1))
    assert found.backwards == (
        "For an audit in July 2027 the five months of readings that show results are February to June 2027."
    )
    assert [(row.id, row.start_by, row.done_by, row.late) for row in found.calendar] == [
        (2, "October 2026", "January 2027", True),
        (1, "December 2026", "June 2027", False),
    ]
    assert planned(BLOCKER).calendar == ()


def test_undated_work_is_counted_back_by_its_effort():
    (row,) = planned(action(1, "LP5a", effort="L"), audit_month=date(2027, 7, 1)).calendar
    assert (row.start_by, row.done_by) == ("April 2027", "June 2027")


def test_without_actions_nothing_is_planned():
    found = planned(metrics=[], answers={})
    assert found.title == "Nothing is planned yet, so nothing can be said about when"
    assert found.rows == ()


def test_actions_without_dates_say_so():
    found = planned(action(1, "LP5a"), action(2, "PR9c"), answers=ANSWERS)
    assert found.title == "None of the two actions ahead has a due date"
    assert found.window == ""
    assert "One action that closes blockers or results has no due date." in found.sets


def test_blockers_without_an_action_and_results_without_a_metric_are_reasons():
    two = ANSWERS | {"LP6a": asked("LP6a", blocker=True)}
    found = planned(BLOCKER, metrics=[metric(1, None)], answers=two)
    assert found.title == "Blocker work ends in June 2027; when an audit could follow cannot be said yet"
    assert "One blocker has no action that closes it. No metric with a target is followed yet" in found.sets


def test_a_dropped_action_closes_nothing():
    found = planned(action(1, "LP5a", due=date(2027, 1, 1), status="dropped"), answers=ONLY)
    assert "One blocker has no action" in found.sets
    assert found.rows == ()


def test_when_everything_is_done_there_is_nothing_to_wait_for_or_the_readings():
    done = action(1, "LP5a", due=date(2026, 9, 1), status="done", over_since=date(2026, 9, 1))
    found = planned(done)
    assert found.title == "Everything planned is done, and there is nothing to wait for"
    assert found.sets.startswith("Nothing: no action")
    assert (found.earliest, found.latest, found.later) == (NOW + 1, NOW + 1, "")
    waiting = planned(done, metrics=[metric(1, date(2027, 3, 1))])
    assert waiting.title == "Everything planned is done; the readings take until March 2027"


def test_a_self_check_has_work_and_no_window():
    found = planned(BLOCKER, leads=False, audit_month=None)
    assert found.title == "Planned work ends in June 2027"
    assert (found.window, found.sets, found.after, found.calendar) == ("", "", "", ())
