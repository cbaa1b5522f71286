"""The report as a Word document, for people who have to edit it: real headings, styles and tables, the same sentences.

Equal documents give equal bytes. Charts are tables with shaded cells, so that everything in it can be changed.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import Action
from assessments.report import findings, pages, sentences
from assessments.report import word_sections as parts
from assessments.report.charts import PAPER
from assessments.report.word_parts import Cell, Column, Pages, Run, bar
from assessments.report.words import decimal, factor
from assessments.rules.scoring import NOT_APPLICABLE, OPEN, UNKNOWN

SIGNS = {UNKNOWN: "?", NOT_APPLICABLE: "–", OPEN: ""}
WARN = PAPER.warn.removeprefix("#")


def word(document):
    """The bytes of a .docx file."""
    told, made = pages.context(document), Pages()
    made.footer(
        _("%(site)s, gap report, %(date)s") % {"site": document.site, "date": on(document.as_of)},
        _("Page"),
        _("of"),
    )
    write_cover(made, document, told)
    writers = {
        "answer": write_answer,
        "themes": parts.write_themes,
        "results": write_results,
        "heatmap": write_heatmap,
        "impact": write_advice,
        "gaps": write_gaps,
        "cards": write_cards,
        "plan": write_plan,
        "roadmap": parts.write_roadmap,
        "unknowns": write_unknowns,
        "doubts": write_doubts,
        "register": parts.write_register,
        "trend": parts.write_trend,
        "sites": parts.write_sites,
        "fit": parts.write_fit,
        "appendix": write_appendix,
        "log": parts.write_log,
        "method": write_method,
    }
    for section in told["sections"]:
        made.heading(f"{section.number} {section.title}", 1, section.key)
        writers[section.key](made, document, told)
    properties = {
        "title": told["title"],
        "subject": document.headline,
        "author": document.prepared_by,
        "last_modified_by": document.prepared_by,
        "category": f"{document.standard} {document.release}",
    }
    return made.saved(properties, document.as_of)


# ---- small words ----------------------------------------------------------------------------------------------------


def on(day):
    return date_format(day, "j F Y") if day else ""


def percent(value):
    return "–" if value is None else f"{value}%"


def chip(choice, ground_of=PAPER):
    """The cell of a choice: its digit or sign on its colour."""
    sign = SIGNS.get(choice, choice)
    if choice in SIGNS:
        return Cell((Run(sign, True),), centred=True)
    level = int(choice)
    colours = (ground_of.digits[level], ground_of.levels[level])
    ink, ground = (colour.removeprefix("#").upper() for colour in colours)
    return Cell((Run(sign, True, ink),), ground, centred=True)


def squares(answers):
    """The signs of several answers side by side."""
    runs = []
    for answer in answers:
        cell = chip(answer.choice)
        (run,) = cell.runs
        runs += [Run(f"\u00a0{run.text or '·'}\u00a0", True, run.ink, cell.ground), Run("\u200a")]
    return tuple(runs)


def flagged(document, answer):
    """The statement with what makes it weigh more."""
    runs = [Run(answer.statement)]
    if answer.blocker:
        runs.append(Run(f" {document.blocker_name}", True, WARN))
    elif answer.fundamental:
        runs.append(Run(" " + _("Fundamental"), True))
    return tuple(runs)


# ---- sections -------------------------------------------------------------------------------------------------------


def write_cover(made, document, told):
    made.text(_("Gap report: %s") % document.site, "Title")
    made.text(told["purpose"], "Subtitle")
    facts = [
        (_("Organisation and site"), f"{document.organisation}, {document.site}"),
        (
            _("Standard"),
            f"{document.standard} {document.release}, {document.variant} ({document.variant_code})",
        ),
        (_("Self-assessment of"), on(document.as_of)),
        (_("Channels in scope"), ", ".join(document.channels)),
        (_("Prepared by"), document.prepared_by),
        (_("Audit aimed at"), date_format(document.audit_month, "F Y") if document.audit_month else ""),
    ]
    for name, text in facts:
        if text:
            made.runs((Run(f"{name}: "), Run(text, True)))
    if document.standing:
        made.text(document.standing, bold=True)
    made.text(document.notice, "Small")
    made.text(_("Contents"), "Subtitle")
    made.contents([(each.key, f"{each.number} {each.name}: {each.title}") for each in told["sections"]])


def write_answer(made, document, told):
    figure = document.figure
    made.text(document.lead)
    made.runs(
        (
            Run(_("Score: %s") % percent(figure.percent), True),
            Run(". " + _("Ceiling: %s") % percent(figure.ceiling_percent) + ". "),
            Run(f"{told['ceiling']} {told['carried']}".strip()),
        )
    )
    made.heading(told["domains_finding"], 2)
    write_domains(made, document)
    if told["conditions"]:
        made.heading(told["missing_title"], 2)
        columns = [Column(_("Condition"), 62), Column(_("Today"), 36)]
        columns += [Column(stage, 72 // len(told["shown_stages"])) for stage in told["shown_stages"]]
        rows = [
            [
                row.name,
                row.today,
                *((Run(need.text or "–", bool(need.text) and not need.met),) for need in row.needs),
            ]
            for row in told["conditions"]
        ]
        made.table(columns, rows, _("What holds today, and what the next stage takes. Bold: not met."))
    if told["top"]:
        made.heading(told["top"].title, 2)
        made.text(told["top"].note)
        rows = [
            [part.answer.code, part.answer.stands_at, chip(part.answer.choice)] for part in told["top"].gaps
        ]
        columns = [Column(_("Req."), 20), Column(_("Where it stands today"), 130), Column(_("Level"), 20)]
        made.table(columns, rows, told["top"].title)
    if told["asks"]:
        made.heading(told["asks_title"], 2)
        for ask in told["asks"]:
            made.runs((Run(f"{ask.title}. ", True), Run(ask.text)), "List Number")


def write_domains(made, document):
    columns = [Column(_("Domain"), 46), Column(_("Shown so far"), 70)]
    columns += [Column(name, 18) for name in (_("Score"), _("Ceiling"), _("Target"))]
    rows = [
        [
            domain.title,
            bar(domain.figure, domain.target),
            percent(domain.figure.percent),
            percent(domain.figure.ceiling_percent),
            percent(domain.target),
        ]
        for domain in document.domains
    ]
    made.table(columns, rows, _("Score and ceiling of each domain against its target."))
    made.text(_("Solid is shown, the hatch is open or not known, the stroke is the target."), "Small")


def write_results(made, document, told):
    made.text(document.metrics_forecast)
    made.text(document.sustained_rule, "Small")
    columns = [Column(_("Metric"), 34), Column(_("Latest"), 22), Column(_("Target"), 24)]
    columns += [Column(_("Level"), 14), Column(_("What it says"), 76)]
    rows = [
        [
            part.name,
            part.printed,
            part.target,
            chip(str(part.level)),
            f"{part.headline} {part.met_words}",
        ]
        for part in document.metrics
    ]
    made.table(columns, rows, _("Each metric with its latest reading, its target and the level it shows."))
    if told["month_table"]:
        write_months(made, *told["month_table"])


def write_months(made, names, rows):
    made.heading(_("Month by month"), 2)
    columns = [Column(_("Metric"), 40), *(Column(" ".join(filter(None, name)), 10) for name in names)]
    cells = [
        [
            metric.name,
            *((Run(month.printed or "–", month.met) if month else Run("–"),) for month in months),
        ]
        for metric, months in rows
    ]
    made.table(columns, cells, _("The readings of the last months. Bold: target met. A dash: no reading."))
    made.text(_("Bold: target met. A dash: no reading, which counts as missed."), "Small")


def write_heatmap(made, document, told):
    columns = [Column(_("Item"), 16), Column(_("Title"), 60), Column(_("Points"), 16)]
    columns += [Column(_("Requirements from a"), 46), Column(_("Score"), 16), Column(_("Ceiling"), 16)]
    for domain in document.domains:
        made.heading(_("%(domain)s: %(score)s, target %(target)s%%") % {"domain": domain.title, "score": percent(domain.figure.percent), "target": domain.target}, 2)  # fmt: skip
        rows = [
            [
                item.code,
                (Run(item.title, item.code in told["weakest"]),),
                str(item.points),
                squares(item.answers),
                percent(item.figure.percent),
                percent(item.figure.ceiling_percent),
            ]
            for item in domain.items
        ]
        made.table(columns, rows, _("The items of the domain with the level of each requirement."))
    made.text(_("Bold: the items furthest below their target."), "Small")


def write_advice(made, document, told):
    for row in told["advice"]:
        made.runs((Run(f"{row.name}: ", True), Run(row.text)))


def write_gaps(made, document, told):
    columns = [Column(_("No."), 12), Column(_("Req."), 17), Column(_("What has to be shown"), 69)]
    columns += [
        Column(_("Now"), 14),
        Column(_("Lost"), 16),
        Column(_("Urgency, effort"), 24),
        Column(_("Priority"), 18),
    ]
    rows = [
        [
            str(part.gap.rank),
            part.answer.code,
            flagged(document, part.answer),
            chip(part.answer.choice),
            decimal(part.gap.lost),
            f"× {factor(part.gap.urgency)} ÷ {factor(part.gap.effort)} {part.gap.effort_size}",
            (Run(decimal(part.gap.priority), True),),
        ]
        for part in document.gaps
    ]
    made.table(
        columns, rows, _("Every gap in the order in which to close it, with the arithmetic of its rank.")
    )
    made.text(told["cost"], "Small")


def write_cards(made, document, told):
    for part in told["cards"]:
        answer, gap = part.answer, part.gap
        words = sentences.gap_words(gap, leads_to_audit=document.leads_to_audit)
        made.heading(f"{answer.code} {answer.stands_at}", 2)
        made.text(
            _("To be shown: %(statement)s. %(scope)s")
            % {"statement": answer.statement, "scope": answer.scope}
        )
        made.text(_("Rank %(rank)s of %(all)s. %(sum)s") % {"rank": gap.rank, "all": len(document.gaps), "sum": words.sum}, "Small")  # fmt: skip
        reason = answer.critical_reason if gap.blocker else answer.fundamental_reason
        parts = [
            (_("Where it stands"), answer.note),
            (_("Why it matters"), f"{answer.why} {reason}".strip()),
            (_("First step"), answer.first_step),
            (_("Done when"), answer.done_when),
        ]
        for name, text in parts:
            if text:
                made.runs((Run(f"{name}: ", True), Run(text)))
        made.text(_("An auditor asks to see") if document.leads_to_audit else _("What shows it"), bold=True)
        made.bullets(answer.evidence)


def write_plan(made, document, told):
    states = dict(Action.Status.choices)
    columns = [
        Column(_("Due"), 26),
        Column(_("Step"), 56),
        Column(_("Who"), 28),
        Column(_("Closes"), 24),
        Column(_("State"), 36),
    ]
    rows = [
        [
            on(part.due),
            part.title,
            part.owner,
            ", ".join(part.codes),
            str(states[part.status]) + (f", {_('overdue')}" if part.overdue else ""),
        ]
        for part in document.actions
    ]
    made.table(columns, rows, _("The steps of the plan, the next due first."))


def write_unknowns(made, document, told):
    columns = [Column(_("Req."), 20), Column(_("What has to be shown"), 66), Column(_("Worth up to"), 24), Column(_("Whom to ask, and what"), 60)]  # fmt: skip
    rows = [
        [
            answer.code,
            flagged(document, answer),
            _("%(points)s points") % {"points": decimal(points)},
            answer.prompts[0],
        ]
        for answer, points in told["unknowns"]
    ]
    made.table(columns, rows, _("What is not known, the heaviest first."))
    made.text(told["not_known"], "Small")


def write_doubts(made, document, told):
    columns = [Column(_("Req."), 20), Column(_("About"), 50), Column(_("What does not fit"), 100)]
    rows = [[doubt.code, doubt.short, doubt.sentence] for doubt in document.doubts]
    made.table(columns, rows, _("Answers that do not fit what is held beside them."))


def write_appendix(made, document, told):
    columns = [Column(_("Req."), 18), Column(_("What has to be shown"), 62), Column(_("Level"), 15), Column(_("Target"), 15), Column(_("Note"), 60)]  # fmt: skip
    for domain, summary in told["domains"]:
        made.heading(f"{domain.title} ({summary})", 2)
        rows = [
            [answer.code, flagged(document, answer), chip(answer.choice), str(answer.target), said(answer)]
            for item in domain.items
            for answer in item.answers
        ]
        made.table(columns, rows, _("Every requirement of the domain with its level, target and note."))


def said(answer):
    """The reason, the overruling, the note and the evidence, each on lines of its own."""
    lines = []
    if answer.reason:
        lines.append(". ".join(filter(None, (answer.reason, answer.reason_text))))
    if answer.overruled_because:
        told = {"shown": answer.shown, "because": answer.overruled_because}
        lines.append(_("Overruled: the metrics show level %(shown)s. %(because)s") % told)
    lines += filter(None, [answer.note])
    lines += [_("Evidence: %(held)s") % {"held": sentences.held_words(held)} for held in answer.held]
    return "\n".join(lines)


def write_method(made, document, told):
    made.text(_("The score of an item is the weighted mean of level ÷ 3 over the requirements that apply; domains and the whole weigh their items by points. Open and not known count as level 0 in the score and as level 3 in the ceiling. Percentages are rounded down."))  # fmt: skip
    made.text(_("Lost points = item points × share of weight × (target level − level) ÷ 3. Priority = lost points × urgency ÷ effort. Equal priorities keep the order of the standard."))  # fmt: skip
    names = [(_("Urgency, %s") % name, f"× {value}") for name, value in findings.urgency_factors(document)]
    names += [
        (_("Effort, %s") % name, f"÷ {value}") for name, value in findings.effort_factors(document.method)
    ]
    made.table([Column(_("Constant"), 110), Column(_("Factor"), 60)], names, _("The constants in force."))
    if told["example"]:
        made.text(
            _("%(code)s, worked: %(sum)s") % {"code": told["example"].code, "sum": told["example"].priority}
        )
    if told["stages"]:
        columns = [
            Column(_("What each stage takes"), 62),
            *(Column(stage, 108 // len(told["stages"])) for stage in told["stages"]),
        ]
        rows = [[row.name, *(need.text or "–" for need in row.needs)] for row in told["all_conditions"]]
        made.table(columns, rows, _("The conditions of each stage."))
    made.text(document.notice)
