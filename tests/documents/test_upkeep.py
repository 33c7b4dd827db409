"""Documents nobody asks about: looked at again, compared, tidied up; the commands for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import obstore
import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.cast import MONDAY, RUTH
from tests.complaints.walk import complaint, received
from tests.documents import corpus
from tests.documents.corpus import Sent
from workflow.cases.document_commands import documents as command
from workflow.cases.document_commands import tend
from workflow.cases.enclosures import enclose_in, key_or_none
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.db.session import db, session, transaction
from workflow.documents import queries, staging, storage, upkeep
from workflow.documents.models import Custody, Document
from workflow.documents.storage import Cabinet

HOLDER = "a random value of a session"
#: The storage has a clock of its own, which is the machine's.
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def cabinet(ctx: Flask, house: House) -> Cabinet:
    """An empty cabinet, which the commands use as well."""
    made = Cabinet(storage.opened("memory://"), house.keyring)
    ctx.extensions["documents"] = made
    return made


def enclosed(house: House, cabinet: Cabinet, name: str = "p.jpg", content: bytes | None = None) -> str:
    """A complaint with a document; its reference."""
    reference = received(house)
    sent = Sent(name, corpus.jpeg() if content is None else content)
    token = staging.stage(cabinet, sent, holder=HOLDER, now=MONDAY).token
    enclose_in(house, reference, [token], RUTH, holder=HOLDER, now=MONDAY)
    return reference


def the_document() -> Document:
    return session().scalars(select(Document)).one()


def overwritten(cabinet: Cabinet, place: str, content: bytes) -> None:
    obstore.put(cabinet.store, f"{place[:2]}/{place}", content, mode="overwrite")


# --- comparing --------------------------------------------------------------------------------


def test_documents_that_are_what_was_kept_are_said_to_be(ctx: Flask, house: House, cabinet: Cabinet):
    enclosed(house, cabinet)

    ran = ctx.test_cli_runner().invoke(command, ["check"])

    assert (ran.exit_code, ran.output) == (0, "1 documents: every one is what was kept.\n")


def test_a_changed_and_a_missing_file_are_named(ctx: Flask, house: House, cabinet: Cabinet):
    reference = enclosed(house, cabinet)
    row = the_document()
    overwritten(cabinet, row.place, b"something else")
    storage.remove(cabinet, row.copy_place or "")

    ran = ctx.test_cli_runner().invoke(command, ["check", "--sample", "5"])

    assert ran.exit_code == 1
    assert ran.output.splitlines() == [
        f"{reference}, document 1: the original is not there, or was changed",
        f"{reference}, document 1: the safe copy is not there, or was changed",
    ]


def test_a_document_put_in_the_place_of_another_is_noticed(house: House, cabinet: Cabinet):
    reference = enclosed(house, cabinet)
    enclosed(house, cabinet, "other.txt", b"Something else.")
    one, other = session().scalars(select(Document).order_by(Document.id))
    with transaction() as s:
        s.execute(update(Document).where(Document.id == one.id).values(copy_place=other.copy_place))
    case = complaint(reference)

    found = list(upkeep.differences(cabinet, one.id, key=key_or_none(house, case)))

    assert found == ["the safe copy is not what its custody says"]


def test_erased_documents_are_still_compared_as_they_lie_there(ctx: Flask, house: House, cabinet: Cabinet):
    enclosed(house, cabinet)
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None, erased_at=MONDAY))
    session().remove()

    whole = ctx.test_cli_runner().invoke(command, ["check"])
    overwritten(cabinet, the_document().place, b"something else")
    changed = ctx.test_cli_runner().invoke(command, ["check"])

    assert (whole.exit_code, changed.exit_code) == (0, 1)


# --- custody ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document_event SET person_id = 1",
        "DELETE FROM document_event",
        "UPDATE document SET place = 'elsewhere'",
        "UPDATE document SET received_at = '2020-01-01 00:00:00'",
        "DELETE FROM document",
    ],
)
def test_the_database_refuses_to_change_what_happened_to_a_document(
    house: House, cabinet: Cabinet, statement: str
):
    enclosed(house, cabinet)
    session().rollback()

    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(statement))

    assert session().scalars(select(Custody.what)).all() == ["received", "checked", "copied"]


# --- looking again ----------------------------------------------------------------------------


def test_what_nobody_could_look_at_is_looked_at_by_the_next_sweep(house: House, cabinet: Cabinet):
    enclosed(house, replace(cabinet, scanner="/nowhere/clamd.sock"))
    assert the_document().state == "quarantined"

    still_away = tend(house, replace(cabinet, scanner="/nowhere/clamd.sock"), now=MONDAY)
    back = tend(house, cabinet, now=MONDAY + timedelta(hours=1))

    row = the_document()
    assert (still_away, back, row.state, row.copy_kind) == (0, 1, "checked", "jpg")
    assert [touch.what for touch in queries.custody_of(row)] == ["received", "checked", "copied"]


def test_what_turns_out_to_be_unfit_stays_closed(house: House, cabinet: Cabinet):
    enclosed(house, replace(cabinet, scanner="/nowhere/clamd.sock"), "p.jpg", corpus.jpeg()[:30])

    tend(house, cabinet, now=MONDAY)

    row = the_document()
    assert (row.state, row.copy_place) == ("refused", None)
    assert queries.custody_of(row)[-1].what == "refused"
    assert tend(house, cabinet, now=MONDAY) == 0, "it is not looked at for ever"


# --- tidying ----------------------------------------------------------------------------------


def test_what_no_row_names_is_thrown_away_once_it_is_old(ctx: Flask, house: House, cabinet: Cabinet):
    enclosed(house, cabinet)
    row = the_document()
    loose = storage.put(cabinet, b"left by an upload that ended half-way")
    new = datetime.now(UTC)  # noqa: TID251 - the storage goes by the clock of the machine

    early = upkeep.tidy(cabinet, now=new)
    late = upkeep.tidy(cabinet, now=LONG_AFTER)

    assert (early, late) == (0, 1)
    assert {place for place, _ in storage.places(cabinet)} == {row.place, row.copy_place}
    assert loose not in {row.place, row.copy_place}


def test_tidying_says_what_it_threw_away(ctx: Flask, house: House, cabinet: Cabinet):
    staging.stage(cabinet, Sent("n.txt", b"Never sent."), holder=HOLDER, now=MONDAY)
    ctx.extensions["clock"].now = MONDAY + timedelta(days=2)

    ran = ctx.test_cli_runner().invoke(command, ["tidy"])

    assert ran.output == "1 uploads that were never sent, 0 left-over contents: thrown away.\n"
    assert list(storage.places(cabinet)) == []
