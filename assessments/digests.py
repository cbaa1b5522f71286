"""One e-mail that tells a person everything that waits for them."""

from itertools import groupby

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Notice


def send(user, due, at):
    """Claim what is `due` for `user` and mail it; how many notices it tells. Raises what the mail server raises."""
    notices = due.claim(user, at)
    seen = set(
        Notice.objects.for_user(user).filter(pk__in=[n.pk for n in notices]).values_list("pk", flat=True)
    )
    told = [notice for notice in notices if notice.pk in seen]
    if not told or not user.is_active or user.digest == user.Digest.NEVER:
        return 0
    send_mail(subject(told), text(told), settings.DEFAULT_FROM_EMAIL, [user.email])
    Notice.objects.filter(pk__in=[notice.pk for notice in told]).update(sent_at=timezone.now())
    return len(told)


def subject(notices):
    """Names no organisation and no site: subjects show on locked screens."""
    return ngettext("copcready: %d thing for you", "copcready: %d things for you", len(notices)) % len(
        notices
    )


def text(notices):
    """Plain text, grouped by assessment. Never what an answer or its note says: e-mail is read by more than one."""
    groups = [
        (assessment, [(notice, address(notice)) for notice in of_assessment])
        for assessment, of_assessment in groupby(notices, key=lambda notice: notice.assessment)
    ]
    context = {"groups": groups, "settings_url": settings.SITE_URL + reverse("notices")}
    return render_to_string("assessments/digest.txt", context)


def address(notice):
    """Where it is looked at. Built from the setting: a request's Host header can be anybody's."""
    if notice.kind == Notice.Kind.REVIEW:
        path = reverse("reviews")
    elif notice.kind == Notice.Kind.COMMENT:
        path = reverse("answer-comments", args=[notice.answer_id])
    else:
        path = reverse("item", args=[notice.assessment_id, notice.item.code])
    return settings.SITE_URL + path


def failed(user, error):
    return _("The e-mail to %(user)s was not sent: %(error)s") % {"user": user.email, "error": error}
