"""Bringing notices, and word of letters, from the outbox to mailboxes. No letter itself travels by mail.

A message says that something waits and where; never what it is about, nor whom it concerns.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from workflow.db.session import session, transaction
from workflow.engine.actors import Role
from workflow.messages.models import Outbox
from workflow.people.models import Person
from workflow.people.queries import holding

#: After so many failures a message is given up and shown as failed.
TRIES: Final = 6
_SENDER: Final = "plumbline@localhost"
#: Word to somebody outside that a letter is there: it names neither the office nor the matter.
_WORD: Final = {
    "en": ("A message for you", "There is a new message for you. To read it, open this page:"),
    "es": ("Un mensaje para usted", "Hay un mensaje nuevo para usted. Para leerlo, abra esta página:"),
}
#: Where word of a letter goes: looked up when it is sent, never kept here. None where it may not be sent.
AddressOf: TypeAlias = Callable[[Outbox], str | None]
#: Whether somebody of the office may hear of the case of a notice, when it is sent.
MayHear: TypeAlias = Callable[[Outbox, Person], bool]


@dataclass(frozen=True, slots=True)
class Delivered:
    done: int
    failed: int


class Undeliverable(Exception):
    """The mail server (or the folder) would not take it. The text says what it answered."""


def nowhere(_row: Outbox) -> None:
    """No address for anybody outside."""


def deliver(
    mail_url: str,
    *,
    may_hear: MayHear,
    now: datetime,
    base_url: str = "",
    address_of: AddressOf = nowhere,
    most: int = 500,
) -> Delivered:
    """Send what is due, one recipient a message; each row in its own transaction.

    Who may hear of a case is asked now, not when the notice was written: people are recused meanwhile.
    """
    waiting = (
        select(Outbox.id)
        .where(Outbox.state == "queued", Outbox.kind.in_(("notice", "mail")), Outbox.next_at <= now)
        .order_by(Outbox.next_at, Outbox.id)
        .limit(most)
    )
    done = failed = 0
    for outbox_id in session().scalars(waiting).all():
        with transaction() as s:
            row = s.get(Outbox, outbox_id, with_for_update={"skip_locked": True})
            if row is None or row.state != "queued":
                continue
            _attempt(row, mail_url, _messages(row, base_url, address_of, may_hear), now)
            done += row.state in ("sent", "written")
            failed += row.state == "failed"
    return Delivered(done, failed)


def _attempt(row: Outbox, mail_url: str, messages: list[EmailMessage], now: datetime) -> None:
    row.attempts += 1
    try:
        for message in messages:
            send(mail_url, message)
    except Undeliverable as problem:
        # What a server answers may name whom it would not take: of people outside it is not kept.
        row.problem = str(problem)[:500] if row.kind == "notice" else "The mail server did not take it."
        row.next_at = now + timedelta(minutes=5 * 2**row.attempts)
        row.state = "failed" if row.attempts >= TRIES else "queued"
    else:
        done = "written" if mail_url.startswith("file:") else "sent"
        row.state = done if messages else "cancelled"
    if row.state != "queued":
        row.done_at = now


def recipients(row: Outbox, may_hear: MayHear) -> list[Person]:
    """Who of the office is told: the person named, or everybody of the role in the office of the case.

    Never who may not hear of the case, by whatever name they would be told.
    """
    if row.person_id is not None:
        person = session().get(Person, row.person_id)
        return [person] if person is not None and person.active and may_hear(row, person) else []
    everybody = [person for person in holding(Role(row.recipient)) if may_hear(row, person)]
    local = [p for p in everybody if row.office_id in {place.office_id for place in p.offices}]
    return local or [p for p in everybody if not p.offices]


def send(mail_url: str, message: EmailMessage) -> None:
    """Hand one message to the server, or write it into the folder. Raises `Undeliverable`."""
    parts = urlsplit(mail_url)
    try:
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{message['Message-ID'].strip('<>')}.eml").write_bytes(message.as_bytes())
            return
        with smtplib.SMTP(parts.hostname or "localhost", parts.port or 25, timeout=20) as server:
            if parts.username:
                server.starttls()
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as problem:
        raise Undeliverable(f"{type(problem).__name__}: {problem}") from problem


def _messages(row: Outbox, base_url: str, address_of: AddressOf, may_hear: MayHear) -> list[EmailMessage]:
    """What one row becomes: a message for each recipient, each to one alone."""
    if row.kind == "notice":
        text = f"Something waits for you. Sign in to see it: {base_url}/queue\n"
        return [
            _message(row, person.email, person.id, "Something waits for you in Plumbline", text)
            for person in recipients(row, may_hear)
        ]
    address = address_of(row)
    if address is None:
        return []
    subject, text = _WORD[row.codes.get("language", "en")]
    host = urlsplit(base_url).hostname or "localhost"
    message = _message(row, address, 0, subject, f"{text}\n{base_url}/report/status\n")
    message.replace_header("From", f"no-reply@{host}")
    message.replace_header("Message-ID", f"<{row.id}.0.{row.attempts}@{host}>")
    return [message]


def _message(row: Outbox, address: str, recipient: int, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = _SENDER
    message["To"] = address
    message["Subject"] = subject
    message["Message-ID"] = f"<{row.id}.{recipient}.{row.attempts}@plumbline>"
    message.set_content(text)
    return message
