"""Which of their organisations somebody works in at the moment: the lists that gather things are narrowed to it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.access import fetch
from assessments.models import Membership, Organisation

CHOSEN = "organisation"  # in the session


def chosen(request):
    """The id of the organisation chosen, or None for all of them. It ends with the membership."""
    pk = request.session.get(CHOSEN)
    if pk is None or Membership.objects.filter(user=request.user, organisation=pk).exists():
        return pk
    return None


@require_POST
def switch(request):
    """Choose one of one's organisations, or all of them."""
    asked = request.POST.get("organisation", "")
    if not asked:
        request.session.pop(CHOSEN, None)
        messages.success(request, _("Lists show all your organisations."))
        return redirect("home")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    organisation = fetch(Organisation.objects, request.user, pk=number)
    request.session[CHOSEN] = organisation.pk
    messages.success(request, _("Lists show %s.") % organisation)
    return redirect("home")
