"""All that was done in an organisation, the newest first: its activity and the saves of its answers and readings as one.

Three tables are read side by side, each at most one row further than a page is long, so that a page costs the same
however much was done. Notes and readings stay where they are: of an answer it is told from which level to which.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.activity import Activity, Verb
from assessments.models.answers import Answer, AnswerRevision
from assessments.models.origin import Way
from assessments.models.readings import ReadingRevision
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, UNKNOWN

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ANSWERS, READINGS = "answer", "reading"
# What the page offers to narrow by: the first word of a verb says to which of these it belongs.
KINDS = {
    ANSWERS: (gettext_lazy("Answers"), ()),
    READINGS: (gettext_lazy("Readings"), ()),
    "files": (gettext_lazy("Files taken out"), ("file", "export")),
    "signin": (gettext_lazy("Sign-ins"), ("signin",)),
    "people": (gettext_lazy("People"), ("member", "invitation")),
    "sites": (gettext_lazy("Organisation and sites"), ("organisation", "site", "look")),
    "assessments": (gettext_lazy("Assessments and milestones"), ("assessment", "milestone", "action")),
    "reviews": (gettext_lazy("Reviews"), ("review",)),
    "imports": (gettext_lazy("Imports"), ("import",)),
    "metrics": (gettext_lazy("Metrics and targets"), ("metric",)),
    "evidence": (gettext_lazy("Evidence"), ("evidence",)),
    "keys": (gettext_lazy("Tokens and links"), ("token", "link")),
    "staff": (gettext_lazy("Looks of the instance's staff"), ("staff",)),
}
LEVELS = {
    "0": gettext_lazy("level 0"),
    "1": gettext_lazy("level 1"),
    "2": gettext_lazy("level 2"),
    "3": gettext_lazy("level 3"),
    UNKNOWN: gettext_lazy("not known"),
    NOT_APPLICABLE: gettext_lazy("not applicable"),
    OPEN: gettext_lazy("not answered"),
}
WAYS, VERBS = dict(Way.choices), dict(Verb.choices)


@dataclass(frozen=True)
class Asked:
    """What is to be told; what is left out narrows nothing. `since` counts, `until` does not any more."""

    person: str = ""
    kind: str = ""
    site: object = None
    since: datetime | None = None
    until: datetime | None = None
    way: str = ""


class Place(NamedTuple):
    """Where a row stands among all: the moment, then the table, then the row."""

    at: datetime
    rank: int
    pk: int

    def __str__(self):
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.rank}.{self.pk}"

    @classmethod
    def read(cls, text):
        """The place that `str` wrote, or None: it comes with an address, which anybody may have typed."""
        parts = text.split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
            return None
        try:
            return cls(EPOCH + int(parts[0]) * MICROSECOND, int(parts[1]), int(parts[2]))
        except OverflowError:
            return None


@dataclass(frozen=True)
class Line:
    """One thing that was done, in words."""

    place: Place
    who: str
    did: str
    site: str
    address: str
    way: str


def page(organisation, asked, before=None, most=50):
    """At most `most` lines older than the place `before`, the newest first, and the place to go on from, or None."""
    found = [
        _older(rows, rank, before)[: most + 1]
        for rank, source in enumerate(SOURCES)
        if (rows := source(organisation, asked)) is not None
    ]
    placed = (
        [(Place(row.at, SOURCES.index(SOURCE_OF[type(row)]), row.pk), row) for row in rows] for rows in found
    )
    rows = list(islice(merge(*placed, key=lambda pair: pair[0], reverse=True), most + 1))
    shown = rows[:most]
    levels = _levels_before([row.pk for _place, row in shown if isinstance(row, AnswerRevision)])
    lines = [_line(place, row, levels) for place, row in shown]
    return lines, (shown[-1][0] if len(rows) > most else None)


def _older(rows, rank, before):
    if before is not None:
        older = {True: Q(at__lte=before.at), False: Q(at__lt=before.at)}[rank <= before.rank]
        rows = rows.filter(older)
        if rank == before.rank:
            rows = rows.filter(Q(at__lt=before.at) | Q(pk__lt=before.pk))
    return rows.order_by("-at", "-pk")


# ---- the three tables -------------------------------------------------------------------------------------------------


def _noted(organisation, asked):
    rows = Activity.objects.filter(organisation=organisation).select_related("site", "by")
    if asked.kind:
        if asked.kind in (ANSWERS, READINGS):
            return None
        starts = Q()
        for word in KINDS[asked.kind][1]:
            starts |= Q(verb__startswith=f"{word}-")
        rows = rows.filter(starts)
    if asked.person:
        rows = rows.filter(Q(who__icontains=asked.person) | Q(by__email__icontains=asked.person))
    if asked.way:
        rows = rows.filter(way=asked.way)
    return _narrowed(rows, asked, "site")


def _answered(organisation, asked):
    if asked.kind not in ("", ANSWERS) or asked.way not in ("", Way.PAGE):
        return None
    rows = AnswerRevision.objects.filter(answer__assessment__site__organisation=organisation)
    if asked.person:
        rows = rows.filter(_named(asked.person))
    if asked.way:
        rows = rows.exclude(by=None)
    rows = rows.select_related("by", "answer__requirement__item", "answer__assessment__site")
    return _narrowed(rows, asked, "answer__assessment__site").only(
        *("at", "version", "field", "key", "address", "by__name", "by__email"),
        *("answer__requirement__letter", "answer__requirement__item__code", "answer__assessment__site__name"),
    )


def _measured(organisation, asked):
    if asked.kind not in ("", READINGS) or asked.way not in ("", Way.PAGE, Way.TOKEN):
        return None
    rows = ReadingRevision.objects.filter(reading__metric__site__organisation=organisation)
    if asked.person:
        rows = rows.filter(_named(asked.person) | Q(source__icontains=asked.person))
    if asked.way:
        rows = rows.filter(by__isnull=asked.way == Way.TOKEN)
    rows = rows.select_related("by", "reading__metric__site").defer("values")
    return _narrowed(rows, asked, "reading__metric__site")


def _named(person):
    return Q(by__name__icontains=person) | Q(by__email__icontains=person)


def _narrowed(rows, asked, to_site):
    wanted = {to_site: asked.site, "at__gte": asked.since, "at__lt": asked.until}
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


SOURCES = (_noted, _answered, _measured)
SOURCE_OF = {Activity: _noted, AnswerRevision: _answered, ReadingRevision: _measured}


def _levels_before(ids):
    """Id of a save of an answer -> what was chosen by it and before it, where the choice is what it saved."""
    earlier = AnswerRevision.objects.filter(
        answer=OuterRef("answer"), version__lt=OuterRef("version"), field=Answer.CHOICE
    )
    before = earlier.annotate(choice=KT("values__choice")).order_by("-version").values("choice")[:1]
    rows = AnswerRevision.objects.filter(pk__in=ids, field=Answer.CHOICE)
    rows = rows.annotate(choice=KT("values__choice"), before=Subquery(before)).order_by()
    return {pk: (was or OPEN, now) for pk, was, now in rows.values_list("pk", "before", "choice")}


# ---- in words ---------------------------------------------------------------------------------------------------------


def _line(place, row, levels):
    if isinstance(row, Activity):
        verb = VERBS.get(row.verb, row.verb.replace("-", " "))
        did = f"{verb} {row.what}".rstrip()
        a_person = row.by_id or row.verb == Verb.SIGN_IN_FAILED
        who = row.who or (_("A former member") if a_person else _("The server"))
        return Line(place, who, did, str(row.site or ""), row.address or "", str(WAYS.get(row.way, row.way)))
    if isinstance(row, AnswerRevision):
        site, way = row.answer.assessment.site, "" if row.by_id is None else WAYS[Way.PAGE]
        who, did = _who_answered(row), _answer_words(row, levels.get(row.pk))
        return Line(place, who, did, site.name, row.address or "", str(way))
    reading = row.reading
    words = {"metric": reading.metric, "month": formatted(reading.month, "F Y")}
    entered = _("entered the reading of %(metric)s for %(month)s") % words
    did = entered if row.version == 1 else _("changed the reading of %(metric)s for %(month)s") % words
    way = WAYS[Way.PAGE if row.by_id else Way.TOKEN]
    who = str(row.by or row.source or _("Somebody who has left"))
    return Line(place, who, did, reading.metric.site.name, row.address or "", str(way))


def _who_answered(row):
    if row.by:
        return str(row.by)
    return _("The metrics") if row.key == AnswerRevision.FROM_METRICS else _("Somebody who has left")


def _answer_words(row, levels):
    code = {"code": row.answer.requirement.code}
    if levels is None:
        return _("changed the note of %(code)s") % code
    was, now = (LEVELS.get(level, level) for level in levels)
    if was == now:
        return _("confirmed %(code)s: %(now)s") % (code | {"now": now})
    return _("changed %(code)s from “%(was)s” to “%(now)s”") % (code | {"was": was, "now": now})
