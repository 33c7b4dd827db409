"""Words of a case in columns of their own, sealed under its key. Those of its history are in `chronicle`."""

from __future__ import annotations

from workflow.cases.chronicle import ERASED, key_of, writing_key
from workflow.cases.models import Case, Task
from workflow.db.seal import Erased, Keyring, seal, unseal


def keep(case: Case, place: str, words: str, keyring: Keyring) -> bytes:
    """Words sealed for one place (table:reference:column) and no other. The case has its key already."""
    return seal(writing_key(case, keyring), words.encode(), place)


def read(case: Case, place: str, sealed: bytes | None, keyring: Keyring) -> str | None:
    """What was sealed for that place; None if there is nothing, "erased" once the key is gone."""
    if sealed is None:
        return None
    try:
        return unseal(key_of(case, keyring), sealed, place).decode()
    except Erased:
        return ERASED


def place_of(case: Case, column: str) -> str:
    """The place of a column of the case's own row."""
    return f"{case.__tablename__}:{case.reference}:{column}"


def keep_reason(task: Task, words: str | None, keyring: Keyring) -> bytes | None:
    """The reason of the latest move of a task, which is counted already; None for nothing."""
    return keep(task.case, _reason(task, task.move_count), words, keyring) if words else None


def reasons(task: Task, keyring: Keyring) -> dict[int, str]:
    """Why a task was moved, by the move's id; moves without a reason are left out."""
    found = {
        move.id: read(task.case, _reason(task, number), move.reason, keyring)
        for number, move in enumerate(task.moves, start=1)
    }
    return {key: words for key, words in found.items() if words is not None}


def _reason(task: Task, number: int) -> str:
    return f"task_move:{task.reference}:{task.number}:{number}:reason"
