"""What a complainant is promised: who they are is seen for a purpose, or not at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select

from tests.cast import ADA, ANN, AUDRA, CARL, CAST, IRIS, LEO, MAX, PAM, RAY, RUTH, SAM
from tests.complaints.door import act, answer, come_back, tell
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.pages import PageClient
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.db.base import Base
from workflow.db.session import session
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
CANARY = "zxcanaryzx"
CONTACT = {"name": f"Wren {CANARY}", "reach": f"{CANARY}@nest.test", "safe": f"after {CANARY}"}
WORDS = {"narrative": f"The {CANARY}2 sang", "agency": f"{CANARY}2 county", "remedy": f"{CANARY}2"}

LISTS = (
    "/complaints",
    "/complaints/triage",
    "/queue",
    "/search?q=complaint",
    f"/search?q={CANARY}",
    "/agencies",
)


def stored() -> dict[str, str]:
    """Everything that is in the database, table by table, as text."""
    return {
        table.name: json.dumps(
            [
                {k: v.decode("latin-1") if isinstance(v, bytes) else str(v) for k, v in row.items()}
                for row in session().execute(table.select()).mappings()
            ]
        )
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("state", [State.RECEIVED, State.REFERRED_OUT, State.CLOSED, State.MERGED])
def test_no_table_holds_who_complained_or_what_they_said_in_the_open(house: House, state: State):
    complaint_at(house, state, contact=CONTACT, words=WORDS)

    leaks = [name for name, rows in stored().items() if CANARY in rows]

    assert leaks == []


def test_letters_are_asked_for_by_party_never_by_name(house: House):
    complaint_at(house, State.NOTIFIED, contact=CONTACT, words=WORDS)

    rows = stored()["outbox"]

    assert "complainant" in rows
    assert CANARY not in rows


@pytest.mark.parametrize("actor", CAST, ids=lambda a: a.name)
def test_no_page_shows_who_complained_without_a_purpose(sign_in: SignIn, house: House, actor: Actor):
    reference = complaint_at(house, State.IN_REVIEW, contact=CONTACT, words={"narrative": "x"})
    go(house, reference, "acknowledge")
    browser = sign_in(actor)
    pages = (
        *LISTS,
        f"/complaints/{reference}",
        f"/cases/{reference}/diagram",
        f"/complaints/{reference}/contact",
    )

    for address in pages:
        answer = browser.get(address)
        # The search box gives back what was typed into it.
        said = answer.text.replace(CANARY, "", 2) if "q=zx" in address else answer.text
        assert CANARY not in said, address
        assert CANARY not in str(answer.headers)


@pytest.mark.parametrize("actor", [SAM, IRIS, PAM, AUDRA], ids=lambda a: a.name)
def test_supervision_sees_the_complaint_but_neither_words_nor_contact(
    sign_in: SignIn, house: House, actor: Actor
):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT, words=WORDS)
    browser = sign_in(actor)

    page = browser.get(f"/complaints/{reference}")

    assert page.status_code == 200
    assert CANARY not in page.text
    assert browser.get(f"/complaints/{reference}/contact").status_code == 403


@pytest.mark.parametrize("state", State)
def test_an_agency_never_sees_that_there_is_a_complaint(sign_in: SignIn, house: House, state: State):
    reference = complaint_at(house, state, contact=CONTACT, words=WORDS)
    carl = sign_in(CARL)

    for address in (f"/complaints/{reference}", f"/cases/{reference}", f"/cases/{reference}/triage"):
        assert carl.get(address).status_code in (403, 404), address
    assert reference not in carl.get("/queue").text
    assert "Complaint about" not in carl.get("/queue").text


def test_the_administrator_sees_no_complaint(sign_in: SignIn, house: House):
    reference = received(house)

    assert sign_in(ADA).get(f"/complaints/{reference}").status_code == 403
    assert sign_in(ADA).get(f"/cases/{reference}").status_code == 404


def test_no_log_holds_what_was_told(client: PageClient, caplog: pytest.LogCaptureFixture, ctx: Flask):
    caplog.set_level(logging.DEBUG)

    answer(client, "contact", {"name": CANARY})
    _, code = tell(client, narrative=f"The {CANARY} sang", reach=f"{CANARY}@nest.test")
    client.send("/report/status", {"code": CANARY})
    come_back(client, code)
    act(client, "message", message=f"The {CANARY} again")

    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("asyncio")]
    assert [m for m in ours if CANARY in m] == []


def test_titles_name_the_agency_and_nobody_else(house: House):
    received(house, contact=CONTACT, words=WORDS)
    received(house, contact=CONTACT, words=WORDS, agency_id=None)

    titles = set(session().scalars(select(Complaint.title)))

    assert titles == {"Complaint about Alder County Sheriff's Office", "Complaint, agency not yet known"}


def test_every_sealed_column_is_bytes():
    sealed = {
        "complainant_contact.sealed",
        "contact_change.sealed",
        "complaint_words.sealed",
        "mailbox_message.sealed",
        "report_draft.sealed",
        "code_visit.sealed",
        "allegation.evidence",
        "allegation.rationale",
    }

    found: dict[str, Any] = {
        f"{t.name}.{c.name}": c.type for t in Base.metadata.sorted_tables for c in t.columns
    }

    assert {name for name in sealed if isinstance(found[name], LargeBinary)} == sealed


def test_who_works_on_it_reads_what_was_told(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.INVESTIGATING, words=WORDS)

    for actor in (ANN, RUTH, RAY, LEO, MAX):
        assert f"{CANARY}2" in sign_in(actor).get(f"/complaints/{reference}").text
    assert case_for(MAX, reference).id == complaint(reference).id
