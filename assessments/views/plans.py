"""The action plan of an assessment: as a list and as a board, with new actions and changes to several at once."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, MANAGE, can, fetch
from assessments.forms.actions import ActionForm, ChangeAllForm, is_gap, suggested
from assessments.forms.answers import read_seen
from assessments.models import Action, ActionConflict, Assessment
from assessments.report import action_plan, document
from assessments.views.gap_filters import narrowed

BOARD = "board"
FILTERS = ("owner", "domain", "status", "late")


@require_safe
def plan(request, pk):
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    found = document.build(assessment.up_to_date(), as_of=assessment.site.today())
    rows = action_plan.rows(found)
    board = request.GET.get("view") == BOARD
    kept = [("view", BOARD)] if board else []
    shown, filters = narrowed(rows, _tests(found, rows), request.GET, kept)
    usable = not assessment.reading_only
    may_change_all = usable and can(assessment.role, MANAGE)
    context = {
        "assessment": assessment,
        "tab": "plan",
        "document": found,
        "title": action_plan.finding(found),
        "again": action_plan.to_answer_again(rows),
        "all": rows,
        "rows": shown,
        "columns": action_plan.columns(shown) if board else [],
        "filters": filters,
        "board": board,
        "views": [(_("List"), _link({}, request.GET), not board), (_("Board"), _link({"view": BOARD}, request.GET), board)],
        "back": _link({"view": BOARD} if board else {}, request.GET),
        "statuses": Action.Status.choices,
        "may_edit": usable and can(assessment.role, ANSWER),
        "change_all": ChangeAllForm(assessment) if may_change_all and rows else None,
    }  # fmt: skip
    return render(request, "assessments/plan.html", context)


def _tests(found, rows):
    """Filter -> its name and choices, as `narrowed` takes them; what no action has is not offered."""
    owners = dict.fromkeys(row.part.owner for row in rows)
    named = {owner or "-": owner or _("Nobody yet") for owner in sorted(owners, key=lambda name: (not name, name))}  # fmt: skip
    touched = {closing.domain for row in rows for closing in row.closes}
    statuses = {row.status for row in rows}
    return {
        "owner": (
            _("Owner"),
            {key: (name, lambda row, key=key: (row.part.owner or "-") == key) for key, name in named.items()},
        ),
        "domain": (
            _("Domain"),
            {
                d.code: (d.title, lambda row, code=d.code: code in {c.domain for c in row.closes})
                for d in found.domains
                if d.code in touched
            },
        ),
        "status": (
            _("Status"),
            {
                status.value: (status.label, lambda row, status=status: row.status == status)
                for status in Action.Status
                if status in statuses
            },
        ),
        "late": (_("Due"), {"yes": (_("Overdue"), lambda row: row.part.overdue)}),
    }


def _link(view, query):
    """The page with `view` and the filters that `query` chooses."""
    return "?" + urlencode(view | {name: query[name] for name in FILTERS if query.get(name)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    """A new action. A POST that names only a gap makes one at once, in the words of its requirement."""
    assessment = fetch(Assessment.objects.with_names(), request.user, ANSWER, pk=pk)
    if assessment.reading_only:
        raise PermissionDenied(assessment.reading_only)
    gap = _gap(assessment, request.POST.get("gap") or request.GET.get("gap"))
    if request.method == "POST" and gap and "title" not in request.POST:
        return _plan_it(request, gap)
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        instance=Action(assessment=assessment),
        initial=suggested(gap) if gap else {},
        chosen=[gap.pk] if gap else (),
    )
    if request.method == "POST" and form.is_valid():
        made = form.save(by=request.user)
        messages.success(request, _("“%s” is in the plan.") % made)
        return redirect(reverse("plan", args=[pk]) + f"#action-{made.pk}")
    context = {"assessment": assessment, "tab": "plan", "form": form}
    return render(request, "assessments/action_add.html", context, status=422 if form.errors else 200)


def _gap(assessment, text):
    """The answer of that id in the assessment, with its requirement; None where none is asked for."""
    if not text:
        return None
    found = [answer for answer in assessment.sheet() if str(answer.pk) == text]
    if not found:
        raise Http404
    return found[0]


def _plan_it(request, gap):
    if not is_gap(gap):
        messages.warning(request, _("That answer is not below its target, so there is no gap to plan for."))
        return redirect("gaps", gap.assessment_id)
    action, made = Action.objects.plan(gap, by=request.user, **suggested(gap))
    if made:
        said = _("It is in the plan, in the words of the requirement. Say who does it and by when.")
    else:
        said = _("This gap has an action already. Here it is.")
    messages.success(request, said)
    return redirect("action", action.pk)


@require_POST
def change_all(request, pk):
    """What would change, with a button; then the change, all of it or nothing."""
    assessment = fetch(Assessment.objects.with_names(), request.user, MANAGE, pk=pk)
    if assessment.reading_only:
        raise PermissionDenied(assessment.reading_only)
    form = ChangeAllForm(assessment, request.POST)
    if not form.is_valid():
        return _change_all_page(request, form, 422)
    if "confirm" not in request.POST:
        return _change_all_page(request, form, 200)
    seen = read_seen(request.POST.get("seen", ""))
    versions = {action.pk: seen.get(action.pk, -1) for action in form.cleaned_data["action"]}
    try:
        count = Action.objects.change_all(assessment, versions, form.values, by=request.user)
    except ActionConflict:
        messages.warning(
            request, _("Somebody changed one of these meanwhile. Nothing was changed yet: look again.")
        )
        return _change_all_page(request, ChangeAllForm(assessment, request.POST), 409)
    said = ngettext("%d action is changed.", "%d actions are changed.", count) % count
    messages.success(request, said if count else _("Nothing was changed."))
    return redirect("plan", pk)


def _change_all_page(request, form, status):
    valid = form.is_valid()
    context = {
        "assessment": form.assessment,
        "tab": "plan",
        "form": form,
        "ticked": form.ticked,
        "summary": form.summary() if valid else [],
        "seen": ".".join(f"{a.pk}:{a.version}" for a in form.cleaned_data["action"]) if valid else "",
    }
    return render(request, "assessments/plan_change.html", context, status=status)
