"""What a critical requirement at level 0 or 1 is called: it blocks an audit, and where none is ahead it is an urgent gap."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.report.words import counted


def name(leads_to_audit):
    return _("Blocker") if leads_to_audit else _("Urgent gap")


def names(leads_to_audit):
    return _("Blockers") if leads_to_audit else _("Urgent gaps")


def in_line(leads_to_audit):
    """The same inside a sentence or beside a figure."""
    return _("blocker") if leads_to_audit else _("urgent gap")


def number(count, leads_to_audit):
    """One blocker, two urgent gaps."""
    if leads_to_audit:
        text = ngettext("%(count)s blocker", "%(count)s blockers", count)
    else:
        text = ngettext("%(count)s urgent gap", "%(count)s urgent gaps", count)
    return text % {"count": counted(count)}
