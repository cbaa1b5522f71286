"""Where one comes back to, how sessions and connections begin and end, and what the instance is made of."""

import html
import json
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest

from tests.single_sign_on import PASSWORD, SECRET, Visitor, forging, manage


@pytest.mark.parametrize(
    ("following", "place"),
    [
        ("/help/", "/help/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_comes_back_to_where_one_was_and_to_no_other_host(visitor, provider, following, place):
    response = visitor.sign_in(provider.person("w-1", "dora@acme.example"), following)
    assert response.headers["Location"] == place


def test_signing_in_changes_the_session(visitor, provider):
    address = visitor.agree(visitor.begin(), provider.person("w-1", "dora@acme.example"))
    before = visitor.session.cookies["sessionid"]
    visitor.come_back(address)
    assert visitor.session.cookies["sessionid"] != before


def test_signing_out_ends_our_session_and_the_page_says_that_it_is_ours_only(visitor, provider):
    visitor.sign_in(provider.person("w-1", "dora@acme.example"))
    page = visitor.get("/account/logout/").text
    assert "at Acme &amp; Co you stay signed in" in page
    visitor.post("/account/logout/", page="/account/logout/")
    assert visitor.who() is None


def test_who_signs_in_as_somebody_else_is_somebody_else(visitor, provider):
    visitor.post("/account/login/", {"login": "partner@elsewhere.example", "password": PASSWORD})
    number = provider.person("w-1", "dora@acme.example")
    state = visitor.post("/account/sso/", page="/account/logout/").text
    address = html.unescape(state.split('content="0; url=')[1].split('"')[0])
    visitor.come_back(visitor.agree(address, number))
    assert visitor.who() == "dora@acme.example"


def test_a_sign_in_needs_the_form_of_our_own_page(visitor):
    assert visitor.session.post(visitor.instance.url + "/account/sso/", timeout=30).status_code == 403
    assert visitor.get("/account/sso/", allow_redirects=False).headers["Location"] == "/account/login/"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_the_way_back_only_reads(visitor, method):
    token = {"X-CSRFToken": visitor.session.cookies.get("csrftoken", "")}
    answer = visitor.session.request(
        method, visitor.instance.url + "/account/sso/return/", headers=token, timeout=30
    )
    assert answer.status_code in (403, 405)


def test_trying_for_ever_is_stopped(visitor):
    tries = [visitor.get("/account/sso/return/").status_code for _ in range(62)]
    assert tries.count(400) == 60
    assert tries[-1] == 429


def test_two_windows_can_be_on_their_way_at_once(visitor, provider):
    number = provider.person("w-1", "dora@acme.example")
    first, second = visitor.begin("/help/"), visitor.begin()
    assert visitor.come_back(visitor.agree(first, number)).headers["Location"] == "/help/"
    assert visitor.come_back(visitor.agree(second, number)).status_code == 302
    assert visitor.who() == "dora@acme.example"


@pytest.mark.parametrize("name", ["wanda", "wilma", "willem"])
def test_the_same_newcomer_several_times_at_once_gets_one_account(signup_open, provider, name):
    number = provider.person(name, f"{name}@acme.example")
    visitors = [Visitor(signup_open) for _ in range(4)]
    ways = [visitor.agree(visitor.begin(), number) for visitor in visitors]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda visitor, way: visitor.come_back(way).status_code, visitors, ways))
    assert 302 in answers
    assert set(answers) <= {302, 400}, "who came second is let in, or told to begin again"
    assert signup_open.accounts(f"{name}@acme.example") == 1
    assert signup_open.connections(f"{name}@acme.example") == 1


# ---- passwords and connections ----------------------------------------------------------------------------------


def test_where_only_the_provider_counts_a_password_of_its_domains_does_not(only):
    visitor = Visitor(only)
    page = visitor.post("/account/login/", {"login": "Bob@ACME.example", "password": PASSWORD})
    assert "and with nothing else" in page.text
    assert visitor.who() is None
    visitor.post("/account/login/", {"login": "partner@elsewhere.example", "password": PASSWORD})
    assert visitor.who() == "partner@elsewhere.example"


def test_there_nobody_can_set_one_either_nor_end_the_connection(only, provider):
    visitor = Visitor(only)
    visitor.sign_in(provider.person("s-1", "mark@acme.example"))
    page = "/account/password/set/"
    wanted = {"password1": "another long afternoon", "password2": "another long afternoon"}
    assert "and with nothing else" in visitor.post(page, wanted, page=page).text
    assert 'href="/account/password/set/"' not in visitor.get("/account/sso/connections/").text


def test_a_connection_ends_only_where_a_password_is_another_way_in(visitor, provider):
    page = "/account/sso/connections/"
    visitor.sign_in(provider.person("d-1", "rita@acme.example"))
    ((number,),) = visitor.instance.rows(
        "SELECT id FROM socialaccount_socialaccount WHERE extra_data LIKE '%rita@%'"
    )
    assert "only way in" in visitor.get(page).text
    refused = visitor.post(page, {"account": number}, page="/account/logout/")
    assert (refused.status_code, "Set one first" in refused.text) == (422, True)
    wanted = {"password1": "another long afternoon", "password2": "another long afternoon"}
    visitor.post("/account/password/set/", wanted, page="/account/password/set/")
    assert visitor.post(page, {"account": number}, page=page).status_code == 302
    assert "Your account is not connected with Acme &amp; Co" in visitor.get(page).text


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 30, None])
def test_nobody_ends_the_connection_of_somebody_else(visitor, provider, number):
    page = "/account/sso/connections/"
    Visitor(visitor.instance).sign_in(provider.person("w-1", "dora@acme.example"))
    if number is None:
        ((number,),) = visitor.instance.rows(
            "SELECT id FROM socialaccount_socialaccount WHERE extra_data LIKE '%dora@%'"
        )
    visitor.post("/account/login/", {"login": "vera@acme.example", "password": PASSWORD})
    assert visitor.post(page, {"account": number}, page="/account/logout/").status_code == 422
    assert visitor.instance.connections("dora@acme.example") == 1


def test_the_connections_are_for_people_who_are_signed_in(visitor):
    answer = visitor.get("/account/sso/connections/", allow_redirects=False)
    assert answer.headers["Location"] == "/account/login/?next=/account/sso/connections/"


def test_whoever_runs_the_instance_can_look_at_connections_and_end_them_but_not_make_any(visitor, provider):
    Visitor(visitor.instance).sign_in(provider.person("w-1", "dora@acme.example"))
    ((number,),) = visitor.instance.rows(
        "SELECT id FROM socialaccount_socialaccount WHERE extra_data LIKE '%dora@%'"
    )
    visitor.post("/account/login/", {"login": "staff@elsewhere.example", "password": PASSWORD})
    pages = "/admin/socialaccount/socialaccount/"
    assert "dora@acme.example" in visitor.get(pages).text
    assert visitor.get(f"{pages}add/").status_code == 403
    assert visitor.get("/admin/socialaccount/socialapp/").status_code == 404
    delete = f"{pages}{number}/delete/"
    assert visitor.post(delete, {"post": "yes"}, page=delete).status_code == 302
    assert visitor.instance.connections("dora@acme.example") == 0
    noted = visitor.instance.rows("SELECT verb, what, who FROM assessments_activity ORDER BY id DESC LIMIT 1")
    assert noted == [("staff-connection-ended", "Dora", "staff@elsewhere.example")]
    assert "ended the connection of your account with Acme & Co." in visitor.instance.said()


# ---- what the instance is made of -------------------------------------------------------------------------------


def test_no_token_of_the_provider_is_kept_and_of_a_person_only_who_they_are_there(visitor, provider):
    visitor.sign_in(provider.person("w-1", "dora@acme.example", phone_number="0123"))
    assert visitor.instance.rows("SELECT count(*) FROM socialaccount_socialtoken") == [(0,)]
    ((said,),) = visitor.instance.rows(
        "SELECT extra_data FROM socialaccount_socialaccount WHERE extra_data LIKE '%dora@%'"
    )
    assert json.loads(said) == {"iss": provider.url, "sub": "w-1", "email": "dora@acme.example"}


def test_the_log_says_what_happened_and_holds_no_secret(visitor, provider, closed):
    visitor.sign_in(provider.person("u-1", "stranger@elsewhere.example"))
    forging(provider, lambda said: jwt.encode(said, None, "none"))
    visitor.sign_in("u-1")
    said = closed.said()
    assert "single sign-on refused identity" in said
    assert "single sign-on failed: the identity token is not good" in said
    assert SECRET not in said
    assert "Internal Server Error" not in said


def test_no_migration_is_missing_and_the_deployment_check_passes(closed):
    assert manage(closed.given, "makemigrations", "--check", "--dry-run").returncode == 0
    secure = {
        "COPCREADY_HTTPS": "on",
        "COPCREADY_ALLOWED_HOSTS": "copcready.example.org",
        "COPCREADY_URL": "https://copcready.example.org",
        "EMAIL_URL": "consolemail://",
    }
    result = manage(closed.given | secure, "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
