"""The one cleaner of typed or imported text."""

import re
import unicodedata

NOTE_LIMIT = 20_000  # characters; longer notes make reports unreadable long before they make them slow

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean_text(text):
    """Text that every database stores and every output can show, otherwise as it was typed.

    Line ends become a newline, accents are composed, and characters that no screen shows (NUL and its neighbours, half
    surrogates) are dropped: PostgreSQL refuses some of them, UTF-8 and XML the others.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNSTORABLE.sub("", text)).strip()
