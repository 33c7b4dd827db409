"""Opening and closing what was written at an inspection: evidence and notes of findings, remarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from workflow.cases import sealed
from workflow.db.seal import Keyring
from workflow.inspections.fieldwork_models import Interview, RosterDiscrepancy
from workflow.inspections.models import ChecklistAnswer, ChecklistOperation, Finding, Inspection
from workflow.inspections.report_models import FactComment, ReportText

#: Whatever holds words about an inspection.
Row: TypeAlias = (
    Finding | ChecklistAnswer | ChecklistOperation | Interview | RosterDiscrepancy | ReportText | FactComment
)


@dataclass(frozen=True, slots=True)
class Words:
    """What was written about a finding. The agency is shown the evidence, never the comment."""

    evidence: str | None
    comment: str | None


def keep(inspection: Inspection, row: Row, column: str, words: str | None, keyring: Keyring) -> bytes | None:
    """Words for a column of a row, sealed; None for nothing."""
    return sealed.keep(inspection, _place(inspection, row, column), words, keyring) if words else None


def words_of(inspection: Inspection, finding: Finding, keyring: Keyring) -> Words:
    """What was written about one finding."""
    return Words(
        sealed.read(inspection, _place(inspection, finding, "evidence"), finding.evidence, keyring),
        sealed.read(inspection, _place(inspection, finding, "comment"), finding.comment, keyring),
    )


def words_by_number(inspection: Inspection, keyring: Keyring) -> dict[int, Words]:
    """What was written about each finding, by its number."""
    return {finding.number: words_of(inspection, finding, keyring) for finding in inspection.findings}


def remarks(inspection: Inspection, keyring: Keyring) -> dict[str, str]:
    """The remarks on items of the checklist, by item; items without one are left out."""
    read = {
        answer.item: sealed.read(inspection, _place(inspection, answer, "comment"), answer.comment, keyring)
        for answer in inspection.answers
    }
    return {item: remark for item, remark in read.items() if remark is not None}


def remark_of(inspection: Inspection, row: ChecklistOperation, keyring: Keyring) -> str | None:
    """The remark that came with one answering."""
    return sealed.read(inspection, _place(inspection, row, "comment"), row.comment, keyring)


def words_in(
    inspection: Inspection,
    row: Interview | RosterDiscrepancy | ReportText | FactComment,
    column: str,
    keyring: Keyring,
) -> str | None:
    """What was written in one column of an interview, a proposal, the text of a report or a comment."""
    return sealed.read(inspection, _place(inspection, row, column), getattr(row, column), keyring)


def _place(inspection: Inspection, row: Row, column: str) -> str:
    which = row.item if isinstance(row, ChecklistAnswer) else row.number
    return f"{row.__tablename__}:{inspection.reference}:{which}:{column}"
