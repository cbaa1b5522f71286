"""What a roadmap says in words: months, bars, what sets the date and what could move it. Pure functions of plain values."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.months import first_of
from assessments.report.words import counted
from assessments.rules import roadmap as rules
from assessments.rules.roadmap import Window

GROUP_NAMES = {
    rules.BLOCKERS: lambda leads: _("Close the blockers") if leads else _("Close the urgent gaps"),
    rules.FUNDAMENTALS: lambda leads: _("Fundamentals"),
    rules.REST: lambda leads: _("Results and remaining gaps"),
}


def month(number):
    """June 2027"""
    return date_format(first_of(number), "F Y")


def short_month(number):
    """Jun 2027"""
    return date_format(first_of(number), "M Y")


def span(first, last):
    """June 2027; January to April 2028; November 2027 to April 2028"""
    return _span(first, last, "F", _("%(first)s to %(last)s"))


def short_span(first, last):
    """Jan to Apr 2028"""
    return _span(first, last, "M", _("%(first)s to %(last)s"))


def _span(first, last, form, pattern):
    end = date_format(first_of(last), f"{form} Y")
    if first == last:
        return end
    same_year = first // 12 == last // 12
    begin = date_format(first_of(first), form if same_year else f"{form} Y")
    return pattern % {"first": begin, "last": end}


# ---- rows --------------------------------------------------------------------------------------------------------------


def label(part):
    """The codes it closes and its title: PR6b, PR6c Interval forecast"""
    return " ".join(filter(None, [", ".join(part.codes[:2]), part.title]))


def work(step, overdue):
    """When it is worked on, as far as its dates say."""
    if step.worked:
        return _("work done, waiting for proof")
    if step.due is None:
        return _("from %s, no due date") % month(step.start) if step.start else _("no dates yet")
    if overdue:
        return _("overdue since %s") % month(step.due)
    return span(step.start, step.due) if step.start else _("due in %s, no start said") % month(step.due)


def waits(last):
    return _("readings until %s") % month(last)


def months_of_readings(count):
    return ngettext("%(count)s reading", "%(count)s readings", count) % {"count": count}


def readings_of(names):
    if len(names) == 1:
        return _("Readings of %s") % names[0]
    return _("Readings of %(count)s metrics") % {"count": counted(len(names))}


# ---- titles ------------------------------------------------------------------------------------------------------------


def nothing_planned():
    return _("Nothing is planned yet, so nothing can be said about when")


def no_dates(count):
    return ngettext(
        "The one action ahead has no due date", "None of the %(count)s actions ahead has a due date", count
    ) % {"count": counted(count)}


def all_done(window, now):
    if window is None:
        return _("Everything planned is done")
    if window.earliest == now + 1:
        return _("Everything planned is done, and there is nothing to wait for")
    return _("Everything planned is done; the readings take until %s") % month(window.earliest - 1)


def work_ends(kind, end, found):
    """The finding: when the work ends that decides, and how long the readings go on after it.

    `kind` says what ends last, blockers or results, empty where nothing decides; `found` is None without an audit to lead to.
    """
    if kind == rules.BLOCKERS:
        told = _("Blocker work ends in %s")
    else:
        told = _("Work on results ends in %s") if kind else _("Planned work ends in %s")
    told %= month(end)
    if found is None:
        return told
    if not isinstance(found, Window):
        return _("%s; when an audit could follow cannot be said yet") % told
    if found.earliest - 1 > end:
        return _("%(told)s; the readings take until %(last)s") % {
            "told": told,
            "last": month(found.earliest - 1),
        }
    return told


# ---- what sets the date, and what moves it -----------------------------------------------------------------------------


def nothing_to_wait_for():
    return _("Nothing: no action that closes a blocker or a result is open, and every metric is sustained.")


def no_window(found, reach=None):
    """Why no window can be said, one sentence a reason. `reach` is (score once everything planned is done, score the audit
    takes), None where there is no plan to reach it by."""
    reasons = [
        (
            found.unplanned,
            ngettext(
                "%(count)s blocker has no action that closes it.",
                "%(count)s blockers have no action that closes them.",
                found.unplanned,
            ),
        ),
        (
            found.undated,
            ngettext(
                "%(count)s action that closes blockers or results has no due date.",
                "%(count)s actions that close blockers or results have no due date.",
                found.undated,
            ),
        ),
        (
            found.unmeasured,
            _(
                "No metric with a target is followed yet, and without months of readings no result can be shown."
            ),
        ),
    ]
    told = [text % {"count": capfirst(counted(count))} for count, text in reasons if count]
    if found.short:
        text = _("With every planned gap closed the score is %(score)s%%; the audit takes %(needed)s%%.")
        told.append(text % {"score": reach[0] or 0, "needed": reach[1]})
    return " ".join([_("No month can be said yet."), *told])


def set_by_readings(name, chain):
    return _(
        "The readings of “%(name)s” are the longest chain: it can be sustained by %(month)s if every month from now on "
        "meets its target. Every month that misses can move the window."
    ) % {"name": name, "month": month(chain.end)}


def set_by_work(part, chain):
    told = {"title": label(part), "work": month(chain.work), "end": month(chain.end)}
    if chain.end == chain.work:
        text = _("“%(title)s” is the longest chain: its work ends in %(work)s.")
    else:
        text = _(
            "“%(title)s” is the longest chain: its work ends in %(work)s, and the readings that follow it in %(end)s."
        )
    return " ".join([text % told, _("Every month it slips moves the window by a month.")])


def earlier(window):
    return _(
        "%s: every action that closes a blocker or a result ends when it is due, and every month from now on meets its "
        "targets."
    ) % month(window.earliest)


def later(window, slip, seen):
    """Why it can be later; empty where it cannot."""
    if window.latest == window.earliest:
        return ""
    return _("%(month)s: %(pace)s; of the readings, as many miss as the rule forgives.") % {
        "month": month(window.latest),
        "pace": _pace(slip, seen),
    }


def _pace(slip, seen):
    if not seen:
        return _("work slips by a quarter, which is assumed: too few actions have ended to know")
    if not slip:
        return _("work keeps to its dates, as it did so far")
    return ngettext(
        "work slips by %(count)s month, the average of the %(seen)s actions that ended or are overdue",
        "work slips by %(count)s months, the average of the %(seen)s actions that ended or are overdue",
        slip,
    ) % {"count": counted(slip), "seen": counted(seen)}


def aimed(aim, window):
    """How the month aimed at lies to the window; empty where one of them is not known."""
    if aim is None or window is None:
        return ""
    told = {"month": month(aim)}
    if aim < window.earliest:
        return _("The audit is aimed at %(month)s, before the earliest credible month.") % told
    if aim <= window.latest:
        return _("The audit is aimed at %(month)s, within the window, if nothing slips much.") % told
    return _("The audit is aimed at %(month)s, which leaves room after the window.") % told


def after(window):
    return _(
        "The next audit falls due about two years later, %(span)s. Two years is our assumption from what sites tell; the "
        "rule is not public. Keep the monthly readings running: evidence ages from the day it is filed."
    ) % {"span": span(window.earliest + rules.RECERTIFY, window.latest + rules.RECERTIFY)}


def backwards(aim, needed):
    """From when readings have to run for an audit in the month `aim`."""
    return ngettext(
        "For an audit in %(aim)s the %(count)s month of readings that shows a result is %(span)s.",
        "For an audit in %(aim)s the %(count)s months of readings that show results are %(span)s.",
        needed,
    ) % {"aim": month(aim), "count": counted(needed), "span": span(aim - needed, aim - 1)}
