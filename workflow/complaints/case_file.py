"""A complaint as one text from top to bottom, for paper: alleged, done, found, answered, then every line.

The same for the page that is printed and for the file that is taken out. It holds what its reader reads on
the page of the complaint, and never who complained or who saw it. Reads only; how it looks is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from workflow.cases import story
from workflow.cases.enclosures import documents_in
from workflow.cases.kinds import House
from workflow.complaints import evidence, inquiry_page, letter_lists, mailbox, matters, record, sealed
from workflow.complaints.definitions import DEFINED_DISPOSITIONS
from workflow.complaints.door_part import how_told
from workflow.complaints.facts import CHANNELS, STANDARDS_OF_PROOF, SUBJECTS, TOLD
from workflow.complaints.kind import KIND
from workflow.complaints.letters import WRITES
from workflow.complaints.masking import Mask
from workflow.complaints.models import Complaint
from workflow.complaints.witnesses import identities_of
from workflow.engine.actors import Actor
from workflow.web.filters import day, moment

#: What somebody reads where the words of a complaint are not theirs to read.
NOT_SHOWN: Final = "Not shown to your role."
NOTHING: Final = "Nothing yet."
#: Whose names in the log are as protected as the complainant's own.
_PROTECTED: Final = ("complainant", "witness")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a part: a heading, what somebody wrote (`said`), a note of ours, or facts; or one line."""

    kind: str
    said: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    #: Of a line: when, and by whom; `said` is what.
    when: str = ""
    by: str = ""
    #: Of a line: what was written with it.
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All of it, and who had it made when."""

    reference: str
    title: str
    summary: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    made_by: str
    made_at: str
    #: How many lines its timeline has.
    lines: int

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def case_file_of(house: House, complaint: Complaint, actor: Actor, *, now: datetime) -> CaseFile:
    """The whole of a complaint for somebody who sees it. About three dozen queries, whatever its length."""
    reader = _Reader(house, complaint, actor, now=now)
    lines = tuple(reader.timeline())
    return CaseFile(
        reference=complaint.reference,
        title=complaint.title,
        summary=tuple(reader.summary()),
        parts=(
            Part("What was alleged", tuple(reader.alleged())),
            Part("What was done", tuple(reader.done())),
            Part("What was found", tuple(reader.found())),
            Part("What was answered", tuple(reader.answered())),
            Part("Timeline", lines),
        ),
        made_by=actor.name,
        made_at=moment(now, reader.zone),
        lines=len(lines),
    )


class _Reader:
    """One complaint being read for somebody, part by part."""

    def __init__(self, house: House, complaint: Complaint, actor: Actor, *, now: datetime) -> None:
        self.house, self.complaint, self.actor = house, complaint, actor
        self.reads = KIND.reads(actor, complaint)
        self.page = story.page(house, complaint, actor, now=now)
        self.zone = self.page.zone
        self.inquiry = inquiry_page.inquiry_of(house, complaint, actor, events=self.page.events, now=now)
        self.mask = Mask(self._people() if self.reads else ())

    def _people(self) -> list[dict[str, str]]:
        """Those nobody may learn of from a file. Looking them up to leave them out shows them to nobody."""
        ring = self.house.keyring
        heard = [{"name": line.named} for line in self.inquiry.log if line.part in _PROTECTED and line.named]
        return [sealed.contact_of(self.complaint, ring), *identities_of(self.complaint, ring), *heard]

    def _said(self, text: str) -> Iterator[Block]:
        if text:
            yield Block("said", self.mask(text))

    def summary(self) -> Iterator[tuple[str, str]]:
        complaint = self.complaint
        yield "Stands at", self.page.stage
        yield "Tier", str(complaint.tier or "none yet")
        if complaint.model:
            yield "Model", f"{complaint.model}, template {complaint.template}"
        yield "With", self.page.owner or "nobody yet"
        channel = dict(CHANNELS).get(complaint.channel or "")
        received = day(complaint.received_at, self.zone)
        yield "Received", f"{received} by {channel.lower()}" if channel else received
        if complaint.closed_at:
            yield "Closed", day(complaint.closed_at, self.zone)
        yield "Age", self.inquiry.ages.words
        for clock in self.page.clocks:
            yield clock.label, clock.words

    def alleged(self) -> Iterator[Block]:
        yield Block("head", "What was told")
        how = how_told(self.house, self.complaint, self.actor, reads=self.reads)
        if not how.words:
            yield Block("note", "Not shown to your role, or erased.")
        for name, said in how.words.items():
            yield Block("note", TOLD.get(name, name))
            yield from self._said(said)
        for each in how.wordings:
            yield Block("note", f"{each.heading}, before it was said differently")
            yield from self._said(each.said)
        facts = {
            "In danger when it was told": None if how.in_danger is None else "yes" if how.in_danger else "no",
            "Interpreter": how.interpreter,
            "Agreements": "; ".join(each.called for each in how.agreements),
            "Does the agency look into it itself?": how.own_inquiry,
            "Notice by the agency": how.notice.says if how.notice else None,
            "Reprisal": "feared by the complainant" if self.complaint.fears_reprisal else None,
        }
        if known := tuple((label, said) for label, said in facts.items() if said):
            yield Block("facts", pairs=known)
        yield Block("head", "Allegations")
        for a in self.complaint.allegations:
            about = dict(SUBJECTS)[a.subject]
            yield Block("line", f"{a.number}. {matters.titles()[a.code]}", by=f"about: {about.lower()}")
        if not self.complaint.allegations:
            yield Block("note", "No allegation is recorded yet.")

    def done(self) -> Iterator[Block]:
        found = self.inquiry
        if found.plan:
            yield Block("head", "Plan")
            yield Block("facts", pairs=tuple((label, self.mask(said)) for label, said in found.plan))
        yield from self._lines("Log of interviews and contacts", found.log)
        yield from self._lines("Asked of the agency", found.requests)
        yield from self._lines("Meanwhile", found.interims)
        yield from self._lines("Other authorities", found.referrals)
        yield Block("head", "Documents")
        documents = documents_in(self.house, self.complaint, self.actor)
        named = evidence.linked(self.complaint) if documents else {}
        for each in documents or ():
            # Its own name can name somebody.
            on = f"evidence on {', '.join(map(str, named[each.number]))}" if each.number in named else ""
            facts = (each.label, f"received {day(each.received_at, self.zone)}", each.standing, on)
            yield Block("line", f"Document {each.number}", by=", ".join(filter(None, facts)))
        if not documents:
            yield Block("note", NOT_SHOWN if documents is None else NOTHING)

    def _lines(self, heading: str, lines: Sequence[inquiry_page.Line]) -> Iterator[Block]:
        if not lines:
            return
        yield Block("head", heading)
        for line in lines:
            due = f"due {day(line.due_on)}" if line.due_on else ""
            corrects = f"corrects line {line.corrects}" if line.corrects else ""
            words = (line.said, ": ".join(filter(None, (line.ended, line.answer))))
            yield Block(
                "line",
                f"{line.number}. {line.what}",
                when=moment(line.at, self.zone),
                by=", ".join(filter(None, (line.by, line.facts, due, corrects))),
                words=tuple(self.mask(said) for said in words if said),
            )

    def found(self) -> Iterator[Block]:
        ring, meanings = self.house.keyring, dict(DEFINED_DISPOSITIONS)
        for a in self.complaint.allegations:
            yield Block("head", f"{a.number}. {matters.titles()[a.code]}")
            proof = dict(STANDARDS_OF_PROOF).get(a.standard_of_proof or "")
            ended = meanings.get(a.disposition or "", "none yet")
            yield Block("facts", pairs=(("Proposed", meanings.get(a.proposed or "", "nothing yet")),))
            if self.reads:
                yield from self._said(sealed.text_of(self.complaint, a, "evidence", ring))
            yield Block("facts", pairs=(("Disposition", f"{ended}, {proof.lower()}" if proof else ended),))
            if self.reads:
                yield from self._said(sealed.text_of(self.complaint, a, "rationale", ring))
        if not self.complaint.allegations:
            yield Block("note", "Nothing yet: no allegation is recorded.")

    def answered(self) -> Iterator[Block]:
        complaint, house = self.complaint, self.house
        letters = letter_lists.part_of(house, complaint, self.actor, WRITES)
        texts = letter_lists.texts_of(complaint, house.keyring) if letters and letters.lines else {}
        yield Block("head", "Letters")
        for line in letters.lines if letters else ():
            yield Block(
                "line",
                f"{line.number}. {line.label}",
                when=day(line.made_at, self.zone),
                by=f"to {line.party}, {line.standing}",
                words=(self.mask(texts[line.number]),) if line.number in texts else (),
            )
        if not letters or not letters.lines:
            yield Block("note", NOTHING if letters else NOT_SHOWN)
        yield from self._messages()
        if self.inquiry.promises:
            yield Block("head", "Follow-ups")
        for promise in self.inquiry.promises:
            late = "late" if promise.is_late else "to come"
            yield Block(
                "line",
                promise.what,
                when=f"due {day(promise.due_at, self.zone)}",
                by=late if promise.is_open else promise.came,
                words=(self.mask(promise.said),) if promise.said else (),
            )

    def _messages(self) -> Iterator[Block]:
        """That something was written, and by which side; people say in messages who they are."""
        box = mailbox.part_of(self.complaint, self.actor, self.house, recused=self.page.recused)
        yield Block("head", "Messages with the complainant")
        yield Block("note", "What was written in them is not in this file." if box else NOT_SHOWN)
        for each in box.messages if box else ():
            by = "by the office" if each.from_office else "by the complainant"
            yield Block("line", f"Message {each.number}", when=moment(each.at, self.zone), by=by)

    def timeline(self) -> list[Block]:
        """Every line, clocks as well, in the order in which things were recorded."""
        told = record.lines(self.complaint, self.page.entries, self.actor, shown=None)
        told += record.lines(self.complaint, self.page.entries, self.actor, shown="clocks")
        # The latest comes first there. What follows from an entry at the same moment stands behind it.
        told.reverse()
        return [
            self._line(line) for line in sorted(told, key=lambda line: (line.recorded_at, not line.anchor))
        ]

    def _line(self, line: record.Line) -> Block:
        by = [
            line.by,
            f"confirmed by {line.second}" if line.second else "",
            "followed from another case" if line.caused else "",
            f"entered {moment(line.recorded_at, self.zone)}" if line.is_late_entry else "",
        ]
        return Block(
            "line",
            f"{line.label} (undone later)" if line.voided else line.label,
            pairs=tuple((label, self.mask(said)) for label, said in line.answers),
            when=moment(line.at, self.zone),
            by=", ".join(filter(None, by)),
        )
