"""What the environment says of single sign-on: everything that is needed, or nothing at all."""

import re
from dataclasses import dataclass, field
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

NEEDED = {
    "url": "COPCREADY_OIDC_URL",
    "client": "COPCREADY_OIDC_CLIENT",
    "secret": "COPCREADY_OIDC_SECRET",
    "name": "COPCREADY_OIDC_NAME",
    "domains": "COPCREADY_OIDC_DOMAINS",
}
PACKAGES = ("requests", "jwt", "cryptography")
APPS = ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
DISCOVERY = "/.well-known/openid-configuration"
# A secret that travels to another machine without TLS is none; on this machine there is nobody to listen.
ISSUER = re.compile(r"https://[^\s?#@]+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?(/[^\s?#@]*)?")
DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


@dataclass(frozen=True)
class SingleSignOn:
    """An OpenID Connect provider, and the domains whose addresses it may vouch for. `only`: nothing else signs
    them in."""

    url: str
    client: str
    secret: str = field(repr=False)
    name: str
    domains: tuple
    only: bool = False

    def covers(self, address):
        """May the provider speak for this e-mail address? A domain stands for itself, not for what lies below it."""
        return address.rpartition("@")[2].lower() in self.domains


def read(environment, *, only):
    """What the variables say, or None where none is set. Raises ImproperlyConfigured with a sentence for everything else."""
    given = {key: environment.get(name, "").strip() for key, name in NEEDED.items()}
    if not any(given.values()) and not only:
        return None
    missing = [NEEDED[key] for key, value in given.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"Single sign-on is set up by half: {', '.join(missing)} must be set as well, or none of the others."
        )
    if not all(map(find_spec, PACKAGES)):
        raise ImproperlyConfigured(
            "COPCREADY_OIDC_URL is set, and the packages for single sign-on are not installed. Run ./start, or install "
            "requirements/extras.txt with pip."
        )
    return SingleSignOn(
        url=issuer(given["url"]),
        client=given["client"],
        secret=given["secret"],
        name=given["name"],
        domains=domains(given["domains"]),
        only=only,
    )


def issuer(text):
    """The address by which the provider calls itself, also where that of its configuration was given."""
    address = text.removesuffix(DISCOVERY)
    if not ISSUER.fullmatch(address):
        raise ImproperlyConfigured(
            f"{NEEDED['url']} is {text!r}. Write the address of the provider: https://login.example.org/company"
        )
    return address


def domains(text):
    found = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for domain in found:
        if not DOMAIN.fullmatch(domain):
            raise ImproperlyConfigured(
                f"{NEEDED['domains']} holds {domain!r}. Write what follows the @ of the addresses, separated by commas: "
                "example.org, example.com."
            )
    if not found:
        raise ImproperlyConfigured(f"{NEEDED['domains']} is {text!r}. Name one domain or more.")
    return found


def settings_for(provider):
    """What allauth reads. The provider is named here and nowhere else: a row in the database adds none."""
    app = {
        "provider_id": "sso",
        "name": provider.name,
        "client_id": provider.client,
        "secret": provider.secret,
        "settings": {"server_url": provider.url.rstrip("/") + DISCOVERY, "oauth_pkce_enabled": True},
    }
    return {
        "SOCIALACCOUNT_ADAPTER": "assessments.sso.adapter.Adapter",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {"provider_class": "assessments.sso.provider.Provider", "APPS": [app]}
        },
    }
