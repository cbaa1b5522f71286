"""What allauth asks us of second factors: their names, and that their secrets are not readable in the database."""

import base64

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.people import SECOND_FACTORS

PURPOSE = b"copcready second factors"


def cipher():
    """Encrypts with the key of this instance; also reads what the keys before it wrote."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(derived(key)) for key in keys])


def derived(key):
    made = HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(made)


def has_one(user):
    return user.authenticator_set.filter(type__in=SECOND_FACTORS).exists()


def is_last(authenticator):
    """Would its owner be without a second factor once it is gone, as they were before it came?"""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=SECOND_FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "Incorrect code. Each counts once and for half a minute: wait for the next one. If that fails too, the clock of the "
            "phone may be wrong."
        ),
    }

    def encrypt(self, text):
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Raises PermissionDenied, and guesses nothing, where the key is not the one that encrypted it."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise PermissionDenied(
                _(
                    "The second factors cannot be read, because the secret key of this server is another one now. "
                    "Tell the person who looks after it."
                )
            ) from None

    def get_totp_issuer(self):
        return "copcready"

    def get_public_key_credential_rp_entity(self):
        """The host whose passkeys these are; a browser offers them nowhere else."""
        return {"id": context.request.get_host().partition(":")[0], "name": "copcready"}

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %d") % number
