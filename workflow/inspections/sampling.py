"""Files looked at on a visit: numbered, each with the questions of the checklist, and what share conforms.

Nothing of a file is kept but its number and the answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections.answers import WORDS, writable
from workflow.inspections.checklist import Item
from workflow.inspections.checklists import checklist_of
from workflow.inspections.facts import ANSWERING
from workflow.inspections.fieldwork_models import SampledFile
from workflow.inspections.models import Inspection

#: So many files at most; about ten are asked for.
MOST: Final = 60
CONFORMS, FAILS, OPEN = "conforms", "does not conform", "not determined"


@dataclass(frozen=True, slots=True)
class Sample:
    """The files of an inspection, and how many of each kind. The share leaves out what was not determined."""

    files: tuple[SampledFile, ...]
    conforming: int
    failing: int

    @property
    def undetermined(self) -> int:
        return len(self.files) - self.conforming - self.failing

    @property
    def share(self) -> int | None:
        """Per cent of the files that could be judged; None where there is none."""
        judged = self.conforming + self.failing
        return round(100 * self.conforming / judged) if judged else None


def questions_of(inspection: Inspection) -> tuple[Item, ...]:
    """What is asked of every sampled file; nothing before the visit began."""
    if inspection.checklist is None:
        return ()
    return checklist_of(inspection.checklist).of_files(inspection.model, inspection.template)


def verdict(marks: Mapping[str, str]) -> str:
    """A file conforms when every question is answered yes or does not apply; one no and it does not."""
    answers = set(marks.values())
    if "no" in answers:
        return FAILS
    return OPEN if "not_seen" in answers or not answers & {"yes"} else CONFORMS


def sample_of(inspection: Inspection) -> Sample:
    """The files as they were looked at last, by number. One query."""
    latest: dict[int, SampledFile] = {}
    for row in _rows(inspection):
        latest[row.number] = row
    files = tuple(latest[number] for number in sorted(latest))
    found = [verdict(f.marks) for f in files]
    return Sample(files, found.count(CONFORMS), found.count(FAILS))


@retried
def keep_file(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    marks: Mapping[str, str],
    *,
    seen: int,
    now: datetime,
) -> None:
    """Keep what was seen in a file; `seen` is the revision the page had shown, 0 for a new file.

    Raises `Refused` (also where somebody else looked at it meanwhile) and `NotThere`; nothing is kept then.
    """
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if inspection.state not in ANSWERING:
            raise Refused(Refusal("state", "Files are looked at while the inspection is in progress."))
        latest = {row.number: row for row in _rows(inspection)}
        if refusals := _wrong(inspection, number, marks, latest):
            raise Refused(*refusals)
        known = latest.get(number)
        if (known.revision if known else 0) != seen:
            said = f"Somebody else looked at file {number} meanwhile. Open it anew, or take the next number"
            raise Refused(Refusal("conflict", f"{said}. What you chose is still here."))
        if known is not None and known.marks == dict(marks):
            return
        row = SampledFile(
            inspection_id=inspection.id,
            number=number,
            revision=seen + 1,
            marks=dict(marks),
            by_id=actor.id,
            at=now,
        )
        s.add(row)
        failed = ", ".join(code for code, answer in sorted(marks.items()) if answer == "no")
        codes = {"file": number, "verdict": verdict(marks), **({"failed": failed} if failed else {})}
        note(house, inspection, "sample_file", actor, codes=codes, now=now)
        s.flush()


def _wrong(
    inspection: Inspection, number: int, marks: Mapping[str, str], latest: Mapping[int, SampledFile]
) -> list[Refusal]:
    asked = {i.code for i in questions_of(inspection)}
    found = []
    if not 1 <= number <= min(MOST, max(latest, default=0) + 1):
        found.append(Refusal("number", f"Files are numbered one after the other, up to {MOST}."))
    found += [
        Refusal("unknown", "This is not asked of files on this checklist.", code)
        for code in marks
        if code not in asked
    ]
    found += [
        Refusal("required", "Choose one of the answers.", code)
        for code in asked
        if marks.get(code) not in WORDS
    ]
    return found


def _rows(inspection: Inspection) -> Sequence[SampledFile]:
    found = select(SampledFile).where(SampledFile.inspection_id == inspection.id)
    return session().scalars(found.order_by(SampledFile.number, SampledFile.revision)).all()
