"""The conversation with an OpenID Connect provider: allauth's, with every check of the identity token that the standard asks for."""

import hashlib
from contextlib import contextmanager

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.urls import reverse
from requests import RequestException

from assessments.sso.rules import SAYS_VERIFIED, verified_address

ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed with a key of the provider's own; one that we share with it would let anybody who learns the secret sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60  # seconds that the clocks of two machines may differ by


@contextmanager
def understood():
    """What a provider answers and nobody can read is its failure, not ours: raises OAuth2Error."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error(f"the provider's answer makes no sense: {type(error).__name__}") from error


class Conversation(OpenIDConnectOAuth2Adapter):
    """One sign-in. `nonce` is what we sent, which the identity token has to repeat."""

    nonce = None

    @property
    def openid_config(self):
        try:
            with understood():
                found = super().openid_config
        except RequestException as error:
            raise OAuth2Error("the provider does not say how to reach it") from error
        missing = [name for name in ENDPOINTS if not isinstance(found.get(name), str)]
        if missing:
            raise OAuth2Error(f"the provider does not say its {', '.join(missing)}")
        if found["issuer"].rstrip("/") != settings.SINGLE_SIGN_ON.url.rstrip("/"):
            raise OAuth2Error("the provider calls itself by another address than COPCREADY_OIDC_URL")
        return found

    def get_callback_url(self, request, app):
        """Registered with the provider, so not by whichever name this server was called just now."""
        return settings.SITE_URL + reverse("sso-return")

    def get_access_token_data(self, *args, **kwargs):
        with understood():
            return dict(super().get_access_token_data(*args, **kwargs))

    def complete_login(self, request, app, token, **kwargs):
        claims = self.identity(app, kwargs["response"].get("id_token"))
        if "email" not in claims or not any(name in claims for name in SAYS_VERIFIED):
            with understood():
                more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise OAuth2Error("what the provider adds is about somebody else")
            claims = {**more, "iss": claims["iss"]}
        return self.get_provider().sociallogin_from_response(request, claims)

    def identity(self, app, id_token):
        """What a token says that this provider signed, for us, lately, for this sign-in. Raises OAuth2Error otherwise."""
        try:
            claims = jwt.decode(
                id_token or "",
                self.signing_key(id_token or ""),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the identity token is not good: {error}") from error
        if not self.nonce or claims.get("nonce") != self.nonce:
            raise OAuth2Error("the identity token was made for another sign-in")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the identity token was made for another application")
        return claims

    def signing_key(self, id_token):
        """The key that the token names; where it names none, the only one there is."""
        kid = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        with understood():
            listed = jwt.PyJWKSet.from_dict(response.json()).keys
        keys = [key for key in listed if key.public_key_use in (None, "sig") and kid in (None, key.key_id)]
        if len(keys) != 1:
            raise OAuth2Error("the identity token is signed with a key that the provider does not list")
        return keys[0]


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Conversation

    def extract_uid(self, data):
        """A person's number is good at one provider only: at the next, the same number may be somebody else."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data):
        """What is kept of somebody: whom an administrator would have to look up over there."""
        return {name: data.get(name) for name in ("iss", "sub", "email")}

    def extract_common_fields(self, data):
        return {"email": verified_address(data), "name": data.get("name")}

    def extract_email_addresses(self, data):
        address = verified_address(data)
        return [EmailAddress(email=address, verified=True, primary=True)] if address else []
