"""An organisation and the people in it."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import MANAGE, OWN, can, fetch
from assessments.forms.people import LeavingForm, PlaceForm
from assessments.forms.sites import OrganisationForm
from assessments.models import Activity, Membership, Organisation, Role, User, memberships
from assessments.models.activity import Verb
from assessments.models.people import SECOND_FACTORS

# What an organisation may keep and send is limited for each, so their number is too.
A_DAY = {"organisations": "10/d/key"}


@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _may_make_another(request, form):
        with transaction.atomic():
            if twin := Organisation.objects.just_made(form.cleaned_data["name"], by=request.user):
                return redirect("site-add", twin.pk)
            organisation = form.save()
            Membership.objects.create(organisation=organisation, user=request.user, role=Role.OWNER)
            Activity.objects.record(organisation, Verb.ORGANISATION_CREATED, organisation, by=request.user)
        messages.success(request, _("%s is created and you own it. Now add its first site.") % organisation)
        return redirect("site-add", organisation.pk)
    return render(
        request, "assessments/organisation_add.html", {"form": form}, status=422 if form.errors else 200
    )


def _may_make_another(request, form):
    """Count one organisation more, or let the form say that it is one too many."""
    key = str(request.user.pk)
    if ratelimit.consume(request, app="copcready", action="organisations", config=A_DAY, key=key):
        return True
    form.add_error(
        "name", _("You created 10 organisations within a day, which is the most. Create this one tomorrow.")
    )
    return False


@require_safe
def people(request, pk):
    """Everybody in it; for somebody who works in some sites, those who work there too, and the owners."""
    organisation = fetch(Organisation.objects, request.user, pk=pk)
    rows = memberships.members_of(organisation)
    mine = next((row for row in rows if row.user_id == request.user.pk), None)
    if mine is None:  # removed between the two queries
        raise Http404
    if mine.limited:
        rows = [row for row in rows if row.role == Role.OWNER or _meets(mine, row)]
    for row in rows:
        row.shown_sites = _shared(mine, row)
    manages = can(mine.role, MANAGE) and not mine.limited
    invitations = list(organisation.invitations.waiting().prefetch_related("sites")) if manages else []
    givers = {row.user_id: memberships.may_give(row) for row in rows if row.user.is_active}
    for invitation in invitations:  # nobody gives what was taken from them since
        invitation.is_void = invitation.role not in givers.get(invitation.invited_by_id, ())
    context = {
        "organisation": organisation,
        "tab": "people",
        "rows": rows,
        "mine": mine,
        "manages": manages,
        "touches": memberships.may_give(mine),
        "factors": _with_factor(rows) if can(mine.role, OWN) else None,
        "invitations": invitations,
    }
    return render(request, "assessments/organisation.html", context)


def _meets(mine, other):
    """Do both work in one of the sites?"""
    return not other.limited or _shared(mine, other)


def _shared(mine, other):
    """The sites that `other` is limited to, as far as `mine` may know that there are such sites."""
    theirs = list(other.sites.all())
    return [site for site in theirs if site in mine.sites.all()] if mine.limited else theirs


def _with_factor(rows):
    """The ids of those who have a second factor."""
    asked = User.objects.filter(pk__in=[row.user_id for row in rows], authenticator__type__in=SECOND_FACTORS)
    return set(asked.values_list("pk", flat=True))


def _person(request, pk, number):
    """The organisation, a membership of it, and that of whoever asks. Everybody reaches their own, managers all of them."""
    organisation = fetch(Organisation.objects, request.user, pk=pk)
    mine = own_membership(organisation, request.user)
    if number != mine.pk:
        organisation = fetch(Organisation.objects, request.user, MANAGE, pk=pk)
    return organisation, _membership(organisation, number), mine


def own_membership(organisation, user):
    """Raises Http404 where somebody ended it since the organisation was fetched."""
    return get_object_or_404(organisation.memberships, user=user)


def _membership(organisation, number):
    row = organisation.memberships.select_related("user", "organisation").filter(pk=number).first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk, number):
    """What somebody may do and where; with POST, changed."""
    organisation, row, mine = _person(request, pk, number)
    given = memberships.may_give(mine)
    initial = {"role": row.role, "where": "some" if row.limited else "every", "sites": list(row.sites.all())}
    sent = request.POST if request.method == "POST" else None
    form = PlaceForm(organisation, given, sent, initial=initial)
    changes = row.role in given and (row != mine or row.role == Role.OWNER)
    if request.method == "POST" and changes and form.is_valid():
        try:
            count = memberships.change(row, by=request.user, **form.given())
        except memberships.Refused as reason:
            form.add_error("role", str(reason))
        else:
            messages.success(
                request, _("Saved. It holds from now on, also where %s is signed in already.") % row.user
            )
            if count:
                messages.info(request, memberships.freed(row.user, count))
            return redirect("organisation", pk)
    context = {
        "organisation": organisation,
        "tab": "people",
        "row": row,
        "mine": mine,
        "form": form,
        "changes": changes,
    }
    return render(request, "assessments/person.html", context, status=_status(request, changes, form))


def _status(request, changes, form):
    if request.method == "POST" and not changes:
        return 403
    return 422 if changes and form.errors else 200


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk, number):
    """End a membership, one's own or somebody else's, after saying what is left behind."""
    organisation, row, mine = _person(request, pk, number)
    if row != mine and row.role not in memberships.may_give(mine):
        raise PermissionDenied(_("Only an owner can remove an owner."))
    form = LeavingForm(memberships.heirs(row), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not _tried(request, memberships.remove, row, by=request.user, heir=form.cleaned_data["heir"]):
            return redirect("organisation", pk)
        if row == mine:
            messages.success(request, _("You left %s.") % organisation)
            return redirect("home")
        messages.success(
            request, _("%s is removed and sees nothing of the organisation any more.") % row.user
        )
        return redirect("organisation", pk)
    context = {
        "organisation": organisation,
        "tab": "people",
        "row": row,
        "mine": mine,
        "form": form,
        "left": memberships.left_behind(organisation, row.user, request.user),
        "last_owner": memberships.is_last_owner(row),
    }
    return render(request, "assessments/person_remove.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, pk, number):
    """Make somebody an owner, and stay one or not."""
    organisation = fetch(Organisation.objects, request.user, OWN, pk=pk)
    row = _membership(organisation, number)
    if request.method == "POST":
        stays = request.POST.get("stay") == "on"
        if _tried(request, memberships.hand_over, row, by=request.user, stays_owner=stays):
            messages.success(
                request,
                _("%(person)s owns %(organisation)s now.")
                % {"person": row.user, "organisation": organisation},
            )
        return redirect("organisation", pk)
    context = {"organisation": organisation, "tab": "people", "row": row}
    return render(request, "assessments/person_hand_over.html", context)


def _tried(request, do, *args, **kwargs):
    """Was it done? Otherwise the next page says why not."""
    try:
        do(*args, **kwargs)
    except memberships.Refused as reason:
        messages.error(request, str(reason))
        return False
    return True
