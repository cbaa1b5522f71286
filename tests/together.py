"""The tests' database for processes of their own: what happens at one moment is asked of real connections."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection


@dataclass
class Shared:
    """A database that other processes can open. `run` reads and changes it with plain SQL."""

    address: str
    run: callable


def shared(folder):
    """What is in the tests' database by now, for others. On SQLite that one lives in memory; a copy is made in `folder`."""
    if connection.vendor != "sqlite":
        its = connection.settings_dict
        return Shared(
            f"postgres://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT']}/{its['NAME']}",
            in_place,
        )
    file = folder / "shared.sqlite3"

    def in_file(sql):
        with closing(sqlite3.connect(file, timeout=20)) as link, link:
            return link.execute(sql).fetchall()

    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # As any file is before the first request: those who come together must not all switch it.
        copy.execute("PRAGMA journal_mode=WAL")
    return Shared(f"sqlite:///{file}", in_file)


def in_place(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def process(address, module, *args):
    """A process that runs `main()` of a module of tests/ at the database of that address, until the block is left."""
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "copcready.settings",
        "COPCREADY_SECRET_KEY": settings.SECRET_KEY,
    }
    program = f"import django; django.setup(); from tests import {module}; {module}.main()"
    command = [sys.executable, "-c", program, *map(str, args)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as made:
        try:
            yield made
        finally:
            made.kill()
