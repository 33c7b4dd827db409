"""Writing the text of a report before it is handed in: what was found, how it was done, what works well.

Each saving is a row of its own; the findings are not part of it and are joined when it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import sealed
from workflow.inspections.answers import writable
from workflow.inspections.facts import WRITING
from workflow.inspections.models import Inspection
from workflow.inspections.report_models import ReportText
from workflow.inspections.report_rows import latest_text

#: The longest part of a text.
LONGEST: Final = 10_000
PARTS: Final = ("summary", "method", "strengths")


@dataclass(frozen=True, slots=True)
class Text:
    """The parts of the text that are written by hand."""

    summary: str
    method: str | None = None
    strengths: str | None = None


@retried
def write_text(house: House, reference: str, actor: Actor, text: Text, *, seen: int, now: datetime) -> int:
    """Keep the text; its number. `seen` is the number of the one it replaces, nought for the first.

    Raises `Refused`, also when somebody else saved one meanwhile, and `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if inspection.state not in WRITING:
            raise Refused(Refusal("state", "The text is written until the findings are handed in."))
        if refusals := _wrong(text):
            raise Refused(*refusals)
        known = latest_text(inspection)
        if seen != (known.number if known else 0):
            raise Refused(
                Refusal(
                    "overtaken",
                    "Somebody saved another text meanwhile: it stands below. Bring both together.",
                )
            )
        row = _keep(house, inspection, text, after=known, by=actor.id, now=now)
        note(house, inspection, "write_report", actor, codes={"text": row.number}, now=now)
        s.flush()
        return row.number


def text_of(house: House, inspection: Inspection) -> tuple[Text, int]:
    """The text as it stands, with its number; an empty one of nought before anybody wrote. One query."""
    row = latest_text(inspection)
    return (_opened(house, inspection, row), row.number) if row else (Text(""), 0)


def summary_is_kept(house: House, inspection: Any, event: Event, now: datetime) -> None:
    """A summary written on handing in the findings replaces the one of the text."""
    assert isinstance(inspection, Inspection)
    said = words_of(event, inspection, house.keyring).get("summary")
    if not said:
        return
    known = latest_text(inspection)
    before = _opened(house, inspection, known) if known else Text("")
    text = Text(said, before.method, before.strengths)
    _keep(house, inspection, text, after=known, by=event.actor_id, now=now)


def _keep(
    house: House, inspection: Inspection, text: Text, *, after: ReportText | None, by: int, now: datetime
) -> ReportText:
    row = ReportText(inspection_id=inspection.id, number=after.number + 1 if after else 1, by_id=by, at=now)
    for part in PARTS:
        setattr(row, part, sealed.keep(inspection, row, part, getattr(text, part), house.keyring))
    session().add(row)
    return row


def _opened(house: House, inspection: Inspection, row: ReportText) -> Text:
    said = {part: sealed.words_in(inspection, row, part, house.keyring) for part in PARTS}
    return Text(said["summary"] or "", said["method"], said["strengths"])


def _wrong(text: Text) -> list[Refusal]:
    found = [
        Refusal("unfit", f"At most {LONGEST:,} characters fit here.", part)
        for part in PARTS
        if len(getattr(text, part) or "") > LONGEST
    ]
    if not text.summary.strip():
        found.append(Refusal("required", "Say in a few sentences what was found.", "summary"))
    return found
