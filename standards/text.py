"""The one cleaner of typed or imported text, and the one reader of numbers of rows and versions in it."""

import re
import unicodedata

NOTE_LIMIT = 20_000  # characters; longer notes make reports unreadable long before they make them slow

# Digits; what is longer may be more than a column of 64 bits holds, and makes the database fail.
LONGEST_NUMBER = 18

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_ENDS = re.compile("[\t\n\x85\u2028\u2029]+")
# Controls, and marks that turn the reading direction of whatever follows them.
NOT_IN_A_LINE = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069]")


def clean_text(text):
    """Text that every database stores and every output can show, otherwise as it was typed.

    Line ends become a newline, accents are composed, and characters that no screen shows (NUL and its neighbours, half
    surrogates) are dropped: PostgreSQL refuses some of them, UTF-8 and XML the others.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNSTORABLE.sub("", text)).strip()


def one_line(text):
    """The same for names and titles, which stay one line in an e-mail or a header: a line end becomes a space."""
    return NOT_IN_A_LINE.sub("", LINE_ENDS.sub(" ", clean_text(text))).strip()


def whole_number(text):
    """The number that `text` writes in digits, or None where it is anything else or longer than any row's or version's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
