"""Comparing a list of agreements with what the register knows, row by row, and entering what is new.

Everything known is read first, so that a row costs no query. What due dates hang on is not changed by a list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select

from workflow.agreements.entering import Entry, enter_all
from workflow.agreements.facts import UNFINISHED
from workflow.agreements.kind import life_of
from workflow.cases.kinds import House
from workflow.cases.perform import react
from workflow.db.session import session
from workflow.engine.calendar import day_words
from workflow.policy.book import Book
from workflow.register.agreement_list import AgreementList, AgreementRow, RefusedRow
from workflow.register.import_report import Progress
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.register.names import Called, comparable, looks_like_respelling
from workflow.register.queries import Directory, directory
from workflow.register.service import ensure_offices, record_agency

#: A row of the register, one of its columns, and the value it should have.
Wanted: TypeAlias = tuple[Agency | Agreement, str, Any]


@dataclass
class Report:
    """What came of a list. `refused` are rows, `refused_cells` their values as the list has them."""

    rows: int = 0
    agencies: int = 0
    agreements: dict[str, int] = field(default_factory=dict)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    vanished: int = 0
    without_office: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    refused_cells: dict[int, dict[str, str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The document other programs read."""
        return {
            "rows": self.rows,
            "agencies": self.agencies,
            "agreements": self.agreements,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "vanished": self.vanished,
            "without_office": self.without_office,
            "refused": [
                {"row": r.row, "column": r.column, "value": r.value, "reason": r.reason} for r in self.refused
            ],
            "warnings": self.warnings,
        }


class Arrival:
    """One list being taken in."""

    def __init__(
        self,
        house: House,
        listed: AgreementList,
        as_of: date,
        now: datetime,
        policy_id: int,
        book: Book,
        report: Report,
        progress: Progress,
    ) -> None:
        self.house, self.listed, self.as_of, self.now = house, listed, as_of, now
        self.policy_id, self.book, self.report, self.progress = policy_id, book, report, progress
        self.offices: dict[str, FieldOffice] = ensure_offices()
        self.known: Directory = directory()
        self.agencies = {a.id: a for a in session().scalars(select(Agency))}
        self.records: dict[tuple[int, str], list[Agreement]] = {}
        for record in session().scalars(select(Agreement).order_by(Agreement.id)):
            self.records.setdefault((record.agency_id, record.model), []).append(record)
        newest = session().scalar(select(func.max(Agreement.listed_last_on)))
        #: The newest list known, if this one is older.
        self.newer: date | None = newest if newest is not None and newest > as_of else None
        #: Agreements known before that stand on this list, and names new to the register, by model.
        self.on_list: set[int] = set()
        self.new_names: list[tuple[str, Called]] = []

    def take(self) -> None:
        """Everything the list brings about."""
        report = self.report
        report.rows, report.agencies = self.listed.total, self.listed.agencies
        report.agreements = {m.code: self.listed.by_model.get(m.code, 0) for m in self.book.models}
        report.refused = list(self.listed.refused)
        report.warnings = list(self.listed.warnings)
        if self.newer:
            report.warnings.append(
                f"A list of {day_words(self.newer)} was taken in before: this older one adds what is missing "
                "and changes nothing."
            )
        entries = [entry for row in self.listed.rows if (entry := self._row(row)) is not None]
        report.created = len(entries)
        self._enter(entries)
        if not self.newer:
            self._vanished()
        report.without_office = sum(
            1
            for records in self.records.values()
            for r in records
            if r.id in self.on_list and not r.office_id
        ) + sum(1 for e in entries if e.office is None)

    def _row(self, row: AgreementRow) -> Entry | None:
        """Compare one row with what is known; the entry to make if it is new."""
        agency = self._agency(row)
        records = self.records.get((agency.id, row.model_code), []) if agency.id else []
        live = next((r for r in records if r.status in UNFINISHED), None)
        if live is not None:
            self.on_list.add(live.id)
            if live.listed_first_on == self.as_of:
                self.new_names.append((row.model_code, row.called))
            self._compare(live, agency, row)
            return None
        if records and not self._begins_anew(records[-1], row):
            self.on_list.add(records[-1].id)
            self.report.unchanged += 1
            return None
        template = self.book.template_for(row.model_code, row.signed_on)
        if template is None:
            reason = f"The policy has no template of {row.model_code} for that day. Add the template first."
            self.report.refused.append(
                RefusedRow(row.number, "", row.signed_on.isoformat(), reason, row.called, row.model_code)
            )
            self.report.agreements[row.model_code] -= 1
            return None
        self.new_names.append((row.model_code, row.called))
        if not self.newer:
            self._put(self._about_agency(agency, row))
        return Entry(
            agency=agency,
            model=row.model_code,
            template=template.revision,
            signed_on=row.signed_on,
            office=self.offices[row.office] if row.office else None,
            county=row.county,
            moa_url=row.moa_url,
            moa_pending=row.moa_pending,
            source=f"List of {day_words(self.as_of)}, row {row.number}",
            listed_on=self.as_of,
            vanished_on=self.newer,
        )

    def _agency(self, row: AgreementRow) -> Agency:
        found = self.known.find(name=row.agency_name, state=row.state, county=row.county, key=row.comparable)
        if found is not None:
            return found
        return record_agency(
            name=row.agency_name,
            state=row.state,
            county=row.county,
            kind=row.agency_type,
            known=self.known,
            offices=self.offices,
            key=row.comparable,
        )

    def _begins_anew(self, last: Agreement, row: AgreementRow) -> bool:
        """Whether a row is a new agreement after one that is over; if not, say that it is still listed."""
        over_since = last.ended_on or last.signed_on
        if last.status != "voided" and over_since is not None and row.signed_on > over_since:
            return True
        self._warn(row, f"is listed, but here it is {last.status} ({last.reference})")
        return False

    def _compare(self, record: Agreement, agency: Agency, row: AgreementRow) -> None:
        """Bring a known agreement up to date. What due dates hang on is not changed by a list."""
        first, last = record.listed_first_on, record.listed_last_on
        record.listed_first_on = min(first or self.as_of, self.as_of)
        if self.newer:
            self.report.unchanged += 1
            return
        record.listed_last_on = max(last or self.as_of, self.as_of)
        if record.signed_on is not None and record.signed_on != row.signed_on:
            self._warn(
                row,
                f"is listed as signed {day_words(row.signed_on)}, here {day_words(record.signed_on)} "
                f"({record.reference}); correct the record, or enter the newer agreement",
            )
        changed = self._details(record, agency, row)
        self.report.updated += changed
        self.report.unchanged += not changed

    def _details(self, record: Agreement, agency: Agency, row: AgreementRow) -> bool:
        """Copy what only describes an agreement or its agency; whether anything changed."""
        wanted: list[Wanted] = [
            (record, "moa_url", row.moa_url or record.moa_url),
            (record, "moa_pending", row.moa_pending and not (row.moa_url or record.moa_url)),
            (record, "county", row.county or record.county),
            (record, "vanished_on", None),
            *self._about_agency(agency, row),
        ]
        changed = self._put(wanted)
        return self._office(record, row) or changed

    def _about_agency(self, agency: Agency, row: AgreementRow) -> list[Wanted]:
        """What a row says of its agency; another spelling it is known by does not rename it."""
        office = self.offices[row.office] if row.office else None
        return [
            (agency, "county", row.county or agency.county),
            (agency, "type", row.agency_type or agency.type),
            (agency, "office_id", agency.office_id or (office.id if office else None)),
            *([(agency, "name", row.agency_name)] if _same_spelling(row, agency) else ()),
        ]

    def _put(self, wanted: list[Wanted]) -> bool:
        changes = [(of, name, value) for of, name, value in wanted if getattr(of, name) != value]
        for of, name, value in changes:
            setattr(of, name, value)
        return bool(changes)

    def _office(self, record: Agreement, row: AgreementRow) -> bool:
        """An office that the list now tells. One that was known before is not moved by a list."""
        office = self.offices[row.office] if row.office else None
        if office is None or record.office_id == office.id:
            return False
        if record.office_id is not None:
            self._warn(row, f"lies in the area of {office.name} by its county, but here in another")
            return False
        life = life_of(record.id)
        if life is None:
            record.office_id = office.id
            return True
        answers = {"office": office.code, "reasons": f"By the county on the list of {day_words(self.as_of)}."}
        return react(self.house, life, "assign_office", answers, now=self.now, cause=None) is not None

    def _enter(self, entries: list[Entry]) -> None:
        lives = enter_all(self.house, entries, policy_id=self.policy_id, now=self.now)
        for done, _ in enumerate(lives, start=1):
            self.progress(done, len(entries))

    def _vanished(self) -> None:
        """Agreements of an earlier list that are not on this one, and what they may be called now."""
        refused = {
            (r.called.state, comparable(r.called.name), r.model_code) for r in self.listed.refused if r.called
        }
        for records in self.records.values():
            for record in records:
                if record.id in self.on_list or record.listed_last_on is None:
                    continue
                agency = self.agencies[record.agency_id]
                if record.status not in UNFINISHED or self._is_refused(agency, record.model, refused):
                    continue
                record.vanished_on = record.vanished_on or self.as_of
                self.report.vanished += 1
                self.report.warnings.append(self._gone(agency, record))

    def _is_refused(self, agency: Agency, model: str, refused: set[tuple[str, str, str | None]]) -> bool:
        spelling = (agency.state, comparable(agency.name))
        return (*spelling, model) in refused or (*spelling, None) in refused

    def _gone(self, agency: Agency, record: Agreement) -> str:
        was = Called(agency.name, agency.state, agency.county)
        alike = [
            new.name
            for model, new in self.new_names
            if model == record.model and looks_like_respelling(was, new)
        ]
        perhaps = f" It may now be called “{alike[0]}”: merge the two if so." if alike else ""
        return (
            f"{agency.name} ({agency.state}), {record.model}, {record.reference}: no longer on the list. "
            f"It was not ended.{perhaps}"
        )

    def _warn(self, row: AgreementRow, words: str) -> None:
        self.report.warnings.append(
            f"{row.agency_name} ({row.state}), {row.model_code}, {words}: row {row.number}."
        )


def _same_spelling(row: AgreementRow, agency: Agency) -> bool:
    return comparable(row.agency_name) == comparable(agency.name)
