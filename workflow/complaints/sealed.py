"""Opening and closing what is sealed of a complaint: its words, who complained, evidence. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any, Final

from sqlalchemy import (
    CompoundSelect,
    LargeBinary,
    Select,
    column,
    literal,
    literal_column,
    select,
    table,
    union_all,
)

from workflow.cases import sealed
from workflow.cases.chronicle import key_of, writing_key
from workflow.cases.models import CaseKey
from workflow.complaints.models import (
    Allegation,
    ComplainantContact,
    Complaint,
    ComplaintTelling,
    ComplaintWords,
    ContactChange,
)
from workflow.db.seal import Erased, Keyring, seal, unseal
from workflow.db.session import session
from workflow.messages.models import SentLetter


def keep_words(complaint: Complaint, words: Mapping[str, str], keyring: Keyring) -> ComplaintWords:
    """The row that holds what the complainant told. The complaint must have its id."""
    kept = _close(complaint, words, keyring, f"complaint_words:{complaint.reference}")
    return ComplaintWords(complaint_id=complaint.id, sealed=kept)


def words_of(complaint: Complaint, keyring: Keyring) -> dict[str, str]:
    """What the complainant told, in the words of the latest telling; empty once erased. Two queries."""
    return latest(tellings_of(complaint, keyring).values())


def latest(tellings: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What stands there by now: the latest wording of each answer, without those taken back."""
    words: dict[str, str] = {}
    for told in tellings:
        words |= told
    return {name: said for name, said in words.items() if said}


def tellings_of(complaint: Complaint, keyring: Keyring) -> dict[int, dict[str, str]]:
    """Everything that was told, by the version of its event, first to last (the first is 0)."""
    found = {
        version: _open(complaint, kept, keyring, _telling(complaint.reference, version))
        for _, version, kept in session().execute(_all_told([complaint.id]))
    }
    return {0: {}} | found


def told_of_many(references: Mapping[int, str], keyring: Keyring) -> dict[int, dict[str, str]]:
    """What was told in several complaints, by id, as told last; erased ones are left out. Two queries."""
    return _told(references, _keys_of(references, keyring))


def texts_of_many(
    references: Mapping[int, str], parts: Iterable[str], keyring: Keyring
) -> dict[int, list[str]]:
    """All that can be found in several complaints, by id; erased ones are left out. Five queries.

    These parts of what was told, and evidence, reasons, messages and letters.
    """
    keys = _keys_of(references, keyring)
    texts = {i: [words.get(name, "") for name in parts] for i, words in _told(references, keys).items()}
    written = chain(
        _found_in(references, keys), _messages_in(references, keys), _letters_in(references, keys)
    )
    for complaint_id, said in written:
        texts.setdefault(complaint_id, []).append(said)
    return texts


def letters_of_many(references: Mapping[int, str], keyring: Keyring) -> dict[int, list[str]]:
    """Letters to the complainants of several complaints that no message repeats, by id. Two queries."""
    texts: dict[int, list[str]] = {}
    for complaint_id, said in _letters_in(references, _keys_of(references, keyring)):
        texts.setdefault(complaint_id, []).append(said)
    return texts


def _found_in(references: Mapping[int, str], keys: Mapping[int, bytes]) -> Iterator[tuple[int, str]]:
    own = Allegation
    query = select(own.complaint_id, own.number, own.evidence, own.rationale)
    for complaint_id, number, *kept in session().execute(query.where(own.complaint_id.in_(keys))):
        for part, closed in zip(("evidence", "rationale"), kept, strict=True):
            if closed is not None:
                place = f"allegation:{references[complaint_id]}:{number}:{part}"
                yield complaint_id, unseal(keys[complaint_id], closed, place).decode()


#: Of the mailbox, whose room is above this one; its words are under the same key.
_MESSAGES: Final = table(
    "mailbox_message", column("complaint_id"), column("number"), column("sealed", LargeBinary)
)


def _messages_in(references: Mapping[int, str], keys: Mapping[int, bytes]) -> Iterator[tuple[int, str]]:
    query = select(_MESSAGES).where(_MESSAGES.c.complaint_id.in_(keys))
    for complaint_id, number, closed in session().execute(query):
        place = f"mailbox_message:{references[complaint_id]}:{number}:sealed"
        yield complaint_id, unseal(keys[complaint_id], closed, place).decode()


def _letters_in(references: Mapping[int, str], keys: Mapping[int, bytes]) -> Iterator[tuple[int, str]]:
    query = select(SentLetter.case_id, SentLetter.number, SentLetter.text).where(
        SentLetter.case_id.in_(keys), SentLetter.recipient == "complainant", SentLetter.on_page_at.is_(None)
    )
    for complaint_id, number, closed in session().execute(query):
        place = f"letter:{references[complaint_id]}:{number}:text"
        yield complaint_id, unseal(keys[complaint_id], closed, place).decode()


def _told(references: Mapping[int, str], keys: Mapping[int, bytes]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for complaint_id, version, kept in session().execute(_all_told(keys)):
        place = _telling(references[complaint_id], version)
        found.setdefault(complaint_id, {}).update(json.loads(unseal(keys[complaint_id], kept, place)))
    return found


def _all_told(complaint_ids: Iterable[int]) -> Select[Any]:
    """Id, version and sealed words of every telling of these, the first ones first."""
    ids, words, telling = list(complaint_ids), ComplaintWords, ComplaintTelling
    first = select(words.complaint_id, literal(0).label("version"), words.sealed)
    later = select(telling.complaint_id, telling.version, telling.sealed)
    told = union_all(
        first.where(words.complaint_id.in_(ids)), later.where(telling.complaint_id.in_(ids))
    ).subquery()
    return select(told).order_by(told.c.version)


def _keys_of(references: Mapping[int, str], keyring: Keyring) -> dict[int, bytes]:
    """The keys of several complaints, without those that were destroyed. One query."""
    query = select(CaseKey.case_id, CaseKey.wrapped).where(CaseKey.case_id.in_(list(references)))
    found: dict[int, bytes] = {}
    for case_id, wrapped in session().execute(query):
        with suppress(Erased):
            found[case_id] = keyring.unwrap(wrapped, f"case_key:{references[case_id]}")
    return found


def keep_telling(complaint: Complaint, changed: Mapping[str, str], keyring: Keyring) -> ComplaintTelling:
    """The row of what was told with the event just noted; an answer taken back is kept as an empty one."""
    kept = json.dumps(dict(changed), sort_keys=True, ensure_ascii=False).encode()
    place = _telling(complaint.reference, complaint.version)
    return ComplaintTelling(
        complaint_id=complaint.id,
        version=complaint.version,
        sealed=seal(writing_key(complaint, keyring), kept, place),
    )


def _telling(reference: str, version: int) -> str:
    """The place for which a telling is sealed; the first one, at the door, is of version 0."""
    return f"complaint_telling:{reference}:{version}" if version else f"complaint_words:{reference}"


def keep_contact(complaint: Complaint, contact: Mapping[str, str], keyring: Keyring) -> bytes:
    """Who complained and how to reach them, as it was left first, sealed."""
    return _close(complaint, contact, keyring, _contact(complaint, 0))


def keep_contact_change(complaint: Complaint, contact: Mapping[str, str], keyring: Keyring) -> ContactChange:
    """The row of another contact, with the event just noted; what was before stays."""
    kept = _close(complaint, contact, keyring, _contact(complaint, complaint.version))
    return ContactChange(complaint_id=complaint.id, version=complaint.version, sealed=kept)


def contact_of(complaint: Complaint, keyring: Keyring) -> dict[str, str]:
    """Who complained, as it stands now; empty for anonymous ones and once erased. One query.

    A look at it is recorded by the caller.
    """
    last = session().execute(_contacts(complaint).order_by(literal_column("version").desc()).limit(1)).first()
    return _open(complaint, last.sealed, keyring, _contact(complaint, last.version)) if last else {}


def contacts_of(complaint: Complaint, keyring: Keyring) -> dict[int, dict[str, str]]:
    """Every contact there was, by the version of its event, first to last (the first is 0). One query."""
    found = session().execute(_contacts(complaint).order_by(literal_column("version")))
    return {
        row.version: _open(complaint, row.sealed, keyring, _contact(complaint, row.version)) for row in found
    }


def _contacts(complaint: Complaint) -> CompoundSelect[int, bytes]:
    first = select(literal(0).label("version"), ComplainantContact.sealed)
    later = select(ContactChange.version, ContactChange.sealed)
    return first.where(ComplainantContact.complaint_id == complaint.id).union_all(
        later.where(ContactChange.complaint_id == complaint.id)
    )


def _contact(complaint: Complaint, version: int) -> str:
    return f"complainant_contact:{complaint.reference}" + (f":{version}" if version else "")


def keep_text(
    complaint: Complaint, allegation: Allegation, column: str, text: str, keyring: Keyring
) -> bytes:
    """Evidence or reasons of one allegation, sealed."""
    return sealed.keep(complaint, _place(complaint, allegation, column), text, keyring)


def text_of(complaint: Complaint, allegation: Allegation, column: str, keyring: Keyring) -> str:
    """Evidence or reasons of one allegation; empty if there are none."""
    kept: bytes | None = getattr(allegation, column)
    return sealed.read(complaint, _place(complaint, allegation, column), kept, keyring) or ""


def keep_row(complaint: Complaint, row: Any, column: str, text: str, keyring: Keyring) -> bytes | None:
    """Words of a numbered child of the complaint, sealed; None for none."""
    return sealed.keep(complaint, _row(complaint, row, column), text, keyring) if text.strip() else None


def row_text(complaint: Complaint, row: Any, column: str, keyring: Keyring) -> str:
    """The same, opened; empty if there are none."""
    return sealed.read(complaint, _row(complaint, row, column), getattr(row, column), keyring) or ""


def _row(complaint: Complaint, row: Any, column: str) -> str:
    return f"{row.__tablename__}:{complaint.reference}:{row.number}:{column}"


def _place(complaint: Complaint, allegation: Allegation, column: str) -> str:
    return f"allegation:{complaint.reference}:{allegation.number}:{column}"


def _close(complaint: Complaint, said: Mapping[str, str], keyring: Keyring, context: str) -> bytes:
    kept = json.dumps({k: v for k, v in said.items() if v}, sort_keys=True, ensure_ascii=False)
    return seal(writing_key(complaint, keyring), kept.encode(), context)


def _open(complaint: Complaint, kept: bytes | None, keyring: Keyring, context: str) -> dict[str, str]:
    if kept is None:
        return {}
    try:
        opened: dict[str, str] = json.loads(unseal(key_of(complaint, keyring), kept, context))
    except Erased:
        return {}
    return opened
