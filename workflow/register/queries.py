"""Reading the register: agencies by name or address, families of merged ones, training. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflow.db.session import session
from workflow.policy.book import Book
from workflow.register.models import Agency, AgencyAlias, Agreement, Officer, RegisterEvent
from workflow.register.names import comparable, same_county
from workflow.register.training import SAID, Record, Standing, course_of, standing


def by_slug(slug: str) -> Agency | None:
    """The agency of an address: its own, an old one, or that of an agency merged into it."""
    found = session().scalar(select(Agency).where(Agency.slug == slug))
    if found is None:
        alias = select(Agency).join(AgencyAlias, AgencyAlias.agency_id == Agency.id)
        found = session().scalar(alias.where(AgencyAlias.slug == slug))
    return found and surviving(found)


def surviving(agency: Agency) -> Agency:
    """The agency this one was merged into, or itself. One query for each merge on the way."""
    while agency.merged_into_id is not None:
        agency = session().get_one(Agency, agency.merged_into_id)
    return agency


def family(agency_id: int) -> frozenset[int]:
    """The ids of an agency and of all merged into it: what is recorded under any of them is its own."""
    ids = {agency_id}
    newest = ids
    while newest:
        newest = set(session().scalars(select(Agency.id).where(Agency.merged_into_id.in_(newest)))) - ids
        ids = ids | newest
    return frozenset(ids)


@dataclass
class Directory:
    """Every agency by what it is called, read once for a whole list. `slugs` are all addresses in use."""

    called: dict[tuple[str, str], list[Agency]] = field(default_factory=lambda: defaultdict(list))
    slugs: set[str] = field(default_factory=set)
    keys: set[tuple[str, str]] = field(default_factory=set)

    def find(self, *, name: str, state: str, county: str | None, key: str) -> Agency | None:
        """The agency of a name in a state, unless it lies in a county that really is another."""
        named = [
            a
            for a in self.called.get((state, key), self.called.get((state, comparable(name)), []))
            if same_county(a.county, county)
        ]
        return named[0] if named else None

    def everywhere(self, name: str) -> list[Agency]:
        """The agencies of a name in all states, each once."""
        wanted = comparable(name)
        found = [a for (_, key), named in self.called.items() if key == wanted for a in named]
        return list({a.id: a for a in found}.values())

    def add(self, agency: Agency) -> None:
        """Know one more agency, under the spelling it is kept by and under its name."""
        self.slugs.add(agency.slug)
        self.keys.add((agency.state, agency.comparable))
        for key in {agency.comparable, comparable(agency.name)}:
            self.called[agency.state, key].append(agency)


def directory() -> Directory:
    """All agencies and their other names. Two queries; a merged one stands for the one it was merged into."""
    known = Directory()
    agencies = {a.id: a for a in session().scalars(select(Agency).order_by(Agency.id))}
    for agency in agencies.values():
        known.slugs.add(agency.slug)
        known.keys.add((agency.state, agency.comparable))
        last = agency
        while last.merged_into_id is not None:
            last = agencies[last.merged_into_id]
        for key in {agency.comparable, comparable(agency.name)}:
            known.called[agency.state, key].append(last)
    for alias in session().scalars(select(AgencyAlias).order_by(AgencyAlias.id)):
        last = agencies[alias.agency_id]
        while last.merged_into_id is not None:
            last = agencies[last.merged_into_id]
        known.called[alias.state, alias.comparable].append(last)
        known.slugs |= {alias.slug} if alias.slug else set()
    return known


def done_to(agency_id: int) -> Sequence[RegisterEvent]:
    """What was done to an agency by hand, latest first."""
    found = (
        select(RegisterEvent)
        .where((RegisterEvent.agency_id == agency_id) | (RegisterEvent.other_id == agency_id))
        .order_by(RegisterEvent.id.desc())
    )
    return session().scalars(found).all()


def other_names(agency_id: int) -> Sequence[str]:
    """Other spellings of an agency, and the names of those merged into it."""
    aliases = select(AgencyAlias.name).where(AgencyAlias.agency_id == agency_id)
    merged = select(Agency.name).where(Agency.merged_into_id == agency_id)
    return sorted({*session().scalars(aliases), *session().scalars(merged)})


# --- training -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compliance:
    """Whether everybody who may act under an agreement is trained on a day.

    `is_compliant` is None where no officer is on record here: nothing is known, so nothing is judged.
    """

    authorised: int
    current: int
    lapsed: tuple[str, ...]
    #: What each of these lacks, as ends of a sentence.
    lacking: tuple[tuple[str, ...], ...] = ()

    @property
    def is_compliant(self) -> bool | None:
        return None if not self.authorised else not self.lapsed


def training_compliance(agreement_ids: Iterable[int], on: date, book: Book) -> dict[int, Compliance]:
    """Training of the officers authorised on a day, by agreement, as the policy asks it of the model.

    Two queries.
    """
    ids = list(agreement_ids)
    compliance = {agreement_id: Compliance(0, 0, ()) for agreement_id in ids}
    for agreement_id, of in officers_standing(ids, on, book).items():
        acting = [(officer, stands) for officer, stands in of if stands.acts]
        lacking = [(officer.number, stands.lapses) for officer, stands in acting if not stands.is_current]
        compliance[agreement_id] = Compliance(
            len(acting),
            len(acting) - len(lacking),
            tuple(number for number, _ in lacking),
            tuple(lapses for _, lapses in lacking),
        )
    return compliance


def officers_standing(
    agreement_ids: Iterable[int], on: date, book: Book
) -> dict[int, list[tuple[Officer, Standing]]]:
    """Every officer of these agreements with how they stand on a day, by number. Two queries."""
    found = (
        select(Officer, Agreement.model)
        .join(Agreement, Agreement.id == Officer.agreement_id)
        .where(Officer.agreement_id.in_(list(agreement_ids)), Officer.voided_at.is_(None))
        .options(selectinload(Officer.trainings))
        .order_by(Officer.number, Officer.id)
    )
    kept: dict[int, list[tuple[Officer, Standing]]] = {}
    for officer, model in session().execute(found):
        stands = standing(record_of(officer), course_of(book, model), on)
        kept.setdefault(officer.agreement_id, []).append((officer, stands))
    return kept


def record_of(officer: Officer) -> Record:
    """What is on record of an officer, with what was passed."""
    days = {name: day for name in SAID if (day := getattr(officer, name)) is not None}
    passed = tuple((t.kind, t.passed_on) for t in officer.trainings)
    return Record(days, officer.authorised_until, passed)


def agreements_of(agency_ids: Iterable[int]) -> Sequence[Agreement]:
    """All agreements of an agency's family, those in force first."""
    found = (
        select(Agreement)
        .where(Agreement.agency_id.in_(list(agency_ids)))
        .order_by(Agreement.ended_on.is_not(None), Agreement.model, Agreement.signed_on)
        .options(selectinload(Agreement.office))
    )
    return session().scalars(found).all()
