import pytest

from standards.diffs import GONE, NEW, SAME, words


def told(old, new):
    return [(piece.kind, piece.text) for piece in words(old, new)]


def test_a_changed_word_is_shown_whole():
    assert told("every goal", "each goal") == [(GONE, "every"), (NEW, "each"), (SAME, " goal")]


def test_neighbouring_changed_words_read_as_one_replacement():
    assert told("two red cars wait", "one blue car waits") == [
        (GONE, "two red cars wait"),
        (NEW, "one blue car waits"),
    ]


def test_lines_are_not_drawn_together():
    assert told("a\nb", "x\ny") == [(GONE, "a"), (NEW, "x"), (SAME, "\n"), (GONE, "b"), (NEW, "y")]


def test_added_and_removed_text_stand_alone():
    assert told("", "new") == [(NEW, "new")]
    assert told("old", "") == [(GONE, "old")]


def test_words_with_apostrophe_or_hyphen_stay_whole():
    assert told("the site's half-way state", "the vendor's half-done state") == [
        (SAME, "the "),
        (GONE, "site's half-way"),
        (NEW, "vendor's half-done"),
        (SAME, " state"),
    ]


@pytest.mark.parametrize("text", ["", "one", "a b\nc, d.", "é\u0301 \u202e (x)"])
def test_equal_texts_have_no_changes(text):
    assert all(kind == SAME for kind, _ in told(text, text))


def test_old_and_new_can_be_read_back_from_the_pieces():
    old, new = "All calls, every hour.\nNo exceptions.", "All chats and calls, each hour."
    pieces = words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == new


def test_long_texts_are_compared_line_by_line():
    lines = [f"Line {number} says what {number} people do every day of the week." for number in range(60)]
    old, new = "\n".join(lines), "\n".join([*lines[:30], lines[30].replace("every", "each"), *lines[31:]])
    assert [piece for piece in told(old, new) if piece[0] != SAME] == [(GONE, "every"), (NEW, "each")]


def test_a_long_text_of_few_words_is_shown_as_replaced_and_not_compared_for_minutes():
    assert told("a " * 2000, "b a " * 1000) == [(GONE, "a " * 2000), (NEW, "b a " * 1000)]
