"""`manage.py renewsecrets`: encrypts the secrets of second factors with the signing key that is in force."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from assessments.second_factors import cipher

ENCRYPTED = ("secret", "seed")  # of authenticator apps, and of recovery codes


class Command(BaseCommand):
    help = (
        "Encrypts what second factors keep secret with the signing key that is in force, so that the keys in "
        "COPCREADY_SECRET_KEY_FALLBACKS are needed for them no more. Any number of times. Changes nothing and exits with 1 where "
        "a key that is needed to read them is not there."
    )

    @transaction.atomic
    def handle(self, **options):
        renewed = 0
        for factor in Authenticator.objects.select_for_update().order_by("pk"):
            secrets = {name: factor.data[name] for name in ENCRYPTED if name in factor.data}
            if secrets:
                factor.data |= {name: self.renew(factor, secret) for name, secret in secrets.items()}
                factor.save(update_fields=["data"])
                renewed += 1
        self.stdout.write(f"{renewed} second factors are encrypted with the key in force.")

    def renew(self, factor, secret):
        try:
            return cipher().rotate(secret.encode()).decode()
        except InvalidToken:
            raise CommandError(
                f"Second factor {factor.pk} was encrypted with another key. Add that key to COPCREADY_SECRET_KEY_FALLBACKS. "
                "Nothing was changed."
            ) from None
