"""The parts of the Word document that are read one by one: themes, roadmap, evidence, milestones, sites, fit and the log."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.report import roadmap_picture, sentences
from assessments.report.word_parts import Column, Run
from assessments.report.words import decimal
from assessments.rules.scoring import whole_percent


def write_themes(made, document, told):
    for heading, themes in ((_("Strengths to keep"), told["strengths"]), (_("Causes"), told["causes"])):
        if themes:
            made.heading(heading, 2)
        for theme in themes:
            made.text(theme.title, bold=True)
            made.text(f"{theme.finding} {theme.meaning}")
    if told["losses"]:
        columns = [Column(_("Item"), 20), Column(_("About"), 80)]
        columns += [Column(name, 23) for name in (_("Gaps"), _("Lost points"), _("Of all lost"))]
        rows = [[row.code, row.title, row.gaps, decimal(row.lost), f"{row.share}%"] for row in told["losses"]]
        made.table(columns, rows, _("The items whose gaps lose most."))


def write_roadmap(made, document, told):
    road = document.roadmap
    for text in (road.sets, road.aimed, road.earlier, road.later, road.after):
        if text:
            made.text(text)
    columns = [Column(_("Action"), 66), Column(_("Owner"), 30), Column(_("Work"), 38), Column(_("Proof"), 36)]
    for name, rows in roadmap_picture.grouped(road, document.leads_to_audit):
        made.heading(str(name), 2)
        cells = [[row.label, row.owner or "–", row.work_words or "–", row.wait_words or "–"] for row in rows]
        made.table(columns, cells, str(name))


def write_register(made, document, told):
    columns = [Column(_("Req."), 16), Column(_("Evidence held"), 58), Column(_("Where it lies"), 56), Column(_("Covers"), 40)]  # fmt: skip
    rows = [
        [
            entry.answer.code,
            sentences.held_words(entry.held),
            sentences.lies(entry.held),
            sentences.covered(entry.held),
        ]
        for entry in told["register"]
    ]
    made.table(columns, rows, _("Evidence in the order of the standard."))
    if told["missing"]:
        made.heading(_("Claimed, with nothing held"), 2)
        columns = [Column(_("Item"), 80), Column(_("Requirements"), 90)]
        rows = [[f"{row.item_code} {row.item_title}", row.codes] for row in told["missing"]]
        made.table(columns, rows, _("Ways of working at level 2 or 3 beside which no evidence is named."))


def write_trend(made, document, told):
    for text in document.since.sentences:
        made.text(text)
    columns = [Column(_("Milestone"), 50), Column(_("Day"), 30)]
    columns += [Column(name, 90 // len(told["stop_columns"])) for name in told["stop_columns"]]
    rows = [[stop.name, _day(stop.day), *cells] for stop, cells in told["stops"]]
    made.table(columns, rows, _("Every milestone taken so far, and today."))
    if told["since_codes"]:
        made.heading(_("Which they are"), 2)
        made.bullets([f"{said}: {codes}" for said, codes in told["since_codes"]])
    if told["since_rows"]:
        columns = [Column(_("Req."), 20), Column(_("Requirement"), 100), Column(_("What happened"), 50)]
        rows = [[part.code, part.short, said] for part, said in told["since_rows"]]
        made.table(columns, rows, _("What went down and what went up."))


def write_sites(made, document, told):
    columns = [Column(_("Site"), 74), Column(_("Release"), 30)]
    columns += [Column(name, 22) for name in (_("Score"), _("Open"), told["blockers_name"])]
    rows = [
        [
            (Run(site.name, site.here),),
            f"{site.release} {site.variant}",
            _percent(site.score),
            site.open,
            site.blockers,
        ]
        for site in told["sites"]
    ]
    made.table(columns, rows, _("The newest assessment of each site. Bold: this report."))


def write_fit(made, document, told):
    page = document.fit
    made.text(f"{page.lead} {page.badge_test.title}. {page.badge_test.text}")
    columns = [Column(_("Counts"), 18), Column(_("Answer"), 62), Column(_("What it means"), 90)]
    rows = [[row.sign, f"{row.name}: {row.told}", row.meaning] for row in page.rows]
    made.table(columns, rows, page.sum)
    for each in page.ranges:
        made.text(each.title, bold=True)
        made.text(f"{each.text} {each.because}".strip())
    for way in page.ways:
        made.runs((Run(f"{way.name}. ", True), Run(way.text)))


def write_log(made, document, told):
    columns = [
        Column(_("Day"), 28),
        Column(_("Req."), 18),
        Column(_("About"), 84),
        Column(_("Answered by"), 40),
    ]
    rows = [
        [date_format(answer.answered_at, "j M Y"), answer.code, answer.short, answer.answered_by]
        for answer in told["last_changed"]
    ]
    made.table(columns, rows, _("The answers given last."))


def _day(day):
    return date_format(day, "j F Y")


def _percent(value):
    return "–" if value is None else f"{whole_percent(value)}%"
