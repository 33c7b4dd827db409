"""Coming back with the code: where it stands, messages, requests; guessing leads nowhere."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests.cast import ALDER, ANN, CARL, MONDAY, RUTH
from tests.complaints.door import act, come_back, tell
from tests.complaints.walk import PEPPER, WAYS, complaint, go, imported, received
from tests.conftest import Clock
from tests.pages import PageClient, hidden_fields
from workflow.cases.followups import open_ones
from workflow.cases.kinds import House
from workflow.complaints import receipt, service
from workflow.complaints.allegations import allege
from workflow.complaints.expected import PUBLIC_WORDS, TOGETHER_ENDED, where_it_stands
from workflow.complaints.facts import State
from workflow.complaints.mailbox import messages_of
from workflow.complaints.models import ReceiptCode
from workflow.complaints.sealed import contact_of
from workflow.complaints.service import name_agency
from workflow.complaints.visits import CodeVisit
from workflow.db.session import db, session, transaction
from workflow.engine.actors import Actor
from workflow.web.limits import CODE_NETWORK, CODE_PREFIX

SignIn = Callable[[Actor], PageClient]
WRONG = "This is not a code of ours"


def coded(house: House, state: State) -> tuple[str, str]:
    """A complaint from the public door brought to a state, and its code."""
    said = service.Told(channel="web", words={"narrative": "They laughed."}, allegations=("courtesy",))
    form_key = secrets.token_urlsafe(8)
    taken = service.receive(house, said, ANN, pepper=PEPPER, form_key=form_key, now=MONDAY)
    name_agency(house, taken.reference, ANN, ALDER, seen=complaint(taken.reference).version, now=MONDAY)
    go(house, taken.reference, *WAYS[state])
    return taken.reference, taken.code


# --- what is told ---------------------------------------------------------------------------------


def test_anybody_can_come_back_with_the_code_and_its_letters_may_be_small(client: PageClient, ctx: Flask):
    _, code = tell(client)

    page = come_back(client, code.lower().replace("-", " "))

    assert str(PUBLIC_WORDS[State.RECEIVED]) in page.text


@pytest.mark.parametrize("state", [s for s in State if s is not State.VOIDED])
def test_what_a_complainant_is_told_is_plain_and_gives_nothing_away(
    client: PageClient, house: House, state: State
):
    reference, code = coded(house, state)

    told = come_back(client, code)

    words = str(PUBLIC_WORDS[state])
    assert words in told.text
    assert f"Its number is {reference}." in told.text
    assert not re.search(r"\bhold|criminal|investigat|tier|sustain|void", words)
    assert "Ruth" not in told.text


def test_every_state_has_its_words():
    assert set(PUBLIC_WORDS) == set(State)


def test_who_was_merged_is_told_when_the_other_one_ended(house: House):
    merged, _ = coded(house, State.MERGED)
    parent = complaint(merged).parent_reference
    assert parent
    before = where_it_stands(complaint(merged))

    with transaction():
        complaint(parent).closed_at = MONDAY

    assert before == str(PUBLIC_WORDS[State.MERGED])
    assert where_it_stands(complaint(merged)) == str(TOGETHER_ENDED)


def test_who_was_entered_by_mistake_is_told_so(house: House):
    reference = imported(house, "received")
    go(house, reference, "void_import")

    assert "by mistake" in where_it_stands(complaint(reference))


# --- what can be asked for ------------------------------------------------------------------------


def test_a_message_arrives_once_and_is_work_for_the_office(client: PageClient, house: House):
    reference, code = tell(client)
    come_back(client, code)
    page = client.get("/report/status")

    for _ in range(2):
        sent = client.submit(page, {"act": "message", "message": "It was on a Friday."}, to="/report/status")
        assert sent.status_code == 303

    [message] = messages_of(complaint(reference), house)
    assert (message.text, message.from_office, message.is_read) == ("It was on a Friday.", False, False)
    assert [f.kind for f in open_ones(complaint(reference))] == ["message"]
    assert "It was on a Friday." in client.get("/report/status").text


def test_another_way_to_reach_them_takes_the_place_of_the_old_one(client: PageClient, house: House):
    reference, code = tell(client, reach="wren@nest.test")
    page = come_back(client, code)
    assert "wren@nest.test" not in page.text

    neither = act(client, "contact", name="Wren")
    torn = act(client, "contact", reach="555 0199", page_only="y", phone_safe="y")
    changed = act(client, "contact", reach="555 0199", safe="mornings", phone_safe="y")
    now_reached = contact_of(complaint(reference), house.keyring)
    stopped = act(client, "contact", stop="y")

    assert neither.status_code == torn.status_code == 422
    assert changed.status_code == stopped.status_code == 303
    assert now_reached == {"reach": "555 0199", "safe": "mornings", "phone_safe": "yes"}
    assert contact_of(complaint(reference), house.keyring) == {}
    assert complaint(reference).contact_possible is False


def test_taking_it_back_is_asked_for_and_changes_nothing_by_itself(client: PageClient, house: House):
    reference, code = tell(client)
    come_back(client, code)

    asked = act(client, "withdraw", why="I am afraid", freely="")

    assert asked.status_code == 303
    case = complaint(reference)
    assert case.state == State.RECEIVED
    [work] = open_ones(case, "withdrawal")
    assert (work.task.role, work.task.closed_at) == ("intake", None)
    assert messages_of(case, house)[0].kind == "withdrawal"


def test_a_review_can_be_asked_for_once_it_has_ended(client: PageClient, house: House):
    reference, code = coded(house, State.CLOSED)
    page = come_back(client, code)
    assert "Take your report back" not in page.text

    empty = act(client, "review", grounds="")
    asked = act(client, "review", grounds="Nobody asked my cousin.")

    assert (empty.status_code, asked.status_code) == (422, 303)
    case = complaint(reference)
    assert case.state == State.CLOSED
    [work] = open_ones(case, "review")
    assert (work.task.role, work.task.closed_at) == ("intake", None)
    go(house, reference, "appeal")
    assert complaint(reference).state == State.APPEALED


def test_what_cannot_be_asked_for_is_not_taken(client: PageClient, house: House):
    reference, code = tell(client)
    come_back(client, code)

    for forged in ("review", "close", "end\0", "decide"):
        refused = act(client, forged, grounds="Because")
        assert refused.status_code == 302

    assert messages_of(complaint(reference), house) == []


def test_pictures_can_be_added_until_it_has_ended(client: PageClient, house: House):
    reference, code = tell(client)
    fields = hidden_fields(come_back(client, code).text)

    def add(name: str, content: bytes) -> int:
        files = (io.BytesIO(content), name)
        return client.post("/report/status/documents", data={**fields, "files": files}).status_code

    assert add("note.txt", b"What I saw.") == 303
    assert add("virus.exe", b"MZ\x90\x00") == 422
    assert client.post("/report/status/documents", data=fields).status_code == 422
    assert [e.verb for e in complaint(reference).events].count("add_document") == 1


def test_what_is_typed_in_the_other_language_is_kept(client: PageClient, ctx: Flask):
    _, code = tell(client)
    come_back(client, code)

    switched = client.send("/report/status", {"act": "message", "message": "Fue un viernes", "speak": "es"})

    assert "Fue un viernes" in switched.text
    assert '<html lang="es">' in switched.text


# --- a visit ends ---------------------------------------------------------------------------------


def test_a_visit_ends_after_ten_minutes_without_a_page(client: PageClient, clock: Clock, ctx: Flask):
    _, code = tell(client)
    page = come_back(client, code)
    for _ in range(3):
        clock.now += timedelta(minutes=9)
        page = client.get("/report/status")
        assert "Where it stands" in page.text

    clock.now += timedelta(minutes=11)
    late = client.submit(page, {"act": "message", "message": "Typed too late"}, to="/report/status")

    assert late.status_code == 409
    assert "Typed too late" in late.text
    assert "The code on your receipt" in client.get("/report/status").text


def test_its_holder_ends_a_visit_and_the_cookie_opens_nothing_more(client: PageClient, ctx: Flask):
    _, code = tell(client)
    come_back(client, code)
    kept = client.get_cookie("plumbline-code")
    assert kept

    act(client, "end")
    client.set_cookie("plumbline-code", kept.value)

    assert "The code on your receipt" in client.get("/report/status").text
    assert session().scalars(select(CodeVisit)).all() == []


@pytest.mark.parametrize("cookie", ["", "x", "x.1.y", "a" * 3000, "ü", "token.99999999999999999999.sig"])
def test_a_cookie_that_is_not_ours_opens_nothing(client: PageClient, cookie: str):
    client.set_cookie("plumbline-code", cookie)

    assert client.get("/report/status").status_code == 200


def test_the_visit_of_a_code_has_nothing_to_do_with_a_staff_sign_in(sign_in: SignIn, house: House):
    _, code = coded(house, State.RECEIVED)
    carl = sign_in(CARL)

    page = come_back(carl, code)
    act(carl, "end")

    assert "Carl" not in page.text
    assert "Carl" in carl.get("/account").text


# --- guessing -------------------------------------------------------------------------------------


def shape(client: PageClient, code: str) -> tuple[object, ...]:
    """What the answer to a code is made of, and the work behind it: values that differ by chance left out."""
    page = client.get("/report/status")
    asked: list[str] = []
    watch = lambda *said: asked.append(re.sub(r"\W+", " ", said[2])[:60])  # noqa: E731
    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", watch)
    try:
        answered = client.submit(page, {"code": code}, to="/report/status")
    finally:
        event.remove(engine, "before_cursor_execute", watch)
    names = sorted((k, len(v)) for k, v in answered.headers.items() if k not in ("Date", "Retry-After"))
    return answered.status_code, len(answered.data), names, asked


def test_a_right_and_a_wrong_code_are_answered_alike_until_one_of_them_opened_something(
    app: Flask, house: House
):
    _, right = coded(house, State.RECEIVED)
    wrong = receipt.code_for("somebody else's form", b"somebody else's pepper")
    malformed = right[:-1] + ("2" if right[-1] != "2" else "3")

    shapes = []
    for code in (right, wrong, malformed):
        browser = app.test_client()
        assert isinstance(browser, PageClient)
        shapes.append(shape(browser, code))

    assert shapes[0] == shapes[1] == shapes[2]
    assert shapes[0][0] == 302


def test_a_wrong_code_is_shown_again_to_be_put_right_and_opens_nothing(client: PageClient, ctx: Flask):
    page = come_back(client, "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-234")

    assert WRONG in page.text
    assert 'value="ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-234"' in page.text
    assert "You told us" not in page.text


def test_the_row_of_a_right_code_does_not_hold_it(client: PageClient, house: House):
    _, code = coded(house, State.RECEIVED)
    come_back(client, code)

    row = session().scalars(select(CodeVisit)).one()
    fingerprints = set(session().scalars(select(ReceiptCode.fingerprint)))

    assert code.replace("-", "") not in str(row.sealed)
    assert row.key not in fingerprints


def test_guessing_is_slowed_down_by_network_and_the_typed_code_is_kept(client: PageClient, clock: Clock):
    page = client.get("/report/status")
    answers = [
        client.submit(page, {"code": f"{n:04} guess"}, to="/report/status").status_code
        for n in range(CODE_NETWORK.free)
    ]

    slowed = client.submit(page, {"code": "nonsense"}, to="/report/status")

    assert set(answers) == {302}
    assert slowed.status_code == 429
    assert "You can try again in 10 seconds." in slowed.text
    assert 'value="nonsense"' in slowed.text


def test_guessing_around_one_code_is_slowed_down_from_wherever_it_comes(client: PageClient, ctx: Flask):
    page = client.get("/report/status")
    answers = [
        client.post(
            "/report/status",
            data={**hidden_fields(page.text), "code": f"ABCD-{n:04}"},
            environ_overrides={"REMOTE_ADDR": f"10.0.{n}.1"},
        ).status_code
        for n in range(CODE_PREFIX.free + 1)
    ]

    assert answers == [302] * CODE_PREFIX.free + [429]


def test_a_number_of_a_case_is_not_enough(client: PageClient, house: House):
    page = come_back(client, received(house))

    assert WRONG in page.text


def test_the_office_writes_and_the_holder_of_the_code_reads(
    sign_in: SignIn, client: PageClient, house: House
):
    reference, code = coded(house, State.RECEIVED)
    allege(house, reference, ANN, "force", "unknown", seen=complaint(reference).version, now=MONDAY)
    sign_in(RUTH).send(f"/complaints/{reference}/messages", {"message": "Which day was it?"})

    page = come_back(client, code).text

    assert "Which day was it?" in page
    assert "From us, January 5, 2026" in page
    assert "Ruth" not in page
