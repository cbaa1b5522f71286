"""A secret that is shown once: it waits in the session, from the POST that makes it to the page that shows it.

Encrypted, because sessions are rows of the database, and a copy of the database should open nothing.
"""

from cryptography.fernet import InvalidToken

from assessments.second_factors import cipher


def keep(request, name, row, text):
    """`text` opens what `row` stands for. It takes the place of what waited under that name."""
    request.session[name] = {"of": row.pk, "text": cipher().encrypt(text.encode()).decode()}


def take(request, name, rows):
    """(row, its text) where the text of one of `rows` waits, otherwise (None, None). Asked again, nothing waits; nor does what
    another key encrypted."""
    waiting = request.session.get(name, {})
    row = next((row for row in rows if row.pk == waiting.get("of")), None)
    if request.method == "HEAD" or row is None:
        return None, None
    try:
        return row, cipher().decrypt(request.session.pop(name)["text"].encode()).decode()
    except InvalidToken:
        return None, None
