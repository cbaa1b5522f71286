"""What the tags of a PDF still need when WeasyPrint is done with them.

Running heads become artifacts, so that they are not read out on every page; every cell knows the headings above and beside
it, a heading that spans columns included; links are called what they say, and print. No mark on any page moves. Objects are
those of pydyf, as the finisher of `write_pdf` gets them.
"""

from collections import defaultdict

from pydyf import Array, Dictionary, String

PRINT = 4  # the flag of an annotation that is there on paper as well as on the screen


def finish(pages, made):
    """Complete the tags of `made`, a `pydyf.PDF` of WeasyPrint's `pages` that is tagged and not yet written."""
    tree = Tree(made)
    margins_as_artifacts(tree)
    for table in tree.of_kind("/Table"):
        head_cells(tree, table)
    for page in pages:
        for _, _, _, box in page.links:
            if box.link_annotation:  # none where it leads to a place that is not there
                name_link(box)


def name_link(box):
    """Call the link of `box` by its words; WeasyPrint gives it the name of the place it leads to, "results"."""
    box.link_annotation["Contents"] = String(" ".join("".join(box.element.itertext()).split()))
    box.link_annotation["F"] = PRINT


def _is(item, kind):
    return isinstance(item, Dictionary) and item.get("Type") == kind


class Tree:
    """The structure elements of a PDF: which there are, and which of them a reader can reach from the root."""

    def __init__(self, made):
        self.made = made
        self.root = self.at(made.catalog["StructTreeRoot"])
        self.reached = list(self._below(self.root))

    def at(self, reference):
        """The object that `reference`, such as b"12 0 R", stands for."""
        return self.made.objects[int(reference.split()[0])]

    def kids(self, element):
        """The elements right below `element`; marked content, which is a number, is none."""
        return [
            self.at(kid)
            for kid in element.get("K", ())
            if isinstance(kid, bytes) and _is(self.at(kid), "/StructElem")
        ]

    def of_kind(self, kind):
        return [element for element in self.reached if element.get("S") == kind]

    def _below(self, element):
        for kid in self.kids(element):
            yield kid
            yield from self._below(kid)


# ---- running heads ----------------------------------------------------------------------------------------------


def margins_as_artifacts(tree):
    """What stands in the margins is marked as content of elements that hang nowhere: it is pagination, so say that."""
    reached = {element.number for element in tree.reached}
    parents = tree.at(tree.root["ParentTree"])["Nums"]
    for page, reference in enumerate(tree.made.page_references):
        owners = parents[2 * page + 1]
        lost = {mark for mark, owner in enumerate(owners) if int(owner.split()[0]) not in reached}
        _mark_as_pagination(tree.at(tree.at(reference)["Contents"]), lost)
        owners[:] = [b"null" if mark in lost else owner for mark, owner in enumerate(owners)]
    for item in tree.made.objects:
        if _is(item, "/StructElem") and item.number not in reached:
            item.free = "f"


def _mark_as_pagination(stream, marks):
    """Rewrite `/Span << /MCID 3 >> BDC` where 3 is among `marks`."""
    if not marks:
        return
    parts = stream.stream
    for place, part in enumerate(parts):
        if part == b"BDC" and parts[place - 1].get("MCID") in marks:
            parts[place - 2 : place] = ["/Artifact", Dictionary({"Type": "/Pagination"})]


# ---- tables -----------------------------------------------------------------------------------------------------


def head_cells(tree, table):
    """Say of every heading of `table` what it heads, and of every other cell which headings it has: those of its row or of
    its group of rows, then those of its columns."""
    above = defaultdict(list)
    for group in _groups(tree, table):
        rows = [list(_placed(tree, row)) for row in group]
        of_group = _names(rows[0]) if not any(map(_names, rows[1:])) else []
        for cells in rows:
            if all(cell["S"] == "/TH" for cell, _ in cells):
                _head_columns(cells, above)
            else:
                _head_row(cells, _names(cells) or of_group, above)


def _head_columns(cells, above):
    for cell, columns in cells:
        cell["A"]["Scope"] = "/Column"
        for column in columns:
            above[column].append(cell["ID"])


def _head_row(cells, beside, above):
    for cell, columns in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row"
        else:
            cell["A"]["Headers"] = Array([*beside, *(name for column in columns for name in above[column])])


def _names(cells):
    """The identifiers of the headings among `cells`."""
    return [cell["ID"] for cell, _ in cells if cell["S"] == "/TH"]


def _groups(tree, table):
    """The rows of `table`, those of its head and of each of its bodies together."""
    bodies = [kid for kid in tree.kids(table) if kid["S"] in ("/THead", "/TBody", "/TFoot")]
    for body in bodies:
        rows = [row for row in tree.kids(body) if row["S"] == "/TR"]
        if rows:
            yield rows


def _placed(tree, row):
    """(cell, the columns it covers) of every cell of `row`."""
    column = 0
    for cell in tree.kids(row):
        width = cell["A"].get("ColSpan", 1)
        yield cell, range(column, column + width)
        column += width
