"""Settings of the process that sets PDFs: what its templates need. It has no database to ask and no secret to tell.

A test holds what is said here beside what copcready/settings.py says.
"""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
INSTALLED_APPS = [
    "assessments",
    "standards",
    "django.contrib.admin.apps.SimpleAdminConfig",  # without the pages of the admin site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "simple_history",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
    },
]
AUTH_USER_MODEL = "assessments.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
