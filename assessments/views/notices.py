"""How often somebody hears of things, and what waits to be told."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.notices import NoticesForm
from assessments.models import Notice

MOST_LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request):
    form = NoticesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        # Nothing else of the row: staff may have changed it since it was read.
        request.user.save(update_fields=["digest"])
        messages.success(request, _("Saved."))
        return redirect("notices")
    waiting = Notice.objects.for_user(request.user).filter(user=request.user).unsent().with_names()
    context = {"form": form, "waiting": waiting.order_by("-at")[:MOST_LISTED]}
    return render(request, "assessments/notices.html", context, status=422 if form.errors else 200)
