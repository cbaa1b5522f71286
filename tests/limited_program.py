"""A program that reads what it is sent and does as the word it was started with says, to try the limits on it."""

import os
import sys

from standards import limited

DEEDS = {
    "size": lambda file: {"size": len(file.read())},
    "environment": lambda file: {"names": sorted(os.environ)},
    "memory": lambda file: {"filled": len(b"x" * limited.MEMORY)},
    "time": lambda file: {"found": next(n for n in iter(int, 1) if n)},
    "break": lambda file: {}["no such key"],
}

if __name__ == "__main__":
    limited.CPU_SECONDS = 1
    limited.answer(DEEDS[sys.argv[1]])
