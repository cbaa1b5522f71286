"""One settings file, read from the environment. A value that makes no sense stops the process with a sentence.

COPCREADY_DATA_DIR       where the database, the secret key and the demo sign-in live; default: var/ beside manage.py
COPCREADY_SECRET_KEY     signing key; without it one is generated into the data directory, readable by its owner only
COPCREADY_SECRET_KEY_FALLBACKS  keys used before that one, separated by spaces, still read but used for nothing new; default: none
COPCREADY_DEBUG          on or off (default)
COPCREADY_HTTPS          on behind TLS: secure cookies, redirect, HSTS; off (default) for a machine of one's own
COPCREADY_ALLOWED_HOSTS  host names, separated by commas; default: this machine only
COPCREADY_URL            address people open, for links in e-mails; default: http://127.0.0.1:8000
COPCREADY_DEMO           on lets accounts of the demo sign in while HTTPS is on; off (default)
COPCREADY_SECURITY_CONTACT  e-mail address or https:// page for who found a hole, in /.well-known/security.txt; default: none
COPCREADY_SECOND_FACTOR  required of everybody who signs in, or optional (default), where each organisation decides
COPCREADY_SIGNUP         open or closed (default): may strangers make an account and an organisation?
COPCREADY_PROXIES        how many proxies stand in front, each adding to X-Forwarded-For; default: 0, that header counts nothing
COPCREADY_LOG            json (default with HTTPS) or plain: what a line of the log looks like
COPCREADY_REPORT_SECONDS, COPCREADY_REPORT_MEGABYTES  what setting one PDF may take; default: 60, 1024
COPCREADY_OIDC_URL, _CLIENT, _SECRET, _NAME, _DOMAINS, _ONLY  single sign-on, off without them: docs/single-sign-on.md
COPCREADY_EVIDENCE_MEGABYTES, COPCREADY_EVIDENCE_FILES, COPCREADY_EVIDENCE_TOTAL_MEGABYTES  what one evidence file may
                         have, and how many files and how much an organisation may keep; default: 10, 2000, 1024
COPCREADY_STORAGE        s3://bucket?endpoint=https://...&region=...: evidence files lie there, with the credentials that
                         AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold; default: evidence/ in the data directory
DATABASE_URL             postgres://user:password@host/name; default: SQLite in the data directory
EMAIL_URL                smtp://...; default: messages are printed by the server
"""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

from copcready import logs, single_sign_on
from copcready.environment import (
    amount,
    data_folder,
    evidence_storage,
    one_of,
    parsed,
    refuse_unknown_names,
    refuse_unsafe_https,
    secret_key,
    secret_keys_before,
    security_contact,
    site_url,
    switch,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

refuse_unknown_names()
DATA_DIR = data_folder(BASE_DIR)

DEBUG = switch("COPCREADY_DEBUG")
HTTPS = switch("COPCREADY_HTTPS")
SECRET_KEY = secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = secret_keys_before()
ALLOWED_HOSTS = env.list("COPCREADY_ALLOWED_HOSTS", default=[]) or ["localhost", "127.0.0.1", "[::1]"]
SIGNUP = one_of("COPCREADY_SIGNUP", ("open", "closed"), "closed")
SECOND_FACTOR = one_of("COPCREADY_SECOND_FACTOR", ("required", "optional"), "optional")

SITE_URL = site_url()
SECURITY_CONTACT = security_contact()
DEMO = switch("COPCREADY_DEMO")  # may the accounts of the demo sign in where others can reach the server?
if HTTPS:
    refuse_unsafe_https(SITE_URL, ALLOWED_HOSTS, DEBUG, DATA_DIR)

INSTALLED_APPS = [
    "assessments",
    "standards",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks_db",
    "simple_history",
]

MIDDLEWARE = [
    "copcready.middleware.RequestLog",  # around all others, so that what any of them answers has its line
    # Outermost: what these say has to stand on redirects to HTTPS and on refused hosts too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "copcready.middleware.GuardedResponses",
    "django.middleware.security.SecurityMiddleware",
    "copcready.middleware.RefusedRequests",
    # Above WhiteNoise: static files are served in place, so they are packed, and guarded, on the way.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "copcready.middleware.SessionLimits",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "copcready.middleware.DemoKeptOut",
    "copcready.middleware.SecondFactorForAll",
    "copcready.middleware.RequestOrigin",
    "copcready.middleware.PrivatePages",
]

ROOT_URLCONF = "copcready.urls"
WSGI_APPLICATION = "copcready.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if os.environ.get("DATABASE_URL"):
    engines = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
    DATABASES = {"default": parsed("DATABASE_URL", env.db_url, engines)}
else:  # not as an address: a folder may be called ha#sh or 100%
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "copcready.sqlite3"}}
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured with 16 clients: Django's defaults lost a third of the saves to "database is locked", these lost none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {"options": "-c statement_timeout=30000 -c lock_timeout=10000"}

# The sign-in limits of allauth count in the cache; a table is shared by every process where memory is not.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # With Django's 300, guessing at many accounts would push the counts out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # What strangers have printed is kept apart, so that it never pushes out the counts of sign-in tries.
    "sheets": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "sheets",
        "OPTIONS": {"MAX_ENTRIES": 60},
    },
}

# Rows that `manage.py printreports` takes up; where it does not run, PDFs are made beside the pages (printing/jobs.py).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["reports"]}}
report_seconds = amount("COPCREADY_REPORT_SECONDS", 60)
REPORT_LIMITS = {
    "seconds": report_seconds,
    "cpu_seconds": report_seconds,
    "megabytes": amount("COPCREADY_REPORT_MEGABYTES", 1024),
    "jobs": 50,  # then a fresh process, which bounds what it may have kept
}

MEGABYTE = 1024 * 1024  # bytes
EVIDENCE_FILE_BYTES = amount("COPCREADY_EVIDENCE_MEGABYTES", 10) * MEGABYTE
EVIDENCE_FILES = amount("COPCREADY_EVIDENCE_FILES", 2000)  # of an organisation
EVIDENCE_BYTES = amount("COPCREADY_EVIDENCE_TOTAL_MEGABYTES", 1024) * MEGABYTE  # of an organisation
EVIDENCE_FILES_AT_ONCE = 5
# One file of a request is read no further than the largest that any form takes, and of a request that is larger than all of
# them together nothing is read at all.
UPLOAD_FILE_BYTES = max(EVIDENCE_FILE_BYTES, 10 * MEGABYTE)
UPLOAD_BYTES = EVIDENCE_FILES_AT_ONCE * UPLOAD_FILE_BYTES + 3 * MEGABYTE
FILE_UPLOAD_HANDLERS = [
    "copcready.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "evidence": evidence_storage(DATA_DIR),
}

AUTH_USER_MODEL = "assessments.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Proxies that are not counted here would be taken for people, and without any, what people write of themselves counts nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = amount("COPCREADY_PROXIES", 0, least=0)
ACCOUNT_ADAPTER = "assessments.access.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # of people who sign up by themselves; others are vouched for
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "copcready: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # it ends every other session all the same
ACCOUNT_FORMS = {  # in words of ours
    "login": "assessments.forms.accounts.SignInForm",
    "signup": "assessments.forms.accounts.SignUpForm",
    "change_password": "assessments.forms.accounts.ChangePasswordForm",
    "set_password": "assessments.forms.accounts.SetPasswordForm",
    "reset_password": "assessments.forms.accounts.ForgottenPasswordForm",
    "reset_password_from_key": "assessments.forms.accounts.ResetPasswordForm",
    "reauthenticate": "assessments.forms.accounts.ConfirmByPasswordForm",
}
MFA_ADAPTER = "assessments.second_factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 0  # a code counts for its own half minute, in which it is remembered as used
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it on localhost alone
MFA_FORMS = {  # which refuse what makes no sense where allauth's would fail
    "add_webauthn": "assessments.forms.accounts.PasskeyForm",
    "edit_webauthn": "assessments.forms.accounts.RenamePasskeyForm",
    "authenticate_webauthn": "assessments.forms.accounts.UsePasskeyForm",
    "login_webauthn": "assessments.forms.accounts.SignInByPasskeyForm",
    "reauthenticate_webauthn": "assessments.forms.accounts.ConfirmByPasskeyForm",
}

# Where nobody asked for it there are no addresses and no tables for it either.
SINGLE_SIGN_ON = single_sign_on.read(os.environ, only=switch("COPCREADY_OIDC_ONLY"))
if SINGLE_SIGN_ON:
    INSTALLED_APPS += single_sign_on.APPS
    vars().update(single_sign_on.settings_for(SINGLE_SIGN_ON))

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Serves static/ in place; no collecting step between a clone and a running server.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FONTS_KEPT = 60 * 60 * 24 * 30  # seconds; not for ever, because a newer font comes under the same name


def keep_fonts(headers, path, url):
    """Everything else in static/ is asked for again after a minute, so that an upgrade shows at once."""
    if "/vendor/fonts/" in url:
        headers["Cache-Control"] = f"max-age={FONTS_KEPT}, public"


WHITENOISE_ADD_HEADERS_FUNCTION = keep_fonts
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds that a page waits for a mail server that does not answer
if os.environ.get("EMAIL_URL"):
    vars().update(parsed("EMAIL_URL", env.email_url, set(environ.Env.EMAIL_SCHEMES.values())))
DEFAULT_FROM_EMAIL = env.str("COPCREADY_FROM_EMAIL", default="copcready <copcready@localhost>")

SESSION_ENGINE = "copcready.session_store"
# allauth says so of passwords only, not of passkeys and single sign-on.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 60 * 60 * 12  # seconds without use
SESSION_LONGEST = 60 * 60 * 24 * 14  # seconds from the sign-in, however much it is used
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # links in e-mails lead to where one is signed in
if HTTPS:  # names that a browser takes from this very host over TLS only: no neighbour of it can plant one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    MESSAGE_STORAGE = "copcready.messages.HostStorage"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^api/"]  # refused in the open by RefusedRequests, and not sent on
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "copcready.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a year of 190 metrics with two counts each is 4,940 cells
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "upgrade-insecure-requests": HTTPS,
    }
}

LOGGING = logs.configuration(one_of("COPCREADY_LOG", ("json", "plain"), "json" if HTTPS else "plain"), DEBUG)
