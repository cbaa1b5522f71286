"""Who gets in by single sign-on. The provider says who somebody is; what that is good for here is decided here."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from assessments import access
from assessments.models import User

# The standard's claim counts where it is sent. Entra ID sends none; `xms_edov` is how it says that the owner of the domain
# has shown that it is theirs. Some providers send text for a yes.
SAYS_VERIFIED = ("email_verified", "xms_edov")
YES = (True, 1, "true", "1")


def verified_address(claims):
    """The e-mail address that the provider says is verified, in small letters; empty where it says so of none."""
    address = claims.get("email")
    said = next((claims[name] for name in SAYS_VERIFIED if name in claims), False)
    if not isinstance(address, str) or said not in YES:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address.lower() if len(address) <= User._meta.get_field("email").max_length else ""


def account_of(address):
    """The account that signs in with the address, or None."""
    found = User.objects.filter(email__iexact=address) if address else ()
    # What a database takes for the same letter need not be: a dotless i is no i.
    return next((user for user in found if user.email.lower() == address), None)


def refusal(address, account, *, uid):
    """Why somebody with this verified `address` does not get in, as a sentence; empty if they do.

    `account` is the one they would be let into, None where there is none; `uid`, the number of who wants to get in.
    """
    provider = settings.SINGLE_SIGN_ON
    if not address:
        return _("%(name)s did not say that your e-mail address is verified. Ask the people who run it.") % {
            "name": provider.name
        }
    if not provider.covers(address):
        return _(
            "Your address there is %(address)s, and %(name)s may sign in people of these domains only: %(domains)s."
        ) % {"address": address, "name": provider.name, "domains": ", ".join(provider.domains)}
    if account is None:
        return refusal_of_newcomer(address)
    return refusal_of_account(account, uid)


def refusal_of_newcomer(address):
    if EmailAddress.objects.filter(email__iexact=address).exclude(user__email=address).exists():
        return _(
            "%(address)s is a former address of somebody else here. Ask the person who looks after copcready."
        ) % {"address": address}
    if access.may_join(address):
        return ""
    return _(
        "There is no account for %(address)s here. Ask the person in your organisation who looks after copcready to invite "
        "you."
    ) % {"address": address}


def refusal_of_account(account, uid):
    provider = settings.SINGLE_SIGN_ON
    if not account.is_active:
        return _("Your account here is closed. Ask the person who looks after copcready.")
    if not provider.covers(account.email):
        return _("Your account here has the address %(address)s, for which %(name)s cannot speak.") % {
            "address": account.email,
            "name": provider.name,
        }
    connected = account.socialaccount_set.values_list("uid", flat=True)
    if connected and uid not in connected:
        return _(
            "The account of %(address)s is connected with another person of %(name)s. If you are now the one with that "
            "address, ask the person who looks after copcready to end that connection."
        ) % {"address": account.email, "name": provider.name}
    return ""


def keeps_password(account):
    """Was the address shown to be theirs before? If not, whoever set the password may have been a stranger."""
    return EmailAddress.objects.filter(user=account, email__iexact=account.email, verified=True).exists()
