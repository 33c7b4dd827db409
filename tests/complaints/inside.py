"""What the doors inside are sent, and what is looked at after it. No test lives here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from tests.pages import PageClient
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]

LETTER = {
    "channel": "mail",
    "received_on": "2026-01-02",
    "narrative": "Nobody wrote back.",
    "reach": "PO Box 1",
}


def only() -> Complaint:
    return session().scalars(select(Complaint)).one()


def how_many() -> int:
    return session().scalar(select(func.count()).select_from(Complaint)) or 0


def typed(browser: PageClient, to: str, answers: dict[str, Any]) -> Any:
    """What the script of the page sends while somebody types."""
    return browser.post(to, data=answers, headers={"X-Typing": "1"})
