"""What the environment says: readers that stop the process with a sentence, and the names that are known.

A setting that is not read protects nobody, so a name that is nearly one of ours is a mistake worth stopping for.
"""

import difflib
import os
import re
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

PREFIX = "COPCREADY_"
KNOWN = {
    "COPCREADY_ALLOWED_HOSTS",
    "COPCREADY_DATA_DIR",
    "COPCREADY_DEBUG",
    "COPCREADY_DEMO",
    "COPCREADY_EVIDENCE_FILES",
    "COPCREADY_EVIDENCE_MEGABYTES",
    "COPCREADY_EVIDENCE_TOTAL_MEGABYTES",
    "COPCREADY_FROM_EMAIL",
    "COPCREADY_HTTPS",
    "COPCREADY_LOG",
    "COPCREADY_OIDC_CLIENT",
    "COPCREADY_OIDC_DOMAINS",
    "COPCREADY_OIDC_NAME",
    "COPCREADY_OIDC_ONLY",
    "COPCREADY_OIDC_SECRET",
    "COPCREADY_OIDC_URL",
    "COPCREADY_PROXIES",
    "COPCREADY_REPORT_MEGABYTES",
    "COPCREADY_REPORT_SECONDS",
    "COPCREADY_SECOND_FACTOR",
    "COPCREADY_SECRET_KEY",
    "COPCREADY_SECRET_KEY_FALLBACKS",
    "COPCREADY_SECURITY_CONTACT",
    "COPCREADY_SIGNUP",
    "COPCREADY_STORAGE",
    "COPCREADY_URL",
}
OF_THE_TESTS = {"COPCREADY_CHROMIUM", "COPCREADY_KILLS"}
KEY_LENGTH = 50  # characters of the signing key, at least


def refuse_unknown_names():
    """A variable with our prefix that nothing reads is a slip of the pen: say which was meant."""
    known = KNOWN | OF_THE_TESTS
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            # The prefix alone makes any two look alike.
            ends = sorted(one.removeprefix(PREFIX) for one in known)
            near = difflib.get_close_matches(name.removeprefix(PREFIX), ends, n=1)
            meant = f"Did you mean {PREFIX}{near[0]}?" if near else "README.md lists those there are."
            raise ImproperlyConfigured(f"There is no setting {name}. {meant}")


def switch(name, default=False):
    """An on/off value; anything else is a mistake worth stopping for."""
    value = os.environ.get(name, "").strip().lower()
    choices = {"": default, "on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use 'on' or 'off'.")
    return choices[value]


def secret_key(folder):
    """The key from the environment, or one made on first use that only this account can read."""
    given = os.environ.get("COPCREADY_SECRET_KEY")
    if given:
        if len(given) < KEY_LENGTH:
            raise ImproperlyConfigured(
                f"COPCREADY_SECRET_KEY has {len(given)} characters. Use {KEY_LENGTH} or more."
            )
        return given
    path = folder / "secret.key"
    if not path.exists():
        # 0600; linked when complete, so nobody reads half.
        with tempfile.NamedTemporaryFile("w", dir=folder) as file:
            file.write(secrets.token_urlsafe(60))
            file.flush()
            with suppress(FileExistsError):  # another process was quicker: its key counts
                os.link(file.name, path)
    key = path.read_text().strip()
    if len(key) < KEY_LENGTH:
        raise ImproperlyConfigured(f"{path} holds no usable key. Delete the file and start again.")
    return key


def secret_keys_before():
    """The keys that were in force before the one that is, the newest first: what they signed or encrypted is still read."""
    keys = os.environ.get("COPCREADY_SECRET_KEY_FALLBACKS", "").split()
    for number, key in enumerate(keys, 1):
        if len(key) < KEY_LENGTH:
            raise ImproperlyConfigured(
                f"COPCREADY_SECRET_KEY_FALLBACKS: key {number} has {len(key)} characters, and keys have {KEY_LENGTH} or more. "
                "Separate several by spaces."
            )
    return keys


def amount(name, default, least=1):
    """A whole number from `least` on; anything else is a mistake worth stopping for."""
    text = os.environ.get(name, "").strip()
    if text and not (re.fullmatch("0*[0-9]{1,9}", text) and int(text) >= least):
        raise ImproperlyConfigured(
            f"{name} is {text!r}. Use a whole number {'above 0' if least else 'from 0 on'}."
        )
    return int(text or default)


def evidence_storage(folder):
    """Where evidence files lie, as STORAGES of Django wants it. They are never under an address: a view serves them."""
    value = os.environ.get("COPCREADY_STORAGE", "").strip()
    if not value:
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        options = {"location": folder / "evidence", **modes}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    address = urlsplit(value)
    said = parse_qs(address.query, keep_blank_values=True)
    endpoint = said.get("endpoint", ["https://s3.invalid"])[0]
    if (
        address.scheme != "s3"
        or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", address.netloc)
        or address.path not in ("", "/")
        or said.keys() - {"endpoint", "region"}
        or not re.fullmatch(r"https?://[^/\s?#@]+/?", endpoint)
    ):
        raise ImproperlyConfigured(
            "COPCREADY_STORAGE is no store this application can use. Write it as s3://bucket?endpoint=https://host&region=name, "
            "both parts after the question mark may be left out, and put credentials into AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY."
        )
    try:
        import boto3  # noqa: F401 - asked for by django-storages once a file is stored, which is late to say so
        import storages  # noqa: F401
        from botocore.config import Config
    except ImportError:
        raise ImproperlyConfigured(
            "COPCREADY_STORAGE needs packages that are not installed. Install them with: "
            "pip install --require-hashes -r requirements/extras.txt"
        ) from None

    options = {
        "bucket_name": address.netloc,
        "endpoint_url": said.get("endpoint", [None])[0],
        "region_name": said.get("region", [None])[0],
        "default_acl": None,  # private, unless the bucket says otherwise: newer buckets refuse to be told
        "file_overwrite": True,  # names are random, so nothing is ever overwritten and need not be asked for
        "client_config": Config(
            connect_timeout=5,
            read_timeout=20,
            retries={"total_max_attempts": 2},
            s3={"addressing_style": "path"},
        ),
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def one_of(name, choices, default):
    """One of a few words; anything else is a mistake worth stopping for."""
    word = os.environ.get(name, "").strip() or default
    if word not in choices:
        raise ImproperlyConfigured(f"{name} is {word!r}. Use {' or '.join(map(repr, choices))}.")
    return word


def data_folder(base):
    folder = Path(os.environ.get("COPCREADY_DATA_DIR") or base / "var")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"COPCREADY_DATA_DIR: {folder} cannot be made ({error.strerror})."
        ) from None
    return folder


def parsed(name, parse, known):
    """A setting written as an address. What it holds may be a password, so no message repeats it."""
    try:
        value = parse(name)
    except Exception:
        value = {}
    if value.get("ENGINE", value.get("EMAIL_BACKEND")) not in known:
        raise ImproperlyConfigured(
            f"{name} is not an address this application can use. README.md shows how to write it."
        )
    return value


def site_url():
    """The address people open: scheme, host, port."""
    url = os.environ.get("COPCREADY_URL") or "http://127.0.0.1:8000"
    if not re.fullmatch(r"https?://[^/\s?#@]+", url):
        raise ImproperlyConfigured(
            f"COPCREADY_URL is {url!r}. Write the address people open, without anything after the host: "
            "https://copcready.example.org"
        )
    return url


def security_contact():
    """Where somebody who found a hole writes to, as the address that /.well-known/security.txt gives; "" for none."""
    contact = os.environ.get("COPCREADY_SECURITY_CONTACT", "").strip()
    if re.fullmatch(r"[^@\s:/]+@[^@\s:/]+", contact):
        return f"mailto:{contact}"
    if contact and not re.fullmatch(r"(mailto:[^@\s:/]+@[^@\s:/]+|https://\S+)", contact):
        raise ImproperlyConfigured(
            f"COPCREADY_SECURITY_CONTACT is {contact!r}. Write an e-mail address, or that of a page with https://."
        )
    return contact


def refuse_unsafe_https(url, hosts, debug, folder):
    """HTTPS says that others can reach this server. What would open it to them, or cut them off, stops the process."""
    for wrong, sentence in (
        (
            debug,
            "COPCREADY_DEBUG is on too, and its error pages show the inside to strangers. Switch it off.",
        ),
        (
            "*" in hosts,
            "COPCREADY_ALLOWED_HOSTS holds '*', so links could be made to lead anywhere. Name the hosts.",
        ),
        (
            not url.startswith("https://"),
            f"COPCREADY_URL is {url!r}, and links in e-mails would leave it. Write the https:// address people open.",
        ),
        (
            not validate_host(urlsplit(url).hostname or "", hosts),
            "the host of COPCREADY_URL is not in COPCREADY_ALLOWED_HOSTS, so its pages would be refused. Add it.",
        ),
        (
            not os.environ.get("EMAIL_URL"),
            "EMAIL_URL is not set, so nobody could reset a password. Name a mail server, or write consolemail:// "
            "if messages are to be printed only.",
        ),
        (
            not os.environ.get("COPCREADY_SECRET_KEY") and open_to_others(folder / "secret.key"),
            f"{folder / 'secret.key'} can be read by other accounts of this machine. Give it mode 600.",
        ),
    ):
        if wrong:
            raise ImproperlyConfigured(f"COPCREADY_HTTPS is on and {sentence}")


def open_to_others(path):
    """May accounts other than its owner's read, write or enter it?"""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
