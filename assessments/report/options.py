"""What is chosen about a PDF beyond its document: the same document may be printed in more than one way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`paper` is "a4" or "letter"; `mark` a word across the head of each page, or nothing; `one_page` prints the answer
    alone; `sections` names those to print, none means all; `logo` is a PNG in base64, or nothing."""

    paper: str = "a4"
    mark: str = ""
    one_page: bool = False
    sections: tuple[str, ...] = ()
    logo: str = ""


DEFAULT = Options()
