"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
_PIECES = re.compile(r"\w+(?:['\u2019-]\w+)*|\s+|[^\w\s]")


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
    runs = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append((SAME, "".join(before[i:j]), ""))
        else:
            runs.append((None, "".join(before[i:j]), "".join(after[k:m])))
    return list(_pieces(_without_islands(runs)))


def _without_islands(runs):
    """Runs with each lone space between two changes drawn into them."""
    merged = []
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
