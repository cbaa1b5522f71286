"""The way from milestone to milestone, as drawings and as the table behind them. Pure: a document in, values out."""

from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from assessments.report import standings
from assessments.report.compare_words import percent
from assessments.report.parts import MarkPart, StandingPart
from assessments.report.trend_chart import Point, trend


@dataclass(frozen=True, slots=True)
class Stop:
    """A milestone, or the document itself as the last stop: `pk` is None then."""

    pk: int | None
    name: str
    day: date
    standing: StandingPart

    @property
    def sustained_share(self):
        """Of the results, in percent; None where there are none."""
        found = self.standing
        return 100 * found.sustained / found.results if found.results else None


@dataclass(frozen=True, slots=True)
class Line:
    """One drawing: score and ceiling of one domain, or the share of results that are sustained."""

    name: str
    chart: str


def stops(document):
    """The milestones of `document` and itself, the oldest first."""
    taken = (Stop(part.id, part.name, part.taken_on, part.standing) for part in document.trend)
    return [*taken, Stop(None, _("Now"), document.as_of, standings.standing(document))]


def overall(document, palette, **size):
    """The drawing of score and ceiling."""
    points = [_point(stop, stop.standing.score, stop.standing.ceiling) for stop in stops(document)]
    return trend(points, title(_("Score and ceiling"), points), palette, **size)


def lines(document, palette, **size):
    """A small drawing for each domain of the document, and for the results that are sustained."""
    found = stops(document)
    for domain in document.domains:
        marks = [_mark(stop, domain.code) for stop in found]
        points = [_point(stop, mark.score, mark.ceiling) for stop, mark in zip(found, marks, strict=True)]
        yield Line(domain.title, trend(points, title(domain.title, points), palette, **size))
    if any(stop.standing.results for stop in found):
        points = [_point(stop, stop.sustained_share, stop.sustained_share) for stop in found]
        name = _("Results sustained")
        yield Line(name, trend(points, title(name, points), palette, **size))


def table(document):
    """(the stop, its cells in words) for every stop, the newest first; the cells are named by `columns`."""
    return [(stop, _cells(document, stop)) for stop in reversed(stops(document))]


def columns(document):
    return [
        _("Score"),
        _("Ceiling"),
        *(domain.title for domain in document.domains),
        _("Sustained"),
    ]


def _cells(document, stop):
    found = stop.standing
    marks = (_mark(stop, domain.code) for domain in document.domains)
    held = f"{found.sustained} / {found.results}" if found.results else "–"
    return [percent(found.score), percent(found.ceiling), *(percent(mark.score) for mark in marks), held]


def _mark(stop, code):
    """A domain at a stop; empty where the release of that time had no such domain."""
    return next((mark for mark in stop.standing.domains if mark.code == code), MarkPart(code, "", None, None))


def _point(stop, score, ceiling):
    return Point(stop.day.toordinal(), formatted(stop.day, "M Y"), score, ceiling)


def title(name, points):
    """The drawing in one sentence, for those who do not see it."""
    return _("%(name)s from %(first)s to %(last)s: %(before)s at first, %(after)s at the end.") % {
        "name": name,
        "first": points[0].label,
        "last": points[-1].label,
        "before": percent(points[0].score),
        "after": percent(points[-1].score),
    }
