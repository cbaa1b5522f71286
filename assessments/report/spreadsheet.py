"""The gaps as a table other programs open. Text is kept from being taken for a formula."""

import csv
import io
import re

from django.utils.translation import gettext as _

from assessments.report import blockers

# What makes a spreadsheet calculate: = + - @, tab and line ends, and the full-width forms Excel treats alike. Apostrophes,
# quotation marks and spaces before it may be dropped on reading.
SIGNS = "=+\\-@\t\uff1d\uff0b\uff0d\uff20"
STARTS = f"(?=['\" ]*[{SIGNS}\r\n])"
# Where ; or tab parts the cells, one also begins within a text, after those and after line ends. A line end there is an empty
# cell unless a quotation mark comes first; and behind the end of the text the file goes on with such a mark.
WITHIN = f"(?=['\" ]*(?:[{SIGNS}]|\\Z)|[' ]*\"['\" ]*[\r\n])"
FORMULA = re.compile(f"^{STARTS}|(?<=[;\t\r\n]){WITHIN}")
KEPT_FROM_IT = re.compile(f"^'{STARTS}|(?<=[;\t\r\n])'{WITHIN}")


def as_text(value):
    """`value` as a cell that is read, never calculated, whether , ; or tab parts the cells: text gets an apostrophe
    wherever a cell may begin with what starts a formula.

    So does text whose apostrophes are followed by that, so that `as_typed` gives the original back.
    """
    return FORMULA.sub("'", value) if isinstance(value, str) else value


def as_typed(text):
    """The original of a cell that `as_text` made."""
    return KEPT_FROM_IT.sub("", text)


def gap_columns(document):
    """(heading, value of a GapPart and the domain it belongs to) in the order of the columns."""
    return [
        (_("Rank"), lambda part, domain: part.gap.rank),
        (_("Requirement"), lambda part, domain: part.answer.code),
        (_("Key"), lambda part, domain: part.answer.key),
        (_("Domain"), lambda part, domain: domain.title),
        (_("Item"), lambda part, domain: part.answer.item_title),
        (_("What has to be shown"), lambda part, domain: part.answer.statement),
        (_("Scope"), lambda part, domain: part.answer.scope),
        (_("Level"), lambda part, domain: part.gap.level),
        (_("Target level"), lambda part, domain: part.gap.target),
        (
            blockers.name(document.leads_to_audit),
            lambda part, domain: _("yes") if part.gap.blocker else _("no"),
        ),
        (_("Fundamental"), lambda part, domain: _("yes") if part.answer.fundamental else _("no")),
        (_("Item points"), lambda part, domain: part.gap.points),
        (_("Share of weight"), lambda part, domain: round(part.gap.share, 6)),
        (_("Lost points"), lambda part, domain: round(part.gap.lost, 6)),
        (_("Urgency factor"), lambda part, domain: part.gap.urgency),
        (_("Effort"), lambda part, domain: part.gap.effort_size),
        (_("Effort divisor"), lambda part, domain: part.gap.effort),
        (_("Priority"), lambda part, domain: round(part.gap.priority, 6)),
        (_("Where it stands"), lambda part, domain: part.answer.stands_at),
        (_("Note"), lambda part, domain: part.answer.note),
        (_("Why it matters"), lambda part, domain: part.answer.why),
        (_("First step"), lambda part, domain: part.answer.first_step),
        (_("Done when"), lambda part, domain: part.answer.done_when),
        (
            _("What an auditor asks to see") if document.leads_to_audit else _("What to ask to see"),
            lambda part, domain: "; ".join(part.answer.evidence),
        ),
    ]


def gaps_csv(document):
    """The ranked gaps as CSV bytes: UTF-8 with its mark, without which Excel reads Č as two letters."""
    columns = gap_columns(document)
    domains = {item.code: domain for domain in document.domains for item in domain.items}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading for heading, _value in columns])
    for part in document.gaps:
        domain = domains[part.answer.item_code]
        writer.writerow([as_text(value(part, domain)) for _heading, value in columns])
    return out.getvalue().encode("utf-8-sig", "replace")
