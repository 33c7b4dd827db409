"""`python -m tests.mutants [machine …]`: takes one thing at a time out of a machine and sees who notices.

Prints what no test of the machine's folder notices, and what none notices but a reference that is read.
"""

from __future__ import annotations

import sys
from functools import partial
from multiprocessing import get_context
from os import cpu_count

import workflow.factory  # noqa: F401 - read once, before the processes part
from tests.mutants.trial import FOLDERS, first_failure, listed


def run(kind: str) -> int:
    """Try every mutant of a machine, tell of those nobody noticed by trying, and count the survivors."""
    names = [mutant.name for mutant in listed(kind)]
    read = survived = 0
    with get_context("fork").Pool(cpu_count(), maxtasksperchild=1) as pool:
        if failed := pool.apply(first_failure, (kind, None)):
            sys.exit(f"{failed} fails without any mutant")
        failures = pool.imap(partial(first_failure, kind), range(len(names)), chunksize=1)
        for name, failed in zip(names, failures, strict=True):
            survived += not failed
            read += failed.startswith("declared ")
            if not failed or failed.startswith("declared "):
                say(f"  {'only read' if failed else 'SURVIVED'}: {name}")
    say(f"{kind}: {len(names)} mutants, {survived} survived, {read} noticed only where the row is read")
    return survived


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(FOLDERS)
    if unknown := set(wanted) - set(FOLDERS):
        sys.exit(f"no machine is called {', '.join(sorted(unknown))}; there are {', '.join(FOLDERS)}")
    sys.exit(1 if sum(run(kind) for kind in wanted) else 0)
