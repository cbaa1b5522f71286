"""Signing in with a real provider: who gets in, and who does not."""

import pytest

from tests.single_sign_on import PASSWORD, Visitor, assert_refused, thin

# ---- who gets in ------------------------------------------------------------------------------------------------


def test_the_sign_in_page_offers_the_provider_by_name(visitor):
    assert "Sign in with Acme &amp; Co" in visitor.get("/account/login/").text


def test_somebody_with_an_account_gets_into_it_and_no_second_one_is_made(visitor, provider):
    response = visitor.sign_in(provider.person("a-1", "Alice@Acme.example"))
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert visitor.who() == "alice@acme.example"
    assert visitor.instance.accounts("alice@acme.example") == 1
    again = Visitor(visitor.instance)
    again.sign_in("a-1")
    assert again.who() == "alice@acme.example"
    assert visitor.instance.connections("alice@acme.example") == 1


def test_a_person_stays_the_same_when_their_address_over_there_changes(visitor, provider):
    visitor.sign_in(provider.person("b-1", "bob@acme.example"))
    provider.person("b-1", "bob.miller@acme.example")
    again = Visitor(visitor.instance)
    again.sign_in("b-1")
    assert again.who() == "bob@acme.example"


def test_a_password_that_a_stranger_may_have_set_ends_with_the_first_sign_in(visitor, provider):
    """Until then it opens nothing, because the address was never confirmed; from then on it would be."""
    visitor.sign_in(provider.person("n-1", "nora@acme.example"))
    assert "does not count any more" in visitor.get("/account/sso/connections/").text
    squatter = Visitor(visitor.instance)
    squatter.post("/account/login/", {"login": "nora@acme.example", "password": PASSWORD})
    assert squatter.who() is None


def test_the_password_of_a_confirmed_address_goes_on_counting(visitor, provider):
    visitor.sign_in(provider.person("v-1", "vera@acme.example"))
    assert visitor.who() == "vera@acme.example"
    other = Visitor(visitor.instance)
    other.post("/account/login/", {"login": "vera@acme.example", "password": PASSWORD})
    assert other.who() == "vera@acme.example"


def test_an_open_instance_makes_an_account_that_is_confirmed_and_has_no_password(signup_open, provider):
    visitor = Visitor(signup_open)
    visitor.sign_in(provider.person("z-1", "zoe@acme.example", name="Zoë \x00\n Zimmer" + "x" * 90))
    assert visitor.who() == "zoe@acme.example"
    ((name, password),) = signup_open.rows(
        "SELECT name, password FROM assessments_user WHERE email = 'zoe@acme.example'"
    )
    assert (name[:8], len(name), password[0]) == ("Zoë   Zi", 80, "!")
    assert signup_open.rows("SELECT verified FROM account_emailaddress WHERE email = 'zoe@acme.example'") == [
        (1,)
    ]


def test_what_entra_says_of_a_verified_domain_counts_as_verified(visitor, provider):
    visitor.sign_in(provider.person("l-1", "lena@acme.example", email_verified=None, xms_edov=True))
    assert visitor.who() == "lena@acme.example"


def test_what_is_missing_in_the_token_is_asked_for(visitor, provider):
    thin(provider)
    visitor.sign_in(provider.person("y-1", "yves@acme.example"))
    assert visitor.who() == "yves@acme.example"


# ---- who does not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [False, None, "false", "no", 0, "", [True], {"a": 1}])
def test_an_address_that_is_not_verified_is_good_for_nothing(visitor, provider, said):
    response = visitor.sign_in(provider.person("u-1", "rita@acme.example", email_verified=said))
    assert_refused(response, "did not say that your e-mail address is verified", visitor)
    assert visitor.instance.connections("rita@acme.example") == 0


@pytest.mark.parametrize(
    "address",
    [None, "", "rita", "rita@acme.example\n", ["rita@acme.example"], 7, "a" * 250 + "@acme.example"],
)
def test_an_address_that_is_none_is_refused_with_a_sentence(visitor, provider, address):
    response = visitor.sign_in(provider.person("u-2", address))
    assert_refused(response, "did not say that your e-mail address is verified", visitor)


@pytest.mark.parametrize(
    "address",
    [
        "partner@elsewhere.example",
        "rita@sub.acme.example",
        "rita@acme.example.evil.example",
        "rita@notacme.example",
    ],
)
def test_an_address_of_another_domain_is_refused_also_where_an_account_has_it(visitor, provider, address):
    response = visitor.sign_in(provider.person("p-1", address))
    assert_refused(response, "may sign in people of these domains only: acme.example, acme.test", visitor)
    assert visitor.instance.connections(address) == 0


def test_an_account_that_was_given_an_address_elsewhere_is_out_of_reach(visitor, provider):
    visitor.sign_in(provider.person("i-1", "ivan@acme.example"))
    visitor.instance.change(
        "UPDATE assessments_user SET email = 'ivan@free.example' WHERE email = 'ivan@acme.example'"
    )
    other = Visitor(visitor.instance)
    assert_refused(other.sign_in("i-1"), "for which Acme &amp; Co cannot speak", other)


@pytest.mark.parametrize("before", [False, True])
def test_an_account_that_is_switched_off_stays_off(visitor, provider, before):
    number = provider.person(f"c-{before}", "hugo@acme.example" if before else "closed@acme.example")
    if before:
        visitor.sign_in(number)
        visitor.instance.change("UPDATE assessments_user SET is_active = 0 WHERE email = 'hugo@acme.example'")
        assert visitor.who() is None
    assert_refused(visitor.sign_in(number), "Your account here is closed", visitor)


def test_the_next_person_with_an_address_does_not_get_the_account_of_the_one_before(visitor, provider):
    visitor.sign_in(provider.person("o-1", "olga@acme.example"))
    successor = Visitor(visitor.instance)
    response = successor.sign_in(provider.person("o-2", "olga@acme.example"))
    assert_refused(response, "connected with another person", successor)
    assert visitor.instance.connections("olga@acme.example") == 1


@pytest.mark.parametrize("address", ["unknown@acme.example", "before@acme.example"])
def test_a_closed_instance_makes_no_account(visitor, provider, address):
    words = (
        "is a former address"
        if address.startswith("before")
        else "There is no account for unknown@acme.example"
    )
    assert_refused(visitor.sign_in(provider.person("x-1", address)), words, visitor)
    assert visitor.instance.accounts(address) == 0


def test_nor_does_an_open_one_for_the_former_address_of_somebody(signup_open, provider):
    visitor = Visitor(signup_open)
    assert_refused(
        visitor.sign_in(provider.person("x-2", "before@acme.example")), "is a former address", visitor
    )


def test_who_cancels_over_there_is_told_so(visitor):
    response = visitor.sign_in(None)
    assert response.status_code == 200
    assert "You did not sign in" in response.text
    assert visitor.who() is None
