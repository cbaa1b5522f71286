"""Sending items for review, deciding, and what waits for whom."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import ANSWER, MANAGE, REVIEW, SEE, can, fetch, roles_that
from assessments.forms.reviews import DecideForm, SubmitForm, reviewers
from assessments.models import Activity, Assessment, Notice, Review, Verb
from assessments.models.notices import take_back, tell
from assessments.models.progress import progress
from assessments.models.reviews import states
from assessments.views.switching import chosen

MOST_LISTED = 100  # of one kind; who has more to do than that needs no longer page
MOST_IN_BAND = 6


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request, pk):
    """Choose items, a reviewer and a day."""
    assessment = fetch(Assessment.objects.with_names(), request.user, ANSWER, pk=pk)
    if assessment.reading_only:
        raise PermissionDenied(assessment.reading_only)
    whole = progress(assessment)
    whole = whole.with_reviews(states(assessment, whole.versions))
    ticked = request.GET.getlist("item") + request.GET.getlist("domain")
    data = request.POST if request.method == "POST" else None
    form = SubmitForm(assessment, whole, request.user, data, ticked)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made, refused = form.save()
            if made:
                codes = ", ".join(each.item.code for each in made)
                Activity.objects.about(assessment, Verb.REVIEW_SENT, codes, by=request.user)
        tell_reviewers(assessment, made, request.user)
        if refused:
            codes = ", ".join(item.code for item in refused)
            messages.warning(request, _("Not sent, because something in it is open: %s.") % codes)
        messages.success(request, _sent(len(made)))
        return redirect(assessment)
    context = {"assessment": assessment, "form": form, "tab": "questionnaire"}
    return render(request, "assessments/review_submit.html", context, status=422 if form.errors else 200)


def tell_reviewers(assessment, made, by):
    """A notice for whoever is asked to decide the reviews in `made`."""
    anybody = list(reviewers(assessment.site)) if any(not each.reviewer for each in made) else []
    for each in made:
        people = [each.reviewer] if each.reviewer else anybody
        tell(people, Notice.Kind.REVIEW, assessment, by=by, item=each.item, text=each.message)


def _tell_sender(found, by):
    kind = Notice.Kind.AGREED if found.outcome == Review.Outcome.AGREED else Notice.Kind.CHANGES
    tell([found.submitted_by], kind, found.assessment, by=by, item=found.item, text=found.verdict)


def _sent(count):
    if not count:
        return _("Nothing new was sent for review.")
    return ngettext("%d item is sent for review.", "%d items are sent for review.", count) % count


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk):
    """One item as its reviewer looks at it; with POST, their decision."""
    found = _review(request, pk, REVIEW if request.method == "POST" else SEE)
    answers = found.assessment.sheet(found.item.code)
    form = DecideForm(found, answers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save(by=request.user)
                agreed = found.outcome == Review.Outcome.AGREED
                _note(found, Verb.REVIEW_AGREED if agreed else Verb.REVIEW_CHANGES, request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
            found.refresh_from_db(fields=["outcome", "decided_by", "decided_at", "verdict"])
        else:
            _tell_sender(found, request.user)
            messages.success(request, _decided(found))
            return redirect("reviews")
    return _page(request, found, form)


def _page(request, found, form):
    sent_by_reader = found.submitted_by_id == request.user.pk
    usable = not found.outcome and not found.assessment.reading_only
    context = {
        "assessment": found.assessment,
        "tab": "questionnaire",
        "review": found,
        "form": form,
        "changed": found.changed_since() if usable else set(),
        "findings": {finding.answer_id: finding for finding in found.findings.all()},
        "may_decide": usable and can(found.role, REVIEW) and not sent_by_reader,
        "may_withdraw": usable and _may_withdraw(found, request.user),
        "sent_by_reader": sent_by_reader,
    }
    with timezone.override(found.assessment.site.time_zone):
        return render(request, "assessments/review.html", context, status=422 if form.errors else 200)


def _decided(found):
    words = {"code": found.item.code, "title": found.item.title}
    if found.outcome == Review.Outcome.AGREED:
        return _("%(code)s %(title)s: agreed.") % words
    return _("%(code)s %(title)s: changes asked.") % words


def _review(request, pk, ability):
    """The review, with the role of the person in its assessment too."""
    found = fetch(Review.objects.with_names(), request.user, ability, pk=pk)
    found.assessment.role = found.role
    return found


def _note(found, verb, by):
    Activity.objects.about(found.assessment, verb, found.item.code, by=by)


def _may_withdraw(found, user):
    return can(found.role, MANAGE) or (found.submitted_by_id == user.pk and can(found.role, ANSWER))


@require_POST
def withdraw(request, pk):
    """Take it back, undecided: whoever sent it, or a manager."""
    found = _review(request, pk, ANSWER)
    if not _may_withdraw(found, request.user):
        raise PermissionDenied(_("Only whoever sent it, or a manager, can take it back."))
    try:
        with transaction.atomic():
            found.withdraw(by=request.user)
            _note(found, Verb.REVIEW_WITHDRAWN, request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("review", pk)
    take_back(Notice.Kind.REVIEW, found.assessment, found.item)
    messages.success(
        request, _("Taken back: %(code)s waits for no review any more.") % {"code": found.item.code}
    )
    return redirect("item", found.assessment_id, found.item.code)


@require_safe
def mine(request):
    """What waits for the person, what came back to them, and what they sent."""
    organisation = chosen(request)
    sent = Review.objects.for_user(request.user).within(organisation).with_names().in_use().undecided()
    context = {
        **_to_do(request.user, organisation),
        "chosen": organisation,
        "sent": sent.filter(submitted_by=request.user).order_by("due", "pk")[:MOST_LISTED],
    }
    return render(request, "assessments/reviews.html", context)


def waiting_for(user, organisation=None):
    """What `user` can decide in one of their organisations or in all, the most urgent first."""
    mine = Review.objects.for_user(user).within(organisation).filter(role__in=roles_that(REVIEW))
    return mine.waiting_for(user).with_names()


def came_back_to(user, organisation=None):
    """What `user` sent and has to look at again."""
    return Review.objects.for_user(user).within(organisation).came_back_to(user).with_names()


def _to_do(user, organisation):
    """The two lists, and how many are in them for the navigation."""
    waiting = list(waiting_for(user, organisation)[:MOST_LISTED])
    came_back = list(came_back_to(user, organisation)[:MOST_LISTED])
    return {"waiting": waiting, "came_back": came_back, "open_reviews": len(waiting) + len(came_back)}


def band(user, organisation=None):
    """The same, with the beginnings of the lists, as the first page shows them."""
    whole = _to_do(user, organisation)
    return whole | {name: whole[name][:MOST_IN_BAND] for name in ("waiting", "came_back")}


def band_of(assessment, user, found):
    """The two lists of one assessment out of its `states`, without a query."""
    if assessment.reading_only:
        return {}
    reviews = [(state.status, state.review) for state in found.values()]
    return {
        "waiting": [
            review
            for status, review in reviews
            if status == "to-review"
            and can(assessment.role, REVIEW)
            and review.submitted_by_id != user.pk
            and review.reviewer_id in (None, user.pk)
        ],
        "came_back": [
            review
            for status, review in reviews
            if status == "changes-asked" and review.submitted_by_id == user.pk
        ],
    }
