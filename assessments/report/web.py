"""The whole report as one page of HTML: what its templates see, and the page as a file that needs nothing besides itself."""

from django.conf import settings
from django.template.loader import render_to_string

from assessments.models import Action
from assessments.report import charts, pages, roadmap_picture
from assessments.report.plain import printable

FOLDER = "assessments/report_page"
STYLES = ("tokens.css", "site.css", "report-page.css")


def context(document):
    """Everything the templates print. Nothing here reads the database or the clock."""
    told = pages.context(document)
    sections = told["sections"]
    road, states = document.roadmap, dict(Action.Status.choices)
    return told | {
        "screen": charts.SCREEN,
        "sections": sections,
        "parts": [(section, f"{FOLDER}/{section.key}.html") for section in sections],
        "road_texts": [
            text for text in (road.sets, road.aimed, road.earlier, road.later, road.after) if text
        ],
        "road_groups": roadmap_picture.grouped(road, document.leads_to_audit),
        "steps": [(part, states[part.status]) for part in document.actions],
    }


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
