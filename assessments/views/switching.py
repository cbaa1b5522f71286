"""Which of their organisations somebody works in at the moment: the lists that gather things are narrowed to it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.access import fetch
from assessments.models import Organisation

CHOSEN = "organisation"  # in the session


def chosen(request):
    """The id of the organisation chosen, or None for all of them. It ends when the person sees nothing of it any more."""
    pk = request.session.get(CHOSEN)
    seen = pk is not None and Organisation.objects.for_user(request.user).filter(pk=pk).exists()
    return pk if seen else None


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
