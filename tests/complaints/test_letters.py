"""Letters of a complaint: what was shown is what goes out, and nothing gives away who complained."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.cast import ANN, AUDRA, CARL, LEO, MAX, MONDAY, RUTH, SAM
from tests.complaints.walk import ask, complaint, complaint_at, go, imported, received
from tests.pages import PageClient
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.cases.sweep import addresses, hearers, sweep
from workflow.cases.undoing import undo
from workflow.cases.verify import verify
from workflow.complaints import allegations, letter_lists, letters, mailbox
from workflow.complaints.asking import question
from workflow.complaints.facts import CLOSING_REASONS, DESTINATIONS, State
from workflow.complaints.letter_kinds import LETTERS
from workflow.complaints.letters import Chosen
from workflow.complaints.models import ContactReading
from workflow.complaints.search import search
from workflow.complaints.service import change_contact
from workflow.complaints.word_index import reindex
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale
from workflow.messages.delivery import deliver
from workflow.messages.models import Outbox, SentLetter
from workflow.messages.paper import Printed
from workflow.messages.wording import words

SignIn = Callable[[Actor], PageClient]
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


def words_on(pdf: bytes) -> str:
    """The words of a PDF, as whoever copies them gets them."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        said = ""
        for page in opened.pages:
            said += _decoded(page)
    return said


def _decoded(page: pikepdf.Page) -> str:
    fonts = {name: _unicode_of(font) for name, font in page.Resources.Font.items()}
    said, font = "", ""
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        operator = instruction.operator
        if str(operator) == "Tf":
            font = str(operands[0])
        if str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
                    said += "".join(fonts[font].get(code, "?") for code in codes)
        if str(operator) == "ET":
            said += " "
    return said


def _unicode_of(font: Any) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>\n", table)
    return {int(code, 16): bytes.fromhex(said).decode("utf-16-be") for code, said in found}


def mails(house: House, folder: Path, *, now: Any = MONDAY) -> list[Message]:
    """Every e-mail that goes out."""
    deliver(
        f"file://{folder}", may_hear=hearers(now=now), now=now, base_url=BASE, address_of=addresses(house)
    )
    return [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


# --- every letter, in both languages --------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", [name for name, _ in LETTERS])
def test_every_letter_to_a_complainant_can_be_written_in_both_languages(
    house: House, name: str, language: str
):
    reference, number = with_letter(house, name)

    made = composed(house, reference, number, language=language, paragraph="Call us.")

    assert reference in made.text
    assert "Call us." in made.text
    assert "{{" not in made.text
    assert "Canary" not in made.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("to", ["subject", "agency"])
def test_an_outcome_is_told_to_each_party_in_both_languages(house: House, to: str, language: str):
    reference = complaint_at(house, State.NOTIFIED)

    made = composed(house, reference, number_of(reference, "outcome", to), language=language)

    assert "8 CFR 287.10" in made.text
    assert words(language)["dispositions"]["sustained"] in made.text
    assert words(language)["months"][0] in made.text
    before, _, after = made.text.partition(f"{reference}\n")
    after = after.replace(reference, "")
    assert not re.search(r"\b5\b", after), "the day is told on the letterhead alone"
    assert before


def test_where_nothing_is_sustained_the_subject_is_told_so_and_nothing_goes_to_the_file(house: House):
    reference = complaint_at(house, State.IN_REVIEW)
    allegations.dispose(
        house,
        reference,
        MAX,
        1,
        "unfounded",
        "preponderance",
        "No.",
        seen=complaint(reference).version,
        now=MONDAY,
    )
    ask(house, reference, "decide")
    go(house, reference, "notify")

    made = composed(house, reference, number_of(reference, "outcome", "subject"))

    assert made.title == "A complaint that was not sustained"
    assert "nothing about it is put into your personnel file (8 CFR 287.10)" in made.text


def test_the_agency_reads_a_warning_a_month_and_nothing_of_who_complained(house: House):
    reference = complaint_at(house, State.NOTIFIED, channel="telephone")

    made = composed(house, reference, number_of(reference, "outcome", "agency"))

    assert "Warning. Nobody may be punished" in made.text
    assert "in January 2026" in made.text
    for given_away in ("January 5, 2026 ", "telephone", "Dolores", "555 0142", "interpreter see"):
        assert given_away not in made.text.partition("The outcome")[2]


@pytest.mark.parametrize("reason", [code for code, _ in CLOSING_REASONS])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_closing_reason_has_its_words(house: House, reason: str, language: str):
    reference = complaint_at(house, State.TRIAGED, contact={})
    go(house, reference, "close_without_finding", closing_reason=reason)

    made = composed(house, reference, number_of(reference, "closed_without_finding"), language=language)

    assert words(language)["closing"][reason] in made.text


@pytest.mark.parametrize("destination", [code for code, _ in DESTINATIONS])
def test_every_authority_has_its_words(house: House, destination: str):
    reference = complaint_at(house, State.TRIAGED)
    go(house, reference, "refer_out", destination=destination, risk="Low", consent="Yes")

    made = composed(house, reference, number_of(reference, "referral"))

    assert words("en")["destinations"][destination] in made.text


@pytest.mark.parametrize("to", ["complainant", "subject", "agency"])
@pytest.mark.parametrize("verb", ["close_without_finding", "withdraw", "reject_no_jurisdiction"])
def test_an_end_without_a_finding_is_told_as_one(house: House, verb: str, to: str):
    reference = received(house, allegations=("interpreter",))
    go(house, reference, "triage", verb, "notify")

    made = composed(house, reference, number_of(reference, "outcome", to))

    assert "No finding was made." in made.text


def test_no_jurisdiction_says_where_to_go(house: House):
    reference, number = with_letter(house, "no_jurisdiction")

    assert "You can take it here: The ombudsman" in composed(house, reference, number).text


def test_a_letter_that_asks_for_more_has_to_ask_something(house: House):
    reference, number = with_letter(house, "need_more")

    with pytest.raises(Refused, match="says nothing yet"):
        composed(house, reference, number, paragraph=" ")


def test_an_office_without_a_way_to_answer_writes_no_letter(house: House):
    reference, number = with_letter(house)
    with transaction() as s:
        s.execute(text("UPDATE office SET contact = ''"))

    with pytest.raises(Refused, match="how to answer"):
        composed(house, reference, number)


# --- what was shown is what goes out --------------------------------------------------------------


def test_what_was_shown_is_what_is_kept_byte_for_byte(house: House):
    reference, number = with_letter(house)
    shown = composed(house, reference, number, paragraph="Call us.")

    letter = sent(house, reference, number, paragraph="Call us.")

    case = complaint(reference)
    assert letter_lists.text_of(case, letter, house.keyring) == shown.text
    assert letter_lists.pdf_of(case, letter, house.keyring) == shown.pdf
    [event] = [e for e in case.events if e.verb == "send_letter"]
    assert event.codes == {
        "letter": number,
        "name": "acknowledgement",
        "to": "complainant",
        "language": "en",
        "digest": letter.digest,
    }
    assert letter.digest != shown.digest, "the digest in the open is keyed"
    assert b"Call us" not in event.canon
    assert verify().breaks == ()


def test_the_words_stand_on_paper_too(house: House):
    reference, number = with_letter(house, "outcome")

    letter = sent(house, reference, number, language="es", paragraph="Llámenos mañana.")

    pdf = letter_lists.pdf_of(complaint(reference), letter, house.keyring)
    assert pdf is not None
    on_paper = re.sub(r"\s", "", words_on(pdf))
    for said in ("El resultado de su queja", "Llámenos mañana.", reference, "Office of the tests"):
        assert re.sub(r"\s", "", said) in on_paper


@pytest.mark.parametrize(
    "other", [{"paragraph": "Other."}, {"language": "es"}, {"now": MONDAY + timedelta(days=1)}]
)
def test_what_reads_otherwise_than_shown_is_not_sent(house: House, other: dict[str, Any]):
    reference, number = with_letter(house)
    shown = composed(house, reference, number).digest
    chosen = {"language": "en", **{k: v for k, v in other.items() if k != "now"}}

    with pytest.raises(Refused, match="not what this page showed"):
        letters.send(
            house,
            reference,
            ANN,
            number,
            Chosen(**chosen),
            seen=complaint(reference).version,
            shown=shown,
            base_url=BASE,
            now=other.get("now", MONDAY),
        )

    assert letter_lists.letter_of(complaint(reference), number) is None
    assert "send_letter" not in {e.verb for e in complaint(reference).events}


def test_a_letter_is_sent_once(house: House):
    reference, number = with_letter(house)
    sent(house, reference, number)

    with pytest.raises(Refused, match="sent or set aside already"):
        sent(house, reference, number, by=LEO)

    assert len(session().scalars(select(SentLetter)).all()) == 1


def test_a_page_that_was_overtaken_sends_nothing(house: House):
    reference, number = with_letter(house)
    made, seen = composed(house, reference, number), complaint(reference).version
    go(house, reference, "triage")

    with pytest.raises(Stale):
        letters.send(
            house,
            reference,
            ANN,
            number,
            Chosen("en"),
            seen=seen,
            shown=made.digest,
            base_url=BASE,
            now=MONDAY,
        )


@pytest.mark.parametrize(
    "change", ["text = pdf", "digest = 'x'", "on_page_at = NULL", "sent_by_id = 101 + 1"]
)
def test_the_database_keeps_a_sent_letter_as_it_went_out(house: House, change: str):
    reference, number = with_letter(house)
    sent(house, reference, number)

    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(text(f"UPDATE letter SET {change}"))
    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(text("DELETE FROM letter"))


def test_an_erased_complaint_gets_no_letter_and_shows_none(house: House):
    reference, number = with_letter(house)
    sent(house, reference, number, paragraph="Call us.")
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None))
    session().expunge_all()

    case = complaint(reference)
    letter = letter_lists.letter_of(case, number)
    assert letter is not None
    assert letter_lists.text_of(case, letter, house.keyring) is None
    [message] = mailbox.messages_of(case, house)
    assert message.text == "erased"


# --- what must not stand in it --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraph", "says"),
    [
        ("Ms. Canary was heard.", "the complainant or a witness"),
        ("Ask DOLORES about it.", "the complainant or a witness"),
        ("Call 555-0142.", "the complainant or a witness"),
        ("Her number is 123-45-6789.", "a number or a birth date"),
        ("He said they would not let her see an interpreter, twice.", "word for word"),
        ("It was on March 4, at night.", "Name the month"),
        ("Fue el 4 de marzo.", "Name the month"),
        ("It was on 3/4/2026.", "Name the month"),
    ],
)
@pytest.mark.parametrize("to", ["subject", "agency"])
def test_nothing_goes_to_the_other_side_that_says_who_complained(
    house: House, to: str, paragraph: str, says: str
):
    reference = complaint_at(house, State.NOTIFIED)

    with pytest.raises(Refused, match=says):
        sent(house, reference, number_of(reference, "outcome", to), paragraph=paragraph)

    assert session().scalars(select(SentLetter)).all() == []


def test_a_plain_paragraph_does_go_there(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    letter = sent(
        house, reference, number_of(reference, "outcome", "agency"), paragraph="Train the night shift."
    )

    assert letter.on_page_at is None, "the secure page is the complainant's"


def test_a_place_that_nobody_filled_stops_the_letter(house: House):
    reference, number = with_letter(house)

    with pytest.raises(Refused, match="that nobody has filled"):
        sent(house, reference, number, paragraph="Dear {{name}}, yes.")


# --- how it reaches them --------------------------------------------------------------------------


def test_a_sent_letter_lies_on_the_secure_page_word_for_word(house: House):
    reference, number = with_letter(house)
    assert mailbox.messages_of(complaint(reference), house) == []

    letter = sent(house, reference, number, paragraph="Call us.")

    [message] = mailbox.messages_of(complaint(reference), house)
    assert (message.kind, message.at, message.from_office) == (mailbox.LETTER, MONDAY, True)
    kept = letter_lists.text_of(complaint(reference), letter, house.keyring)
    assert message.text == kept
    [line] = letter_lists.lines_of(complaint(reference))
    assert line.standing == "on the secure page"


def test_letters_to_others_do_not_lie_there(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    for to in ("subject", "agency"):
        sent(house, reference, number_of(reference, "outcome", to))

    assert mailbox.messages_of(complaint(reference), house) == []


def test_word_of_a_letter_goes_to_one_safe_mailbox_and_says_nothing(house: House, tmp_path: Path):
    words_told = {"narrative": f"The {CANARY} sang", "language": "Spanish"}
    reference = complaint_at(house, State.DECIDED, contact=SAFE_MAIL, words=words_told)
    go(house, reference, "notify")
    for to in ("complainant", "subject", "agency"):
        sent(
            house,
            reference,
            number_of(reference, "outcome", to),
            language="es" if to == "complainant" else "en",
        )

    [mail] = [m for m in mails(house, tmp_path) if "Plumbline" not in str(m["Subject"])]

    assert mail["To"] == f"{CANARY}@nest.test"
    assert mail["Cc"] is mail["Bcc"] is None
    assert mail["From"] == "no-reply@complaints.example.test"
    assert mail["Subject"] == "Un mensaje para usted"
    assert not mail.is_multipart()
    body = mail.get_payload(decode=True).decode()
    assert body.split() == [
        *["Hay", "un", "mensaje", "nuevo", "para", "usted.", "Para", "leerlo,", "abra", "esta", "página:"],
        f"{BASE}/report/status",
    ]
    del mail["To"]
    whole = mail.as_string()
    for confidential in (CANARY, reference, "Wren", "queja", "complaint ", "Alder", "plumbline", "Office of"):
        assert confidential not in whole
    [line] = [each for each in letter_lists.lines_of(complaint(reference)) if each.party == "the complainant"]
    assert line.standing == "on the secure page, e-mail sent"


def test_no_mail_goes_where_nobody_said_that_it_is_safe(house: House, tmp_path: Path):
    for contact in (
        {"reach": f"{CANARY}@nest.test"},
        {"reach": "555 0142", "mail_safe": "yes"},
        {"reach": "a@nest.test or b@nest.test", "mail_safe": "yes"},
    ):
        reference, number = with_letter(house, contact=contact)
        sent(house, reference, number)

    assert [m for m in mails(house, tmp_path) if "Plumbline" not in str(m["Subject"])] == []
    assert session().scalars(select(Outbox).where(Outbox.kind == "mail")).all() == []


def test_no_mail_goes_to_an_address_that_was_taken_back(house: House, tmp_path: Path):
    reference, number = with_letter(house, contact=SAFE_MAIL)
    sent(house, reference, number)
    change_contact(house, reference, ANN, {}, seen=complaint(reference).version, now=MONDAY)

    assert [m for m in mails(house, tmp_path) if "Plumbline" not in str(m["Subject"])] == []
    [line] = letter_lists.lines_of(complaint(reference))
    assert line.standing == "on the secure page, no e-mail: the address is gone"


def test_a_mail_that_fails_leaves_no_address_behind(house: House, tmp_path: Path):
    reference, number = with_letter(house, contact=SAFE_MAIL)
    sent(house, reference, number)
    (tmp_path / "taken").write_text("a file")

    for day in range(8):
        deliver(
            f"file://{tmp_path}/taken/{CANARY}",
            may_hear=hearers(now=MONDAY),
            now=MONDAY + timedelta(days=day),
            base_url=BASE,
            address_of=addresses(house),
        )

    row = session().scalars(select(Outbox).where(Outbox.kind == "mail")).one()
    assert (row.state, row.problem) == ("failed", "The mail server did not take it.")
    assert "e-mail failed" in letter_lists.lines_of(complaint(reference))[0].standing


def test_name_and_address_fit_the_window_or_the_letter_goes_without(house: House):
    contact = {
        "name": "Dolores\nCanary",
        "reach": "Apartment 4, 12 Long Elm Street North-West, Macon, Georgia 31201",
    }
    reference, number = with_letter(house, contact=contact)
    case = complaint(reference)

    lines = letters.address_of(house, case, ANN, now=MONDAY)

    assert lines[:2] == ("Dolores", "Canary")
    assert len(lines) <= 5
    assert max(map(len, lines)) <= 42
    letter = sent(house, reference, number, address=lines)
    readings = session().scalars(select(ContactReading).where(ContactReading.complaint_id == case.id)).all()
    assert [r.purpose for r in readings] == ["tell", "tell"]
    pdf = letter_lists.pdf_of(case, letter, house.keyring)
    assert pdf is not None
    assert "Canary" in words_on(pdf)
    assert "Canary" not in (letter_lists.text_of(case, letter, house.keyring) or ""), "on paper alone"


def test_a_letter_sent_on_paper_alone_is_found_by_its_words_until_it_is_erased(house: House):
    reference, number = with_letter(house, "need_more", contact={"name": "Wren", "reach": "12 Elm Street"})
    with transaction() as s:
        s.execute(text("DELETE FROM receipt_code"))

    letter = sent(house, reference, number, paragraph="Which lantern was lit in the north corridor?")

    assert letter.on_page_at is None
    for typed in ("lantern", '"north corridor"', '"was lit" -thursday'):
        assert found_by(house, typed) == [reference]
        assert found_by(house, typed, SAM) == []
    assert found_by(house, "wren") == found_by(house, '"corridor north"') == []
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None, erased_at=MONDAY))
    assert reindex(house.keyring) == 1
    assert found_by(house, "lantern") == found_by(house, '"north corridor"') == []


def test_a_letter_to_somebody_else_is_not_what_was_said_to_the_complainant(house: House):
    reference = complaint_at(house, State.DECIDED)
    go(house, reference, "notify")

    sent(house, reference, number_of(reference, "outcome", "subject"), paragraph="Kept in the lantern room.")

    assert found_by(house, "lantern") == []


def found_by(house: House, typed: str, by: Actor = RUTH) -> list[str]:
    found = search(question(typed), by, house.keyring, zone=ZoneInfo("America/New_York"))
    return [c.reference for c in found.page.rows]


def test_fetching_a_paper_with_an_address_is_a_look_at_the_contact(house: House, sign_in: SignIn):
    reference, number = with_letter(house, contact={"name": "Wren", "reach": "12 Elm Street"})
    path = f"/complaints/{reference}/letters/{number}"
    sent(house, reference, number, address=letters.address_of(house, complaint(reference), ANN, now=MONDAY))

    fetched = sign_in(RUTH).send(path, {}, to=f"{path}/paper")

    assert fetched.data.startswith(b"%PDF")
    looked = session().scalars(select(ContactReading.person_id).order_by(ContactReading.id)).all()
    assert looked == [ANN.id, ANN.id, RUTH.id]


def test_an_address_too_large_for_the_window_is_said(house: House):
    reference, _ = with_letter(house, contact={"name": "A\nB\nC", "reach": "d\ne\nf"})

    with pytest.raises(Refused, match="take 6 lines; the window of an envelope shows 5"):
        letters.address_of(house, complaint(reference), ANN, now=MONDAY)


def test_a_letter_was_posted_on_a_day_that_can_be(house: House):
    reference, number = with_letter(house)
    sent(house, reference, number)

    for on in (date(2026, 1, 4), date(2026, 1, 6)):
        with pytest.raises(Refused, match="on the day it was sent or later, and not in the future"):
            post(house, reference, number, on)
    post(house, reference, number, date(2026, 1, 5))
    with pytest.raises(Refused, match="recorded already"):
        post(house, reference, number, date(2026, 1, 5))

    [line] = letter_lists.lines_of(complaint(reference))
    assert line.standing == "on the secure page, posted by hand on 5 January 2026"


def post(house: House, reference: str, number: int, on: date) -> None:
    seen = complaint(reference).version
    letters.record_posting(house, reference, ANN, number, on, seen=seen, now=MONDAY)


def test_an_answer_that_is_owed_is_not_set_aside(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    with pytest.raises(Refused, match="is owed this letter"):
        aside(house, reference, number_of(reference, "outcome"))
    aside(house, reference, number_of(reference, "outcome", "subject"))

    standing = {line.party: line.standing for line in letter_lists.lines_of(complaint(reference))}
    assert standing["whom it is about"] == "not sent"
    assert standing["the complainant"] == "waits to be sent"


def aside(house: House, reference: str, number: int) -> None:
    seen = complaint(reference).version
    letters.set_aside(house, reference, RUTH, number, "Nobody knows who.", seen=seen, now=MONDAY)


def test_where_there_is_no_way_the_letter_says_so_and_can_be_set_aside(house: House):
    reference = complaint_at(house, State.DECIDED, contact={})
    with transaction() as s:
        s.execute(text("DELETE FROM receipt_code"))
    go(house, reference, "notify")
    number = number_of(reference, "outcome")

    said = [line.standing for line in letter_lists.lines_of(complaint(reference)) if line.number == number]
    aside(house, reference, number)

    assert said == ["cannot be delivered: no contact and no code"]


def test_undoing_a_step_takes_its_letters_back(house: House):
    reference = complaint_at(house, State.NOTIFIED)
    undo(house, reference, ANN, reason="Too early.", seen=complaint(reference).version, now=MONDAY)

    assert {line.standing for line in letter_lists.lines_of(complaint(reference))} == {"not sent"}
    with pytest.raises(Refused, match="sent or set aside"):
        sent(house, reference, number_of(reference, "outcome"))


# --- what takes longer ----------------------------------------------------------------------------


def delays(reference: str) -> int:
    return sum(row.name == "delay" for row in letter_lists.wanted(complaint(reference)))


def test_it_is_told_that_it_takes_longer_once_for_every_thirty_days(house: House):
    reference = received(house)
    counted = []
    for days in (30, 31, 31, 45, 60, 61, 91, 200, 200):
        sweep(house, now=MONDAY + timedelta(days=days))
        counted.append(delays(reference))

    assert counted == [0, 1, 1, 1, 1, 2, 3, 4, 4]


def test_nothing_is_told_of_what_was_brought_in_ended_or_has_nobody_to_tell(house: House):
    brought = imported(house, "received")
    with transaction() as s:
        s.execute(text("UPDATE complaint SET contact_possible = true"))
    others = [
        brought,
        received(house, contact={}),
        complaint_at(house, State.NOTIFIED),
        complaint_at(house, State.CLOSED),
        complaint_at(house, State.MERGED),
    ]

    sweep(house, now=LONG_AFTER)

    assert [delays(reference) for reference in others] == [0, 0, 0, 0, 0]


# --- pages ----------------------------------------------------------------------------------------


def test_a_person_reads_a_letter_writes_a_paragraph_and_sends_it(house: House, sign_in: SignIn):
    reference, number = with_letter(house, words={"narrative": "No.", "language": "español"})
    ann, path = sign_in(ANN), f"/complaints/{reference}/letters/{number}"

    before = ann.get(path).text
    shown = ann.send(path, {"language": "es", "paragraph": "Llámenos.", "act": "look"})
    unseen = ann.send(path, {"language": "es", "paragraph": "Otra cosa.", "act": "send"})

    assert "Hemos recibido su queja" in before
    assert "Llámenos." in shown.text.partition("How it reads")[2]
    assert unseen.status_code == 422
    assert "not what this page showed" in unseen.text
    assert "Otra cosa." in unseen.text.partition("How it reads")[2], "nothing typed is lost"

    payload = re.search(r'name="payload"[^>]*value="([0-9a-f]{64})"', shown.text) or re.search(
        r'value="([0-9a-f]{64})"[^>]*name="payload"', shown.text
    )
    assert payload is not None
    answer = ann.send(
        path, {"language": "es", "paragraph": "Llámenos.", "act": "send", "payload": payload[1]}
    )
    assert answer.status_code == 302
    done = ann.get(path).text
    assert "On the secure page" in done
    assert "Llámenos." in done
    fetched = ann.send(path, {}, to=f"{path}/paper")
    assert fetched.data.startswith(b"%PDF")
    assert fetched.headers["Content-Disposition"].startswith("attachment")


def test_the_paper_that_is_fetched_before_is_the_paper_that_is_sent(house: House, sign_in: SignIn):
    reference, number = with_letter(house)
    ann, path = sign_in(ANN), f"/complaints/{reference}/letters/{number}"

    before = ann.send(path, {"language": "en", "act": "paper"})
    assert ann.send(path, {"language": "en", "act": "send"}).status_code == 302

    assert before.data == ann.send(path, {}, to=f"{path}/paper").data


def test_letters_wait_in_a_list_until_they_are_sent(house: House, sign_in: SignIn):
    ann = sign_in(ANN)
    assert "No letter waits." in ann.get("/complaints/letters").text
    reference, number = with_letter(house)
    other = complaint_at(house, State.NOTIFIED)

    page = ann.get("/complaints/letters").text
    sent(house, reference, number)
    after = ann.get("/complaints/letters").text

    assert "4 wait" in page
    assert reference in page
    assert page.count(f"/complaints/{other}/letters/") == 3
    assert "3 wait" in after
    assert reference not in after


def test_who_follows_a_complaint_reads_what_became_of_its_letters(house: House, sign_in: SignIn):
    reference, number = with_letter(house)

    for actor, sees, opens in ((ANN, True, 200), (MAX, True, 403), (AUDRA, False, 403), (CARL, False, 403)):
        browser = sign_in(actor)
        page = browser.get(f"/complaints/{reference}")
        assert ("waits to be sent" in page.text) == sees
        assert browser.get(f"/complaints/{reference}/letters/{number}").status_code == opens
        assert browser.get("/complaints/letters").status_code == opens


def test_a_number_of_no_letter_is_nowhere(house: House, sign_in: SignIn):
    reference, _ = with_letter(house)
    ann = sign_in(ANN)

    for path in ("2", "1/posted", "2/aside", "0", "9999"):
        assert ann.get(f"/complaints/{reference}/letters/{path}").status_code == 404
    with pytest.raises(NotThere):
        aside(house, reference, 2)


def test_what_cannot_be_printed_is_said_at_its_field_and_kept(house: House, sign_in: SignIn):
    reference, number = with_letter(house)
    path = f"/complaints/{reference}/letters/{number}"

    answer = sign_in(ANN).send(path, {"language": "en", "paragraph": "سلام", "act": "send"})

    assert answer.status_code == 422
    assert "The letter cannot show" in answer.text
    assert "سلام" in answer.text


def test_posting_and_setting_aside_have_their_pages(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.NOTIFIED)
    first, second = number_of(reference, "outcome"), number_of(reference, "outcome", "agency")
    sent(house, reference, first)
    ann = sign_in(ANN)

    posted = ann.send(f"/complaints/{reference}/letters/{first}/posted", {"posted_on": "2026-01-05"})
    left = ann.send(f"/complaints/{reference}/letters/{second}/aside", {"reason": "They know already."})
    asked = ann.send(f"/complaints/{reference}/letters/new", {"name": "need_more"})

    assert [answer.status_code for answer in (posted, left, asked)] == [302, 302, 302]
    page = ann.get(f"/complaints/{reference}").text
    for said in (
        "posted by hand on 5 January 2026",
        "They know already.",
        "Asking for more",
        "Letter set aside",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ({}, True),
        ({"letter_safe": "yes"}, True),
        ({"mail_safe": "yes"}, False),
        ({"phone_safe": "yes"}, False),
        ({"page_only": "yes", "letter_safe": "yes"}, False),
    ],
)
def test_an_address_is_printed_unless_another_way_was_said_to_be_the_safe_one(
    house: House, said: dict[str, str], may: bool
):
    contact = {"name": "Wren", "reach": "1 Nest Lane", **said}
    reference = received(house, contact=contact)

    try:
        lines = letters.address_of(house, complaint(reference), ANN, now=MONDAY)
    except Refused as refused:
        lines = tuple(refusal.code for refusal in refused.refusals)

    assert lines == (("Wren", "1 Nest Lane") if may else ("unsafe",))
