"""Which of their organisations somebody works in at the moment: the lists that gather things are narrowed to it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.access import fetch
from assessments.models import Organisation
from standards.text import whole_number

CHOSEN = "organisation"  # in the session


def chosen(request):
    """The organisation chosen, or None for all of them. It ends when the person sees nothing of it any more."""
    pk = request.session.get(CHOSEN)
    return None if pk is None else Organisation.objects.for_user(request.user).filter(pk=pk).first()


@require_POST
def switch(request):
    """Choose one of one's organisations, or all of them; then back to the page where it was chosen."""
    asked = request.POST.get("organisation", "")
    if not asked:
        request.session.pop(CHOSEN, None)
        messages.success(request, _("Lists show all your organisations."))
        return _back(request)
    organisation = fetch(Organisation.objects, request.user, pk=whole_number(asked))
    request.session[CHOSEN] = organisation.pk
    messages.success(request, _("Lists show %s.") % organisation)
    return _back(request)


def _back(request):
    """The page of ours that is named as the next, or the first page."""
    named = request.POST.get("next", "")
    if named.startswith("/") and url_has_allowed_host_and_scheme(named, allowed_hosts=None):
        return HttpResponseRedirect(named)
    return redirect("home")
