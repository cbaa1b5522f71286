"""One's own account: what allauth has pages for is reached from here."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.accounts import NameForm
from assessments.models import Organisation, User
from assessments.second_factors import has_one


@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    form = NameForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        # Nothing else of the row: staff may have changed it since it was read.
        User.objects.filter(pk=request.user.pk).update(name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "form": form,
        "has_password": request.user.has_usable_password(),
        "secured": has_one(request.user),
        "organisations": Organisation.objects.for_user(request.user, any_factor=True),
    }
    return render(request, "account/account.html", context, status=422 if form.errors else 200)


@require_POST
def end_session(request, pk):
    """Sign out one browser of one's own."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    get_adapter().end_sessions([session])
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


@require_safe
def second_factor_done(request):
    """Back to the page that asked for a second factor."""
    place = request.session.pop("after_second_factor", "")
    if url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        return redirect(place)
    return redirect("home")
