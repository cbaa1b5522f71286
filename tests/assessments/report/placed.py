"""Where on a page each run of text stands, read from the marks on the page itself."""

from dataclasses import dataclass

from pypdf.generic import ContentStream

IDENTITY = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Run:
    """A run of signs on one baseline: left, right and y in points from the lower left corner of the page; `mark` is the
    number of the content it belongs to, None for artifacts."""

    left: float
    right: float
    y: float
    mark: int | None


def runs(page):
    """Every run of text on `page`, in the order of painting."""
    widths = {name: _widths(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    state, kept, marks = IDENTITY, [], []
    text, font, size = IDENTITY, {}, 1
    for operands, operator in ContentStream(page["/Contents"].get_object(), page.pdf).operations:
        if operator == b"q":
            kept.append(state)
        elif operator == b"Q":
            state = kept.pop()
        elif operator == b"cm":
            state = _times(operands, state)
        elif operator in (b"BDC", b"BMC"):
            marks.append(operands[1].get("/MCID") if operator == b"BDC" else None)
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tm":
            text = tuple(map(float, operands))
        elif operator == b"Tf":
            font, size = widths[operands[0]], float(operands[1])
        elif operator == b"TJ":
            length = _length(operands[0], font) * size / 1000
            left, y = _at(0, 0, _times(text, state))
            right, _ = _at(length, 0, _times(text, state))
            yield Run(left, right, y, marks[-1] if marks else None)


def _times(first, then):
    a, b, c, d, e, f = map(float, first)
    g, h, i, j, k, m = map(float, then)
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _at(x, y, matrix):
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _widths(font):
    """Glyph -> thousandths of the size."""
    (inner,) = font["/DescendantFonts"]
    listed, found = list(inner.get_object()["/W"]), {}
    for first, several in zip(listed[::2], listed[1::2], strict=True):
        found |= {int(first) + offset: float(width) for offset, width in enumerate(several)}
    return found


def _length(shown, widths):
    """The advance of an array of glyphs and adjustments, in thousandths of the size."""
    total = 0
    for part in shown:
        if isinstance(part, bytes | str):
            signs = part if isinstance(part, bytes) else part.original_bytes
            total += sum(
                widths.get(int.from_bytes(signs[n : n + 2], "big"), 0) for n in range(0, len(signs), 2)
            )
        else:
            total -= float(part)
    return total
