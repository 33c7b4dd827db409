"""Opening somebody's file in a process of its own that can do little. Runs as a child; knows no database.

A module that opens files of one sort ends in `run(its_function)` and is started by `checking`: contents in
on the standard input, the safe copy out on the standard output.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from typing import Final

MEGABYTE: Final = 1024 * 1024
#: Seconds of computing, and memory, that opening one file may take.
SECONDS: Final = 20
MEMORY: Final = 1024 * MEGABYTE
LARGEST_COPY: Final = 60 * MEGABYTE
#: Exit codes: refused for a reason, which is then on the standard error; not a file of that sort at all.
REFUSED: Final = 3


class Unfit(Exception):
    """A file that is not to be opened; the code says why (`checking` has the words)."""


def run(clean: Callable[[bytes], bytes]) -> int:
    """Read a file, write its safe copy; give up what is not needed for that first."""
    _confine()
    try:
        copy = clean(sys.stdin.buffer.read())
        if len(copy) > LARGEST_COPY:
            raise Unfit("bomb")
    except Unfit as unfit:
        sys.stderr.write(str(unfit))
        return REFUSED
    except MemoryError:
        sys.stderr.write("bomb")
        return REFUSED
    sys.stdout.buffer.write(copy)
    sys.stdout.buffer.flush()
    return 0


def _confine() -> None:
    """No file may be written or opened any more, no process started; time and memory are bounded."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
