"""An authenticator app and its codes, for tests."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

PASSWORD = "a long and quiet afternoon"
PERIOD = 30  # seconds a code is shown


def with_app(user):
    """The key in the app of `user`, who has a password and recovery codes from now on too."""
    user.set_password(PASSWORD)
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret, at=None, period=PERIOD):
    """The digits the app shows."""
    moment = time.time() if at is None else at
    return format_hotp_value(hotp_value(secret, int(moment) // period))


def recovery_codes(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
