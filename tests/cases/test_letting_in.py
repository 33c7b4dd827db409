"""One narrow door for the recused, where nobody else can: it closes by itself; who complained stays shut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tests.cases.recused import alone, let_in, now_, only_reviewer, open_tasks, recuse
from tests.cast import ANN, LEO, MAX, MONA, MONDAY, RUTH
from tests.complaints.walk import CONTACT, complaint, received
from tests.pages import PageClient
from workflow.cases import recusing
from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.models import Event, Task
from workflow.cases.perform import perform
from workflow.cases.recusals import LetIn
from workflow.cases.sweep import sweep
from workflow.cases.verify import verify
from workflow.complaints import contacts, mailbox
from workflow.complaints.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refused

SignIn = Callable[[Actor], PageClient]


def test_where_nobody_else_can_somebody_is_let_in_until_the_clock_says_no(house: House):
    reference = alone(house)

    let_in(house, reference, RUTH)

    assert case_for(now_(RUTH), reference).reference == reference
    assert case_for(now_(RUTH, after=timedelta(days=4, hours=23)), reference).reference == reference
    with pytest.raises(NotThere):
        case_for(now_(RUTH, after=timedelta(days=5)), reference)
    with pytest.raises(NotThere):
        case_for(RUTH, reference)  # for whom no moment is known


def test_who_was_let_in_can_take_the_step_and_a_day_later_cannot(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH, days=1)
    answers = {
        "tier": "3",
        "subject": "unknown",
        "recusal_checked": True,
        "duplicates_checked": True,
        "tier_reasons": "As it is.",
    }
    seen = complaint(reference).version
    later = timedelta(days=1, minutes=1)

    with pytest.raises(NotThere):
        perform(house, reference, "triage", now_(RUTH, after=later), answers, seen=seen, now=MONDAY + later)
    perform(house, reference, "triage", now_(RUTH), answers, seen=seen, now=MONDAY)

    assert complaint(reference).state == State.TRIAGED


def test_who_complained_stays_closed_to_who_was_let_in(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH)
    ruth, seen = now_(RUTH), complaint(reference).version

    with pytest.raises(Refused, match="not to learn who complained"):
        contacts.read_contact(house, reference, ruth, "ask", now=MONDAY)
    with pytest.raises(Refused, match="not to learn who complained"):
        contacts.change_contact(house, reference, ruth, {"reach": "me"}, seen=seen, now=MONDAY)
    with pytest.raises(Refused, match="not to learn who complained"):
        mailbox.mark_read(house, reference, ruth, seen=seen, now=MONDAY)

    assert mailbox.part_of(complaint(reference), ruth, house) is None


@pytest.mark.parametrize("reason", ["subject", "witness", "relative", "own_supervision"])
def test_nobody_is_let_in_to_a_case_about_themselves_or_theirs(house: House, reason: str):
    reference = received(house)
    only_reviewer()
    recuse(house, reference, RUTH, RUTH, reason)

    with pytest.raises(Refused, match="nobody is ever let in"):
        let_in(house, reference, RUTH)


def test_as_long_as_one_colleague_could_do_it_nobody_is_let_in(house: House):
    reference = received(house)
    recuse(house, reference, RUTH, RUTH)

    with pytest.raises(Refused, match="Recusal wins"):
        let_in(house, reference, RUTH)

    assert session().scalars(select(LetIn)).all() == []


def test_nobody_is_let_in_where_nothing_waits_for_them(house: House):
    reference = received(house)
    recuse(house, reference, MAX, LEO)

    with pytest.raises(Refused, match="Nothing of this case waits"):
        let_in(house, reference, LEO)


@pytest.mark.parametrize("days", [0, -1, 5.01, 400])
def test_a_door_is_open_for_five_days_at_most(house: House, days: float):
    reference = alone(house)

    with pytest.raises(Refused, match="At most 5 days"):
        let_in(house, reference, RUTH, days=days)


def test_a_door_needs_another_person_who_is_a_manager_and_a_reason(house: House):
    reference = alone(house)

    for by, why in ((ANN, "Nobody"), (MAX, "  ")):
        with pytest.raises(Refused):
            let_in(house, reference, RUTH, by=by, why=why)


def test_a_door_can_be_closed_before_its_time(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH)

    recusing.end_let_in(house, reference, MONA, RUTH.id, seen=complaint(reference).version, now=MONDAY)

    with pytest.raises(NotThere):
        case_for(now_(RUTH), reference)
    with pytest.raises(Refused):
        recusing.end_let_in(house, reference, MONA, RUTH.id, seen=complaint(reference).version, now=MONDAY)


def test_when_its_time_is_over_what_was_taken_through_a_door_goes_back(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH)
    with transaction() as s:
        s.execute(update(Task).where(Task.reference == reference).values(holder_id=RUTH.id, state="assigned"))

    for _ in range(2):
        sweep(house, now=MONDAY + timedelta(days=6))

    assert [t.holder_id for t in open_tasks(reference) if t.role == Role.REVIEWER] == [None]
    verbs = session().scalars(select(Event.verb).where(Event.verb == "end_let_in")).all()
    assert verbs == ["end_let_in"]
    assert verify().breaks == ()


def test_the_reason_for_a_door_lies_sealed(house: House):
    reference = alone(house)
    let_in(house, reference, RUTH, why="Everybody else is at the funeral of Wren.")

    rows = session().execute(text("SELECT * FROM recusal_override")).all()
    assert "Wren" not in str(rows)
    assert "Wren" not in str([e.codes for e in session().scalars(select(Event))])


def test_reading_back_is_refused_in_words_to_who_was_let_in_and_what_was_ticked_stays(
    house: House, sign_in: SignIn
):
    reference = alone(house)
    let_in(house, reference, RUTH)
    browser = sign_in(RUTH)
    path = f"/complaints/{reference}/read-back"

    refused = browser.send(path, {"open": "1", "corrected": "y"})

    assert refused.status_code == 422
    assert "not to learn who complained" in refused.text
    assert "<h1>Read back" in refused.text
    assert "checked" in refused.text
    assert CONTACT["reach"] not in refused.text


def test_a_call_written_on_with_a_contact_keeps_every_word_that_was_typed(house: House, sign_in: SignIn):
    reference = alone(house)
    let_in(house, reference, RUTH)
    browser = sign_in(RUTH)
    typed = {"narrative": "They laughed again.", "reach": "555 0199", "then": "read_back"}

    refused = browser.send(f"/complaints/{reference}/told", typed)

    assert refused.status_code == 422
    assert "not to learn who complained" in refused.text
    assert "They laughed again." in refused.text
    assert "555 0199" in refused.text


def test_the_contact_page_says_why_it_stays_closed_on_the_page_itself(house: House, sign_in: SignIn):
    reference = alone(house)
    let_in(house, reference, RUTH)

    refused = sign_in(RUTH).send(f"/complaints/{reference}/contact", {"purpose": "protect"})

    assert refused.status_code == 422
    assert "<h1>Contact of the complainant" in refused.text
    assert "not to learn who complained" in refused.text
    assert CONTACT["name"] not in refused.text
