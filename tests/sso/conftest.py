"""One provider and one database for every test of single sign-on; each of the instances that use them is set up otherwise."""

import pytest

from tests.single_sign_on import Instance, Provider, Visitor, prepared


@pytest.fixture(scope="session")
def provider():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def folder(tmp_path_factory, provider):
    return prepared(tmp_path_factory.mktemp("sso"), provider)


def running(name, **more):
    @pytest.fixture(scope="session", name=name)
    def instance(folder, provider):
        instance = Instance(folder, provider, **more)
        yield instance
        instance.stop()

    return instance


closed = running("closed")
signup_open = running("signup_open", COPCREADY_SIGNUP="open")
only = running("only", COPCREADY_OIDC_ONLY="on")


@pytest.fixture(autouse=True)
def _as_before(provider, folder, closed):
    """Nothing spoiled, and nobody counted."""
    provider.spoil.clear()
    provider.moved.clear()
    closed.change("DELETE FROM cache")


@pytest.fixture
def visitor(closed):
    return Visitor(closed)
