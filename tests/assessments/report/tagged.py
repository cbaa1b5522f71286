"""The structure tree of a PDF read back, and the marks on its pages."""

from dataclasses import dataclass, field

from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

PAINTS = {
    b"Tj",
    b"TJ",
    b"'",
    b'"',
    b"S",
    b"s",
    b"f",
    b"F",
    b"f*",
    b"B",
    b"B*",
    b"b",
    b"b*",
    b"Do",
    b"sh",
    b"EI",
}


@dataclass(eq=False)
class Element:
    """One element in reading order; `marks` are (page, number) of the content that is directly its own."""

    kind: str
    source: DictionaryObject
    above: "Element | None"
    kids: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    objects: list = field(default_factory=list)

    def walk(self):
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def of_kind(self, *kinds):
        return [each for each in self.walk() if each.kind in kinds]

    @property
    def ancestors(self):
        return [] if self.above is None else [self.above.kind, *self.above.ancestors]


def tree(reader):
    """The element /Document of `reader`, with everything below it."""
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    (top,) = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    return _element(top.get_object(), None, pages)


def _element(source, above, pages):
    found = Element(str(source["/S"])[1:], source, above)
    page = pages[source.raw_get("/Pg").idnum] if "/Pg" in source else None
    inner = source.get("/K", [])
    for kid in inner if isinstance(inner, ArrayObject) else [inner]:
        kid = kid.get_object()
        if isinstance(kid, int):
            found.marks.append((page, kid))
        elif kid.get("/Type") == "/OBJR":
            found.objects.append(kid["/Obj"])
        else:
            found.kids.append(_element(kid, found, pages))
    return found


def painted(reader, number):
    """(tag, properties) of what each sign, line and picture on page `number` is marked with; (None, None) where nothing is."""
    page = reader.pages[number]
    open_marks = []
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator == b"BMC":
            open_marks.append((str(operands[0]), {}))
        elif operator == b"BDC":
            open_marks.append((str(operands[0]), operands[1]))
        elif operator == b"EMC":
            open_marks.pop()
        elif operator in PAINTS:
            yield open_marks[-1] if open_marks else (None, None)


def words_by_mark(reader):
    """{(page, number): text} of all marked content."""
    found = {}
    for number, page in enumerate(reader.pages):
        now = []

        def before(operator, operands, cm, tm, now=now):
            if operator == b"BDC":
                now.append(operands[1].get("/MCID"))
            elif operator == b"BMC":
                now.append(None)
            elif operator == b"EMC":
                now.pop()

        def text(words, cm, tm, font, size, now=now, number=number):
            key = (number, now[-1] if now else None)
            found[key] = found.get(key, "") + words

        page.extract_text(visitor_operand_before=before, visitor_text=text)
    return found
