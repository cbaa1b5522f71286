"""The whole report as one page of HTML: what its templates see, and the page as a file that needs nothing besides itself."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Action
from assessments.report import charts, pages
from assessments.report.paper import Section
from assessments.report.plain import printable

FOLDER = "assessments/report_page"
PARTS = ("answer", "results", "heatmap", "impact", "gaps", "cards", "plan", "unknowns", "doubts", "appendix", "method")  # fmt: skip
STYLES = ("tokens.css", "site.css", "report-page.css")


def context(document):
    """Everything the templates print. Nothing here reads the database or the clock."""
    told = pages.context(document)
    sections = [section for section in with_plan(document, told["sections"]) if section.key in PARTS]
    states = dict(Action.Status.choices)
    return told | {
        "screen": charts.SCREEN,
        "sections": sections,
        "parts": [(section, f"{FOLDER}/{section.key}.html") for section in sections],
        "steps": [(part, states[part.status]) for part in document.actions],
    }


def with_plan(document, sections):
    """The sections of the paper with the plan before the appendix, where there is one and the paper has no section for it."""
    if not document.actions or any(section.key == "plan" for section in sections):
        return sections
    number = str(sum(section.number.isdigit() for section in sections) + 1)
    title = ngettext("%(count)s step is planned", "%(count)s steps are planned", len(document.actions))
    plan = Section("plan", number, _("Plan"), title % {"count": len(document.actions)})
    numbered = [section for section in sections if section.number.isdigit()]
    return [*numbered, plan, *sections[len(numbered) :]]


def alone(document):
    """The page as UTF-8 bytes that need no server: with its styles inside, in the fonts of the machine it is opened on."""
    text = render_to_string(f"{FOLDER}/alone.html", context(document))
    folder = settings.BASE_DIR / "static" / "css"
    styles = "\n".join((folder / name).read_text(encoding="utf-8") for name in STYLES)
    return printable(text.replace("</head>", f"<style>{without_faces(styles)}</style></head>", 1)).encode()


def without_faces(styles):
    """Style sheets without the fonts, which a file that travels alone does not find."""
    pieces = styles.split("@font-face {")
    return pieces[0] + "".join(piece.partition("}")[2] for piece in pieces[1:])
