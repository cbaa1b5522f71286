"""One action of a plan: its page, its status, what is left when it is done, and taking it out."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, MANAGE, SEE, can, fetch
from assessments.forms.actions import ActionForm, MoveForm
from assessments.models import Action, ActionConflict, Activity, Verb
from assessments.report import action_plan, document

DONE = Action.Status.DONE


@require_http_methods(["GET", "HEAD", "POST"])
def action(request, pk):
    """Its fields, to change or to read."""
    found = _fetch(request, pk, ANSWER if request.method == "POST" else SEE)
    title, status = str(found), found.status  # as stored: the form writes into what it is given
    form = ActionForm(request.POST if request.method == "POST" else None, instance=found)
    theirs, differences = None, []
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user)
        except ActionConflict as conflict:
            theirs, differences = conflict.stored, form.differences(conflict.stored)
            form.data = form.data.copy()
            form.data["version"] = theirs.version
        except Action.DoesNotExist:
            form.add_error(None, _("Somebody deleted this action meanwhile, so nothing was saved. What you wrote is still below."))  # fmt: skip
        else:
            messages.success(request, _("“%s” is saved.") % form.cleaned_data["title"])
            return _after(found, form.cleaned_data["status"], status, "")
    context = {
        "assessment": found.assessment,
        "tab": "plan",
        "action": found,
        "title": title,
        "form": form,
        "theirs": theirs,
        "differences": differences,
        "may_edit": can(found.role, ANSWER) and not found.assessment.reading_only,
        "may_delete": can(found.role, MANAGE) and not found.assessment.reading_only,
        "closes": [(answer, still) for _domain, answers, _ticked in form.gaps() for answer, ticked, still in answers if ticked],
    }  # fmt: skip
    with timezone.override(found.assessment.site.time_zone):
        page_status = 409 if theirs else 422 if form.errors else 200
        return render(request, "assessments/action.html", context, status=page_status)


def _fetch(request, pk, ability=SEE):
    """The action, with the role of the person in its assessment too. Writing asks that it can still be changed."""
    found = fetch(Action.objects.with_names(), request.user, ability, pk=pk)
    found.assessment.role = found.role
    if request.method == "POST" and found.assessment.reading_only:
        raise PermissionDenied(found.assessment.reading_only)
    return found


def _after(found, status, before, query):
    """Where to go: what was just done leads to the gaps it should have closed."""
    if status == DONE and before != DONE:
        return redirect("action-done", found.pk)
    return redirect(reverse("plan", args=[found.assessment_id]) + query + f"#action-{found.pk}")


@require_POST
def move(request, pk):
    """Another status, from the list or the board."""
    found = _fetch(request, pk, ANSWER)
    form, query = MoveForm(request.POST), _query(request.POST.get("back", ""))
    if not form.is_valid():
        messages.warning(request, _("Choose a status. Nothing was changed."))
        return _after(found, found.status, found.status, query)
    status, seen = form.cleaned_data["status"], form.cleaned_data["seen"]
    try:
        changed = found.move(status, seen=seen, by=request.user)
    except Action.DoesNotExist:
        messages.warning(request, _("Somebody deleted “%s” meanwhile. Nothing was changed.") % found)
        return redirect("plan", found.assessment_id)
    except ActionConflict as conflict:
        who = conflict.stored.changed_by or _("Somebody")
        words = {"who": who, "action": found, "status": conflict.stored.get_status_display()}
        messages.warning(
            request, _("%(who)s set “%(action)s” to “%(status)s” meanwhile. It was left so.") % words
        )
        return _after(found, found.status, found.status, query)
    if changed:
        words = {"action": found, "status": Action.Status(status).label}
        messages.success(request, _("“%(action)s”: %(status)s.") % words)
    return _after(found, status, seen, query)


def _query(text):
    """A query of the plan's page made anew from `text`, which anybody may have written."""
    pairs = parse_qsl(text.removeprefix("?")[:500], max_num_fields=None)
    kept = [(name, value) for name, value in pairs if name in ("view", "owner", "domain", "status", "late")]
    return "?" + urlencode(kept) if kept else ""


@require_safe
def done(request, pk):
    """The gaps it should have closed, as they stand, and where to answer them again."""
    found = _fetch(request, pk)
    assessment = found.assessment
    whole = document.build(assessment.up_to_date(), as_of=assessment.site.today())
    [row] = [row for row in action_plan.rows(whole) if row.part.id == found.pk]
    context = {
        "assessment": assessment,
        "tab": "plan",
        "action": found,
        "row": row,
        "open": [closing for closing in row.closes if closing.open],
        "may_edit": can(found.role, ANSWER) and not assessment.reading_only,
    }
    return render(request, "assessments/action_done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, pk):
    """Ask once, then take out what was planned by mistake."""
    found = _fetch(request, pk, MANAGE)
    if found.assessment.reading_only:
        raise PermissionDenied(found.assessment.reading_only)
    if request.method == "POST":
        title = str(found)
        with transaction.atomic():
            found.remove()
            Activity.objects.about(found.assessment, Verb.ACTION_DELETED, title, by=request.user)
        messages.success(request, _("“%s” is deleted.") % title)
        return redirect("plan", found.assessment_id)
    context = {"assessment": found.assessment, "tab": "plan", "action": found}
    return render(request, "assessments/action_delete.html", context)
