"""Erasing for good: two people, nothing that is held or open, and a history that still verifies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.cast import ALDER, ANN, AUDRA, HAL, MAX, MONA, MONDAY, PAM, PASSWORD, PETE, RUTH, email_of
from tests.complaints.door import come_back
from tests.complaints.walk import CONTACT, PEPPER, complaint, go
from tests.pages import PageClient
from workflow.cases import followups
from workflow.cases.access import NotThere, case_for
from workflow.cases.followups import open_ones
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.cases.recusing import recuse
from workflow.cases.verify import verify
from workflow.complaints import mailbox, service
from workflow.complaints.erase_commands import end_command, erase_command, place_command
from workflow.complaints.erasing import Erasure, LegalHold, end_hold, erase, hold, why_erased
from workflow.complaints.mailbox import messages_of
from workflow.complaints.sealed import contact_of, words_of
from workflow.complaints.word_index import WordIndex
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused
from workflow.messages.models import Outbox
from workflow.people.service import switch_off

SignIn = Callable[[Actor], PageClient]
WHY = "Ten years are over."
SAID = "They laughed at the interpreter."


@pytest.fixture
def told(house: House) -> service.Received:
    """A complaint of the public door that was closed, and on which nothing is owed any more."""
    said = service.Told(
        channel="web",
        words={"narrative": SAID},
        contact=CONTACT,
        allegations=("courtesy",),
        agency_id=ALDER,
    )
    taken = service.receive(house, said, ANN, pepper=PEPPER, form_key="for this test", now=MONDAY)
    mailbox.answer(house, taken.reference, "It was a Friday.", key=None, now=MONDAY)
    go(house, taken.reference, "triage", "close_without_finding", "notify", "close")
    settle(house, taken.reference)
    return taken


def settle(house: House, reference: str) -> None:
    """Nothing waits any more: letters are set aside, what was promised is done."""
    with transaction() as s:
        case = case_for(SYSTEM, reference, lock=True)
        for promised in open_ones(case):
            followups.settle(house, case, promised.kind, promised.about, SYSTEM, "done", now=MONDAY)
        s.execute(update(Outbox).where(Outbox.reference == reference).values(state="cancelled"))


def run(app: Flask, command: Any, *arguments: str, passwords: tuple[str, ...] = (PASSWORD, PASSWORD)) -> Any:
    session().rollback()
    given = "".join(f"{password}\n" for password in passwords)
    return app.test_cli_runner().invoke(command, list(arguments), input=given)


def erase_it(app: Flask, reference: str, by: Actor = MAX, second: Actor = PAM, **more: Any) -> Any:
    people = ("--by", email_of(by), "--second", email_of(second))
    return run(app, erase_command, reference, "--reason", WHY, *people, **more)


def is_whole(house: House, reference: str) -> bool:
    """Whether nothing was erased."""
    session().rollback()
    return words_of(complaint(reference), house.keyring).get("narrative") == SAID


# --- what is gone, and what stays -----------------------------------------------------------------


def test_words_identity_and_messages_are_gone_and_the_history_still_verifies(
    ctx: Flask, house: House, told: service.Received
):
    before = len(complaint(told.reference).events)

    done = erase_it(ctx, told.reference)

    assert done.exit_code == 0, done.output
    assert "It cannot be undone." in done.output
    case = complaint(told.reference)
    assert words_of(case, house.keyring) == contact_of(case, house.keyring) == {}
    assert [message.text for message in messages_of(case, house)] == ["erased"]
    assert session().scalars(select(WordIndex).where(WordIndex.complaint_id == case.id)).all() == []
    key = session().get_one(CaseKey, case.id)
    assert (key.wrapped, key.erased_at) == (None, MONDAY)
    last = case.events[-1]
    assert len(case.events) == before + 1
    assert (last.verb, last.actor_id, last.second_id, last.codes) == (
        "erase",
        MAX.id,
        PAM.id,
        {"documents": 0},
    )
    assert verify().breaks == ()


def test_the_page_says_that_it_was_erased_why_and_by_whom(
    ctx: Flask, sign_in: SignIn, told: service.Received
):
    erase_it(ctx, told.reference)

    ruth, audra = (sign_in(who).get(f"/complaints/{told.reference}").text for who in (RUTH, AUDRA))

    assert "Erased. Why: Ten years are over." in ruth
    assert "Words, identity, contact and documents erased" in ruth
    assert "Max Manager" in ruth
    assert WHY not in audra
    for page in (ruth, audra):
        assert "laughed" not in page
        assert "Friday" not in page


def test_the_reason_is_in_no_hashed_byte_and_not_in_the_open(
    ctx: Flask, house: House, told: service.Received
):
    erase_it(ctx, told.reference)

    case = complaint(told.reference)
    kept = session().get_one(Erasure, case.id).why

    assert why_erased(case, house.keyring) == WHY
    assert WHY.encode() not in kept + b"".join(event.canon for event in case.events)


def test_who_comes_back_with_the_code_is_told_and_can_write_nothing_more(
    ctx: Flask, client: PageClient, told: service.Received
):
    erase_it(ctx, told.reference)

    page = come_back(client, told.code)
    late = client.submit(page, {"act": "message", "message": "One more thing"}, to="/report/status")

    assert "what you told us was erased" in page.text
    assert "Friday" not in page.text
    assert "Get a new code" not in page.text
    assert late.status_code == 302
    assert complaint(told.reference).events[-1].verb == "erase"


def test_a_key_that_was_destroyed_is_not_put_back(ctx: Flask, told: service.Received):
    erase_it(ctx, told.reference)
    session().rollback()

    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(update(CaseKey).values(wrapped=b"an old one"))


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "second", "says"),
    [
        (MAX, MAX, "these are one"),
        (RUTH, PAM, "Ruth Reviewer is neither manager nor programme manager"),
        (PAM, RUTH, "Ruth Reviewer is neither manager nor programme manager"),
        (AUDRA, PAM, "Audra Auditor is neither"),
    ],
)
def test_it_takes_two_people_of_the_role(
    ctx: Flask, house: House, told: service.Received, by: Actor, second: Actor, says: str
):
    refused = erase_it(ctx, told.reference, by, second)

    assert refused.exit_code == 1
    assert says in refused.output
    assert is_whole(house, told.reference)


def test_who_does_not_see_it_does_not_erase_it(ctx: Flask, house: House, told: service.Received):
    hidden = erase_it(ctx, told.reference, PAM, HAL)
    unknown = erase_it(ctx, "C-2026-00000000-0", PAM, HAL)

    assert (hidden.exit_code, unknown.exit_code) == (1, 1)
    assert hidden.output.replace(told.reference, "") == unknown.output.replace("C-2026-00000000-0", "")
    assert is_whole(house, told.reference)


def test_both_give_their_passwords(ctx: Flask, house: House, told: service.Received):
    wrong = erase_it(ctx, told.reference, passwords=(PASSWORD, "somebody else's"))

    assert wrong.exit_code == 1
    assert "this is not its password" in wrong.output
    assert PASSWORD not in wrong.output
    assert is_whole(house, told.reference)


def test_an_account_that_was_switched_off_agrees_to_nothing(ctx: Flask, house: House, told: service.Received):
    session().rollback()
    switch_off(PETE.id, successor_id=None, by=SYSTEM, now=MONDAY)

    refused = erase_it(ctx, told.reference, MAX, PETE)

    assert refused.exit_code == 1
    assert is_whole(house, told.reference)


def test_who_is_recused_does_not_erase_it(house: House, told: service.Received):
    seen = complaint(told.reference).version
    recuse(house, told.reference, MONA, MONA.id, "relative", seen=seen, now=MONDAY)

    for by, second in ((MONA, PAM), (PAM, MONA)):
        with pytest.raises((Refused, NotThere)):
            erase(house, told.reference, by, second, reason=WHY, now=MONDAY)

    assert is_whole(house, told.reference)


# --- what must be kept ----------------------------------------------------------------------------


def test_what_is_open_or_owed_is_not_erased(house: House, told: service.Received):
    mailbox.answer(house, told.reference, "Look again", kind=mailbox.REVIEW, key=None, now=MONDAY)
    with pytest.raises(Refused, match="owed"):
        erase(house, told.reference, MAX, PAM, reason=WHY, now=MONDAY)
    go(house, told.reference, "appeal")

    with pytest.raises(Refused, match="open"):
        erase(house, told.reference, MAX, PAM, reason=WHY, now=MONDAY)

    assert is_whole(house, told.reference)


def test_what_is_held_is_not_erased_until_somebody_else_ends_it(house: House, told: service.Received):
    assert hold(house, told.reference, MAX, "litigation", now=MONDAY)
    assert not hold(house, told.reference, PAM, "litigation", now=MONDAY)
    with pytest.raises(Refused, match="It is held"):
        erase(house, told.reference, MAX, PAM, reason=WHY, now=MONDAY)
    with pytest.raises(Refused, match="another person"):
        end_hold(house, told.reference, MAX, "litigation", now=MONDAY)

    end_hold(house, told.reference, PAM, "litigation", now=MONDAY)
    erase(house, told.reference, MAX, PAM, reason=WHY, now=MONDAY)

    verbs = [event.verb for event in complaint(told.reference).events]
    assert verbs[-3:] == ["legal_hold", "end_legal_hold", "erase"]
    assert verify().breaks == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE case_key SET wrapped = NULL",
        "DELETE FROM legal_hold",
        "UPDATE legal_hold SET kind = 'audit'",
        f"UPDATE legal_hold SET ended_at = placed_at, ended_by_id = {MAX.id}",
    ],
)
def test_the_database_itself_keeps_what_is_held(house: House, told: service.Received, change: str):
    hold(house, told.reference, MAX, "criminal", now=MONDAY)
    session().rollback()

    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(text(change))

    assert is_whole(house, told.reference)
    assert session().scalars(select(LegalHold.ended_at)).all() == [None]


def test_holds_are_placed_and_ended_at_the_keyboard(ctx: Flask, told: service.Received):
    by_max, by_pam = ("--by", email_of(MAX)), ("--by", email_of(PAM))

    placed = run(ctx, place_command, told.reference, "audit", *by_max)
    own = run(ctx, end_command, told.reference, "audit", *by_max)
    ended = run(ctx, end_command, told.reference, "audit", *by_pam)
    gone = run(ctx, end_command, told.reference, "audit", *by_pam)

    assert [each.exit_code for each in (placed, own, ended, gone)] == [0, 1, 0, 1]
    assert "another person has to" in own.output


@pytest.mark.parametrize("why", ["", "   ", "x" * 501])
def test_a_reason_is_needed(house: House, told: service.Received, why: str):
    with pytest.raises(Refused, match="Say why"):
        erase(house, told.reference, MAX, PAM, reason=why, now=MONDAY)

    assert is_whole(house, told.reference)


def test_what_was_erased_is_not_erased_again(house: House, told: service.Received):
    erase(house, told.reference, MAX, PAM, reason=WHY, now=MONDAY)

    with pytest.raises(Refused, match="erased"):
        erase(house, told.reference, MAX, PAM, reason=WHY, now=MONDAY)
