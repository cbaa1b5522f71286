"""Twenty who ask for one address again and again while somebody ends it: `ADDRESS TIMES link|token PK [TOKEN]`.

Prints how many requests were served, how many were refused, and how many were served that began after it had ended.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from django.db import connection
from django.test import Client

from assessments.models import ApiToken, ShareLink

THREADS = 20
KINDS = {"link": ShareLink, "token": ApiToken}


def main():
    address, times, kind, pk, *token = sys.argv[1:]
    headers = {"authorization": f"Bearer {token[0]}"} if token else {}
    together, some_served = Barrier(THREADS + 1), Event()

    def ask(_):
        client, told = Client(headers=headers, SERVER_NAME="localhost"), []
        together.wait()
        for _ in range(int(times)):
            begun = time.monotonic()
            told.append((begun, client.get(address).status_code == 200))
            some_served.set()
        connection.close()
        return told

    def end():
        standing = KINDS[kind].objects.get(pk=pk)
        together.wait()
        some_served.wait()
        standing.revoke(by=None)
        ended = time.monotonic()
        connection.close()
        return ended

    with ThreadPoolExecutor(THREADS + 1) as pool:
        ending = pool.submit(end)
        told = [each for of_one in pool.map(ask, range(THREADS)) for each in of_one]
    served = [begun for begun, well in told if well]
    print(len(served), len(told) - len(served), sum(begun > ending.result() for begun in served))
