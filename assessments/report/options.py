"""How a report is to be printed: what a person chooses beside the document itself."""

from dataclasses import dataclass

A4, LETTER = PAPERS = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class Options:
    """`paper` is one of PAPERS. `mark` is the confidentiality mark on the cover; empty says to whom it is confidential.
    `logo` is a PNG in base64, or empty. `one_page` prints the answer alone. `sections` are the keys of the parts to print
    beside the answer (see `paper.sections`); empty prints all. `data` is whether the file carries its data inside."""

    paper: str = A4
    mark: str = ""
    logo: str = ""
    one_page: bool = False
    sections: tuple[str, ...] = ()
    data: bool = True

    def prints(self, key):
        """Is the part of that key wanted?"""
        if key == "answer":
            return True
        return not self.one_page and (not self.sections or key in self.sections)

    @property
    def carries_data(self):
        """One page is for people who are to read nothing else, so it never carries the notes along."""
        return self.data and not self.one_page


DEFAULT = Options()
