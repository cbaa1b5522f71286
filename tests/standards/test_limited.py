"""Whatever a file makes its reader do ends with that reader, and the server goes on."""

import pytest

from standards import limited

PROGRAM = "tests.limited_program"


def test_a_program_answers_for_the_bytes_it_is_sent():
    assert limited.ask(PROGRAM, "size", data=b"x" * 3_000_000) == {"size": 3_000_000}


def test_no_secret_of_the_server_reaches_the_program(monkeypatch):
    monkeypatch.setenv("COPCREADY_SECRET_KEY", "planted")
    names = limited.ask(PROGRAM, "environment", data=b"")["names"]
    assert not [name for name in names if name.startswith(("COPCREADY", "DATABASE"))]


@pytest.mark.parametrize("deed", ["memory", "time", "break"])
def test_one_that_needs_too_much_or_breaks_off_is_no_answer(deed):
    with pytest.raises(limited.GaveUp):
        limited.ask(PROGRAM, deed, data=b"")


def test_one_that_takes_longer_than_it_may_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limited, "SECONDS", 0.01)
    with pytest.raises(limited.GaveUp):
        limited.ask(PROGRAM, "size", data=b"")
