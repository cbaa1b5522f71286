"""A file is what its bytes are: whatever it is called, and whatever is said of it."""

import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.uploads import Refused
from assessments.uploads.checked import looked_through
from assessments.uploads.kinds import Kind
from assessments.uploads.looking import kind_of
from standards import limited
from tests import uploads


@pytest.mark.parametrize("case", uploads.GOOD)
def test_what_people_have_is_kept_as_it_was_sent(case):
    name, content, kind = uploads.GOOD[case]
    checked = looked_through(content, name)
    assert (checked.content, checked.kind) == (content, kind)


@pytest.mark.parametrize("case", uploads.REFUSED)
def test_what_could_harm_is_refused_with_a_sentence_that_says_what_was_found(case):
    name, content, words = uploads.REFUSED[case]
    with pytest.raises(Refused) as refused:
        looked_through(content, name)
    sentence = str(refused.value)
    assert words in sentence
    assert sentence.endswith(".")
    assert len(sentence) < 300


def test_at_least_thirty_hostile_kinds_are_tried():
    assert len(uploads.REFUSED) >= 30


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_that_is_kept_is_tried_and_has_a_content_type(kind):
    assert kind in {expected for _name, _content, expected in uploads.GOOD.values()}
    assert "html" not in kind.content_type


def test_a_name_does_not_make_a_file_what_it_is_not():
    assert looked_through(uploads.pdf(), "picture.png").kind == Kind.PDF
    assert looked_through(uploads.picture(), "table.csv").name == "table.png"


@pytest.mark.parametrize(
    "content",
    [
        uploads.pdf(head=b"1 0 obj " * 500_000),
        uploads.pdf(head=b"stream\n" * 90_000),
        uploads.pdf(head=b"/EF<<" * 900_000),
        uploads.pdf(head=b"#4a" * 1_500_000),
        uploads.pdf(*[uploads.packed_objects(b"(" + b" " * 50_000_000 + b")")] * 3),
        b"%PDF-" + b"1 " * 2_000_000 + b"%%EOF",
    ],
    ids=["objects", "streams", "files inside", "spellings", "packed thrice", "numbers"],
)
def test_a_pdf_made_to_be_slow_is_not_and_takes_no_more_memory_than_is_allowed(content):
    tracemalloc.start()
    began = time.process_time()
    try:
        kind_of(content, "slow.pdf")
    except Refused:
        pass
    finally:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert time.process_time() - began < 30  # seconds; a scan that is quadratic takes hours
    assert peak < 250_000_000


def test_a_file_that_takes_too_long_is_refused_and_nothing_breaks(monkeypatch):
    monkeypatch.setattr(limited, "SECONDS", 0.01)
    with pytest.raises(Refused, match="too much time"):
        looked_through(uploads.pdf(), "a.pdf")


SEEDS = [
    (name, content)
    for name, content, *_rest in [*uploads.GOOD.values(), *uploads.REFUSED.values()]
    if content
]


@settings(deadline=None)  # a machine may be busy
@given(st.data())
def test_a_file_that_was_changed_anywhere_is_kept_or_refused_and_breaks_nothing(data):
    name, content = data.draw(st.sampled_from(SEEDS))
    changed = bytearray(content[:200_000])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(changed) - 1))
        length = data.draw(st.integers(0, 40))
        changed[place : place + length] = data.draw(st.binary(max_size=40))
        changed = changed or bytearray(b"x")
    with suppress(Refused):
        kind_of(bytes(changed), name)
