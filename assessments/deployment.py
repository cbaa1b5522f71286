"""What `manage.py check --deploy` asks of a server beside what Django asks."""

import stat

from django.apps import apps
from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import DatabaseError, connection

from assessments.demo.signins import SIGN_IN_DOMAIN
from standards.models import Requirement, Wording


def open_to_others(path):
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


@register(Tags.security, deploy=True)
def files_of_the_data_folder(app_configs, **kwargs):
    found = []
    if open_to_others(settings.DATA_DIR):
        found.append(
            Warning(
                f"{settings.DATA_DIR} is open to other accounts of this machine: answers, files and the signing key lie in it.",
                hint="chmod 700",
                id="copcready.W001",
            )
        )
    if open_to_others(settings.DATA_DIR / "secret.key"):
        found.append(
            Warning(
                f"{settings.DATA_DIR / 'secret.key'} can be read by other accounts: who knows it can sign in as anybody.",
                hint="chmod 600, and make a new one if somebody may have read it.",
                id="copcready.W002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def what_the_database_holds(app_configs, **kwargs):
    """Nothing where there is no database yet: then nothing of it can be wrong."""
    try:
        tables = connection.introspection.table_names()
        prepared = "django_migrations" in tables
        return [*demo_accounts(), *cache_table(tables), *words_for_strangers()] if prepared else []
    except DatabaseError:
        return []


def demo_accounts():
    people = apps.get_model(settings.AUTH_USER_MODEL).objects
    if settings.HTTPS and people.filter(email__iendswith=SIGN_IN_DOMAIN, is_active=True).exists():
        yield Warning(
            "Accounts of the demo are in a database that others can reach. They cannot sign in unless COPCREADY_DEMO is on.",
            hint="Serve real work from a data folder of its own.",
            id="copcready.W003",
        )


def cache_table(tables):
    name = settings.CACHES["default"].get("LOCATION")
    if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache") and name not in tables:
        yield Warning(
            f"The table {name!r} is missing, so tries to sign in are not counted.",
            hint="manage.py migrate, or manage.py createcachetable",
            id="copcready.W004",
        )


def words_for_strangers():
    own = Wording.objects.exclude(**dict.fromkeys(Requirement.WORDS, ""))
    if settings.SIGNUP == "open" and own.exists():
        yield Warning(
            "Strangers may sign up, and everybody who is signed in reads the own wording of this instance.",
            hint="COPCREADY_SIGNUP=closed, unless everybody may read it.",
            id="copcready.W005",
        )
