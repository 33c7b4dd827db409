"""Letters brought to wait, shown and sent, for the tests of letters. No test lives here."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from tests.cast import ANN, MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, go, received
from workflow.cases.kinds import House
from workflow.cases.sweep import addresses, hearers
from workflow.complaints import letter_lists, letters
from workflow.complaints.facts import State
from workflow.complaints.letters import Chosen
from workflow.engine.actors import Actor
from workflow.messages.delivery import deliver
from workflow.messages.models import SentLetter
from workflow.messages.paper import Printed

BASE = "https://complaints.example.test"
CANARY = "zxcanaryzx"
SAFE_MAIL = {"name": f"Wren {CANARY}", "reach": f"{CANARY}@nest.test", "mail_safe": "yes"}
LONG_AFTER = MONDAY + timedelta(days=31)

#: How each letter comes to wait: the way to it, and what is answered.
WAYS: dict[str, tuple[State, str, dict[str, Any]]] = {
    "acknowledgement": (State.RECEIVED, "acknowledge", {}),
    "delay": (State.INVESTIGATING, "extend", {}),
    "referral": (State.TRIAGED, "refer_out", {}),
    "outcome": (State.DECIDED, "notify", {}),
    "closed_without_finding": (State.INVESTIGATING, "close_without_finding", {}),
    "no_jurisdiction": (State.TRIAGED, "reject_no_jurisdiction", {"where_instead": "The ombudsman"}),
    "withdrawal": (State.INVESTIGATING, "withdraw", {}),
    "appeal_affirmed": (State.APPEALED, "affirm", {}),
    "appeal_remanded": (State.APPEALED, "remand", {}),
}


def with_letter(house: House, name: str = "acknowledgement", **told: Any) -> tuple[str, int]:
    """A complaint on which this letter to the complainant waits, and its number."""
    if name == "need_more":
        reference = received(house, **told)
        seen = complaint(reference).version
        return reference, letters.ask_for(house, reference, RUTH, name, seen=seen, now=MONDAY)
    state, verb, answers = WAYS[name]
    reference = complaint_at(house, state, **told)
    go(house, reference, verb, **answers)
    return reference, number_of(reference, name)


def number_of(reference: str, name: str, to: str = "complainant") -> int:
    rows = letter_lists.wanted(complaint(reference))
    return max(n for n, row in enumerate(rows, start=1) if (row.name, row.recipient) == (name, to))


def composed(house: House, reference: str, number: int, *, now: Any = MONDAY, **chosen: Any) -> Printed:
    case = complaint(reference)
    row = letter_lists.wanted(case)[number - 1]
    given = Chosen(**{"language": "en", **chosen})
    made, _ = letters.compose(house, case, row, given, base_url=BASE, now=now)
    return made


def sent(
    house: House, reference: str, number: int, *, by: Actor = ANN, now: Any = MONDAY, **chosen: Any
) -> SentLetter:
    """The letter, sent as it was shown."""
    made = composed(house, reference, number, now=now, **chosen)
    letters.send(
        house,
        reference,
        by,
        number,
        Chosen(**{"language": "en", **chosen}),
        seen=complaint(reference).version,
        shown=made.digest,
        base_url=BASE,
        now=now,
    )
    found = letter_lists.letter_of(complaint(reference), number)
    assert found is not None
    return found


def mails(house: House, folder: Path, *, now: Any = MONDAY) -> list[Message]:
    """Every e-mail that goes out."""
    deliver(
        f"file://{folder}", may_hear=hearers(now=now), now=now, base_url=BASE, address_of=addresses(house)
    )
    return [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def aside(house: House, reference: str, number: int) -> None:
    seen = complaint(reference).version
    letters.set_aside(house, reference, RUTH, number, "Nobody knows who.", seen=seen, now=MONDAY)
