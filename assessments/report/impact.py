"""Impact against effort, drawn from a document: on paper and on a screen."""

from django.utils.translation import gettext as _

from assessments.report import paper, scatter

SMALL = {"width": 320, "height": 400}  # fits a phone; what is named on paper stands beside it


def drawing(document, palette, *, width=635, height=470):
    """The gaps of a document as SVG text, the first of them by name, or where it is small by rank alone. `document` has gaps."""
    first = paper.first_gaps(document)
    after = document.gaps[len(first) :]
    line = (first[-1].gap.priority + after[0].gap.priority) / 2 if after else None
    small = width <= SMALL["width"]
    above = _("above: the first %(count)s") if small else _("above the line: the first %(count)s")
    words = (_("Impact"), above % {"count": len(first)})
    title = _("%(gaps)s gaps by impact and effort; highest are %(codes)s.") % {
        "gaps": len(document.gaps),
        "codes": paper.codes([part.answer for part in first[:3]]),
    }
    bands = _bands(document.method, small=small)
    named = {part.gap.key for part in first}
    marks = [_mark(part, part.gap.key in named) for part in document.gaps]
    return scatter.scatter(
        marks, bands, line, words, title, palette, width=width, height=height, names=not small
    )


def _mark(part, named):
    return scatter.Mark(
        rank=part.gap.rank,
        label=part.answer.code if named else "",
        band="SML".index(part.gap.effort_size),
        impact=part.gap.lost * part.gap.urgency,
        blocker=part.gap.blocker,
    )


def _bands(method, *, small):
    """The columns; in a small one their words fit a third of its width."""
    if small:
        words = [
            (_("Small"), _("under 5 days")),
            (_("Medium"), _("5 to 20 days")),
            (_("Large"), _("over 20 days")),
        ]
    else:
        words = [
            (_("Small effort"), _("under 5 person-days")),
            (_("Medium effort"), _("5 to 20 person-days")),
            (_("Large effort"), _("more than 20 person-days")),
        ]
    efforts = (method.effort_small, method.effort_medium, method.effort_large)
    return [scatter.Band(*told, effort) for told, effort in zip(words, efforts, strict=True)]
