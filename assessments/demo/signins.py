"""The accounts one can sign in with: random passwords, kept in a file that only its owner can read."""

import os
import secrets

SIGN_IN_DOMAIN = "@copcready.example"  # of accounts with a password; nobody's real address ends in it
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without the letters and digits that look alike
GROUPS, LENGTH = 4, 5  # 20 characters of 32: 100 bits


def new_password():
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def as_text(sign_ins, made):
    """`sign_ins` holds (e-mail, password, lines on what it may do), `made` a line on each assessment there is to see."""
    lines = [
        "Demo sign-ins. The people and organisations are invented; the passwords were made for this machine.",
        "Address: http://127.0.0.1:8000/ unless ./start was given another --port",
    ]
    for email, password, may in sign_ins:
        lines += ["", f"  {email}", f"    password  {password}", *(f"    {line}" for line in may)]
    lines += ["", "Assessments:", *(f"  {line}" for line in made)]
    return "\n".join(lines) + "\n"


def write(text, path):
    """Write `text` to `path`, readable and writable by its owner only, whatever was there before."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
