"""To the provider and back, and what an account is connected with. Loaded only where single sign-on is set up."""

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_safe

from assessments.sso.adapter import log, stopped
from assessments.sso.provider import Conversation

RATE = "60/m/ip"  # a whole floor may sign in from one address at the start of a shift
NONCE_LENGTH = 32  # characters of 62 kinds


def too_many(request, step):
    """A page that says so, or None."""
    action = f"sso-{step}"
    used = ratelimit.consume(request, app="copcready", action=action, config={action: RATE}, limit_get=True)
    return None if used else ratelimit.respond_429(request)


def failed(request, error):
    log.warning("single sign-on failed: %s", error)
    return stopped(request, "unreachable")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request):
    """Off to the provider, by way of a page: our policy lets no form lead to another host, and rightly."""
    if request.method != "POST":
        return redirect("account_login")
    if refused := too_many(request, "begin"):
        return refused
    nonce = get_random_string(NONCE_LENGTH)
    provider = get_adapter().get_provider(request, "sso")
    try:
        response = provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except OAuth2Error as error:
        return failed(request, error)
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(
        request, "account/sso_leave.html", {"address": response.url, "provider": settings.SINGLE_SIGN_ON}
    )


class Return(OAuth2CallbackView):
    """allauth's, which tells the conversation what this browser was sent out with."""

    def _get_state(self, request, provider):
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce")
        return state, response


@login_not_required
@require_safe
def come_back(request):
    if refused := too_many(request, "return"):
        return refused
    if request.GET.get("error") == Conversation.login_cancelled_error:
        # Whoever says so, also without the state that some providers forget here.
        return stopped(request, "cancelled")
    try:
        return Return.adapter_view(Conversation(request, "sso"))(request)
    except OAuth2Error as error:
        return failed(request, error)
    except IntegrityError:  # the same person twice at once: the other request made the account
        return stopped(request, "failed")


@require_http_methods(["GET", "HEAD", "POST"])
def connections(request):
    form = DisconnectForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("sso-connections")
    context = {
        "form": form,
        "found": SocialAccount.objects.filter(user=request.user).order_by("date_joined"),
        "provider": (provider := settings.SINGLE_SIGN_ON),
        "only": provider.only and provider.covers(request.user.email),
    }
    return render(request, "account/sso_connections.html", context, status=422 if form.errors else 200)
