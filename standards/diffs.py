"""What changed between two texts, word by word."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
_PIECES = re.compile(r"\w+(?:['\u2019-]\w+)*|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Equal words to compare, 15 ms of prose; 4,000 characters of one word would take half a minute.
PAIRS_LIMIT = 50_000


@dataclass(frozen=True)
class Piece:
    """A run of text. `kind` says whether it stayed, went or came."""

    kind: str
    text: str


def words(old, new):
    """The runs of `new` and of what is gone from `old`, in reading order. Whole words, never halves of them.

    A space between two changed words counts as changed: "two red cars" to "one blue car" reads as one replacement.
    """
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    runs = _runs(before, after) if _few_pairs(before, after) else _runs_by_line(old, new)
    return list(_pieces(_without_islands(runs)))


def _runs(before, after):
    """(kind, old, new) of each stretch of two lists; kind is SAME, or None where `old` became `new`."""
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield SAME, "".join(before[i:j]), ""
        else:
            yield None, "".join(before[i:j]), "".join(after[k:m])


def _few_pairs(before, after):
    count = Counter(after)
    return sum(times * count[word] for word, times in Counter(before).items()) <= PAIRS_LIMIT


def _runs_by_line(old, new):
    """Lines first, then the words of those that differ; where even these are too many, the one for the other."""
    for kind, gone, came in _runs(_LINES.findall(old), _LINES.findall(new)):
        before, after = _PIECES.findall(gone), _PIECES.findall(came)
        if kind is None and _few_pairs(before, after):
            yield from _runs(before, after)
        else:
            yield kind, gone, came


def _without_islands(runs):
    """Runs with each lone space between two changes drawn into them."""
    runs, merged = list(runs), []
    for position, (kind, old, new) in enumerate(runs):
        island = kind == SAME and not old.strip() and "\n" not in old and 0 < position < len(runs) - 1
        if island:
            new, kind = old, None
        if kind is None and merged and merged[-1][0] is None:
            _, before, after = merged.pop()
            old, new = before + old, after + new
        merged.append((kind, old, new))
    return merged


def _pieces(runs):
    for kind, old, new in runs:
        if kind == SAME:
            yield Piece(SAME, old)
            continue
        if old:
            yield Piece(GONE, old)
        if new:
            yield Piece(NEW, new)
