"""A roadmap as what its drawing is made from: words in the reader's language, and which months are marked."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.months import first_of
from assessments.report import roadmap_words as words
from assessments.report.roadmap_chart import Group, Line, Mark, Picture, shortened
from assessments.report.roadmap_chart import roadmap as draw
from assessments.rules.roadmap import GROUPS, HORIZON


def drawing(found, leads, palette, layout):
    """The SVG of a `Roadmap`; empty where there is no row and no window to draw."""
    if not found.rows and found.earliest is None:
        return ""
    return draw(picture(found, leads), alternative(found), palette, layout)


def alternative(found):
    """What the drawing shows, in one sentence."""
    told = _("Roadmap from %(months)s: %(finding)s.") % {
        "months": words.span(found.first, found.first + HORIZON - 1),
        "finding": found.title,
    }
    if not found.window:
        return told
    return " ".join([told, _("The audit could begin in %s.") % found.window])


def picture(found, leads):
    return Picture(
        first=found.first,
        months=tuple(_months(found.first)),
        groups=tuple(
            Group(
                words.GROUP_NAMES[group](leads), tuple(_line(row) for row in found.rows if row.group == group)
            )
            for group in GROUPS
        ),
        audit=_("Audit") if leads else "",
        marks=tuple(_marks(found)) if leads else (),
        window=None if found.earliest is None else (found.earliest, found.latest, found.window_short),
        window_label=_("Audit window") if leads else "",
        owner=_("Owner"),
        rest=_("and %d more"),
    )


def grouped(found, leads):
    """(name, rows) of every group that has rows."""
    return [
        (words.GROUP_NAMES[group](leads), rows)
        for group in GROUPS
        if (rows := [row for row in found.rows if row.group == group])
    ]


def _months(first):
    for number in range(first, first + HORIZON):
        day = first_of(number)
        yield day.year, date_format(day, "F")[:1]


def _line(row):
    return Line(
        label=row.label,
        owner=row.owner,
        work=None if row.work_from is None else (row.work_from, row.work_to),
        wait=None if row.wait_to is None else (row.wait_from, row.wait_to),
        readings=row.readings,
        note=row.work_words,
    )


def _marks(found):
    if found.earliest is not None:
        decision = found.earliest - 1
        yield Mark(_("Decision to book"), decision, words.short_month(decision))
    if found.aim is not None and found.aim >= found.first:
        yield Mark(_("Audit aimed at"), found.aim, words.short_month(found.aim))


def strip(found, leads, palette, layout):
    """The roadmap in short: a row for each group; empty where there is no row to draw."""
    if not found.rows:
        return ""
    return draw(shortened(picture(found, leads)), alternative(found), palette, layout)
