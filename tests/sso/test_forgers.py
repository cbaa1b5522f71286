"""What somebody achieves who changes what goes to and fro between the provider and us: nothing."""

import base64
import hashlib

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.single_sign_on import SECRET, Visitor, assert_failed, forging, query_of, thin


def test_we_send_a_challenge_a_state_and_a_nonce_and_prove_that_we_sent_the_challenge(
    visitor, provider, closed
):
    address = visitor.begin()
    sent = query_of(address)
    assert sent["redirect_uri"] == f"{closed.url}/account/sso/return/"
    assert sent["response_type"] == "code"
    assert set(sent["scope"].split()) == {"openid", "email", "profile"}
    assert len(sent["nonce"]) == 32
    assert len(sent["state"]) >= 16
    assert sent["code_challenge_method"] == "S256"
    assert SECRET not in address
    visitor.come_back(visitor.agree(address, provider.person("s-1", "mark@acme.example")))
    proof = hashlib.sha256(provider.asked_for_tokens[-1]["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == sent["code_challenge"]
    assert visitor.who() == "mark@acme.example"


def test_what_a_stranger_adds_to_the_address_does_not_reach_the_provider(visitor):
    page = visitor.post(
        "/account/sso/?process=connect&scope=admin&auth_params=redirect_uri%3Dhttps://evil.example", {}
    )
    assert "evil.example" not in page.text
    assert "admin" not in page.text


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("state=", "state=x"),
        lambda address: address.split("&state=")[0].split("?state=")[0],
        lambda address: address.split("?")[0],
        lambda address: address.split("?")[0] + "?code=guess",
    ],
)
def test_a_way_back_without_the_state_we_gave_leads_nowhere(visitor, provider, change):
    address = visitor.agree(visitor.begin(), provider.person("f-1", "rita@acme.example"))
    assert_failed(visitor.come_back(change(address)), visitor, 400)


def test_a_guessed_code_leads_nowhere(visitor, provider):
    address = visitor.agree(visitor.begin(), provider.person("f-1", "rita@acme.example"))
    assert_failed(visitor.come_back(address.replace(query_of(address)["code"], "guess")), visitor)


def test_a_way_back_is_good_once(visitor, provider):
    address = visitor.agree(visitor.begin(), provider.person("w-1", "dora@acme.example"))
    assert visitor.come_back(address).status_code == 302
    visitor.session.cookies.pop("sessionid")
    assert visitor.come_back(address).status_code == 400
    assert visitor.who() is None


def test_a_way_back_is_good_in_the_browser_that_set_out_and_in_no_other(visitor, provider):
    address = visitor.agree(visitor.begin(), provider.person("f-3", "rita@acme.example"))
    victim = Visitor(visitor.instance)
    assert victim.come_back(address).status_code == 400
    victim.begin()
    assert victim.come_back(address).status_code == 400
    assert victim.who() is None


def test_a_code_of_another_sign_in_is_refused_for_its_nonce(visitor, provider):
    """Somebody puts the code of a victim's sign-in, caught on its way, into their own."""
    number = provider.person("f-4", "rita@acme.example")
    victims = query_of(visitor.agree(Visitor(visitor.instance).begin(), number))
    mine = visitor.agree(visitor.begin(), provider.person("f-5", "bob@acme.example"))
    assert_failed(visitor.come_back(mine.replace(query_of(mine)["code"], victims["code"])), visitor)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another application"},
        {"aud": ["copcready", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_600_000_000},
        {"iat": 4_000_000_000},
        {"exp": None},
        {"sub": None},
    ],
    ids=str,
)
def test_an_identity_token_that_is_not_for_us_and_now_is_refused(visitor, provider, claims):
    def forge(said):
        changed = said | claims
        return provider.signed({name: value for name, value in changed.items() if value is not None})

    forging(provider, forge)
    assert_failed(visitor.sign_in(provider.person("t-1", "walk@acme.example")), visitor)


def brought_along(said):
    """Signed with a key of the forger's, which the token itself names."""
    key = rsa.generate_private_key(65537, 2048)
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    headers = {"jwk": public, "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x"}
    return jwt.encode(said, key, "RS256", headers)


@pytest.mark.parametrize("how", ["none", "secret", "key", "own key", "cut", "nothing", "noise"])
def test_an_identity_token_that_the_provider_did_not_sign_is_refused(visitor, provider, how):
    forgeries = {
        "none": lambda said: jwt.encode(said, None, "none"),
        "secret": lambda said: provider.signed(said, SECRET, "HS256"),
        "key": lambda said: provider.signed(said, rsa.generate_private_key(65537, 2048)),
        "own key": brought_along,
        "cut": lambda said: provider.signed(said)[:-8],
        "nothing": lambda said: None,
        "noise": lambda said: "x.y.z",
    }
    forging(provider, forgeries[how])
    assert_failed(visitor.sign_in(provider.person("t-1", "walk@acme.example")), visitor)


def test_an_identity_token_that_is_written_anew_with_nothing_changed_is_good(visitor, provider):
    """Or the two tests above would show nothing."""
    forging(provider, provider.signed)
    visitor.sign_in(provider.person("t-1", "walk@acme.example"))
    assert visitor.who() == "walk@acme.example"


def test_what_the_provider_adds_about_somebody_else_is_refused(visitor, provider):
    thin(provider)
    provider.spoil["/userinfo"] = lambda said: said | {"sub": "somebody else"}
    assert_failed(visitor.sign_in(provider.person("t-2", "rita@acme.example")), visitor)


@pytest.mark.parametrize("page", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks"])
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"error": "server_error"},
        [],
        ["access_token"],
        "keys",
        {"keys": [7]},
        {"keys": [{"kty": "RSA", "n": 7, "e": 7}]},
    ],
    ids=str,
)
def test_a_provider_that_is_out_of_order_gets_a_page_and_not_a_failure_of_ours(
    visitor, provider, page, answer
):
    provider.person("t-3", "rita@acme.example")
    provider.spoil[page] = lambda said: answer
    if page.startswith("/.well"):
        assert_failed(visitor.post("/account/sso/"), visitor)
    else:
        assert_failed(visitor.sign_in("t-3"), visitor)


@pytest.mark.parametrize("answer", [[], "nobody", None])
def test_nonsense_about_a_person_gets_a_page_and_not_a_failure_of_ours(visitor, provider, answer):
    thin(provider)
    provider.spoil["/userinfo"] = lambda said: answer
    assert_failed(visitor.sign_in(provider.person("t-3", "rita@acme.example")), visitor)


def test_a_provider_that_has_no_page_about_people_gets_a_page_too(visitor, provider):
    thin(provider)
    provider.spoil["/.well-known/openid-configuration"] = lambda said: (
        {name: value for name, value in said.items() if name != "userinfo_endpoint"}
    )
    assert_failed(visitor.sign_in(provider.person("t-3", "rita@acme.example")), visitor)


def test_a_provider_that_calls_itself_by_another_name_is_not_spoken_with(visitor, provider):
    provider.spoil["/.well-known/openid-configuration"] = lambda said: (
        said | {"issuer": "https://evil.example"}
    )
    assert_failed(visitor.post("/account/sso/"), visitor)


@pytest.mark.parametrize("page", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks", "/userinfo"])
def test_a_provider_that_sends_us_elsewhere_is_not_followed(visitor, provider, page):
    thin(provider)
    provider.person("m-1", "rita@acme.example")
    provider.moved.add(page)
    if page.startswith("/.well"):
        assert_failed(visitor.post("/account/sso/"), visitor)
    else:
        assert_failed(visitor.sign_in("m-1"), visitor)
