"""Closure times of a kind of case, by group. Reads only; the arithmetic is in `survival`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import median
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, Row, null, select, type_coerce

from workflow.cases.access import sees
from workflow.cases.calendars import HEADQUARTERS_ZONE
from workflow.cases.models import VOIDED, Case, Event, StageInterval
from workflow.complaints.machine import COMPLAINT
from workflow.corrective.machine import MACHINE as CORRECTIVE
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.figures.survival import Survival, survival
from workflow.inspections.machine import MACHINE as INSPECTION
from workflow.register.models import Agency, FieldOffice

_HEADQUARTERS: Final = ZoneInfo(HEADQUARTERS_ZONE)
#: What cases are grouped by in a query.
_Column: TypeAlias = ColumnElement[Any]
#: Days for which the share closed is given.
WITHIN = (30, 60, 90, 180)
#: The states in which a case is over.
FINAL: Final = sorted({s.value for m in (COMPLAINT, INSPECTION, CORRECTIVE) for s in m.final})


class By(StrEnum):
    """What cases are grouped by."""

    MODEL = "model"
    OFFICE = "office"
    TIER = "tier"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of cases with its curve; `key` is None without grouping or where the value is unknown."""

    key: str | None
    curve: Survival
    closed_only_median: float | None


def closure_times(
    actor: Actor,
    kind: str,
    *,
    as_of: date,
    by: By | None = None,
    received_from: date | None = None,
    received_until: date | None = None,
) -> list[Group]:
    """The closure times of the cases an actor may see, received up to `as_of`, by group.

    Days are calendar days from received to closed in the zone of each case's office; open cases are
    censored at `as_of`. A reopened case counts from its receipt to its last closing; on a day before it
    was opened again, to the closing that held then: reopening rewrites no earlier figure. Three queries.
    """
    columns: Mapping[By | None, _Column] = {
        None: null(),
        By.MODEL: Case.__table__.c.model,
        By.OFFICE: FieldOffice.__table__.c.name,
        By.TIER: Case.__table__.c.tier,
        By.AGENCY: Agency.__table__.c.name,
    }
    first, latest = received_from or date.min, min(received_until or as_of, as_of)
    lengths = _lengths(_rows(actor, (kind,), columns[by]), first, latest, as_of)
    if by is None and not lengths:
        lengths[None] = []
    return [
        _group(key, found) for key, found in sorted(lengths.items(), key=lambda item: item[0] or "\uffff")
    ]


def of_each(actor: Actor, kinds: Sequence[str], *, as_of: date) -> dict[str, Group]:
    """The same for several kinds side by side, each as a whole. Three queries for all of them."""
    lengths = _lengths(_rows(actor, kinds, Case.__table__.c.kind), date.min, as_of, as_of)
    return {kind: _group(None, lengths.get(kind, [])) for kind in kinds}


def as_json(groups: Sequence[Group], *, as_of: date, by: By | None) -> dict[str, Any]:
    """The figures as `plumbline figures closure-times --json` prints them."""
    return {
        "as_of": as_of.isoformat(),
        "by": by.value if by else None,
        "groups": [
            {
                "key": g.key,
                "n": g.curve.n,
                "closed": g.curve.closed,
                "open": g.curve.open,
                "median_days": g.curve.median,
                "p25_days": g.curve.quantile(0.25),
                "p75_days": g.curve.quantile(0.75),
                "p90_days": g.curve.quantile(0.9),
                "share_within": {str(days): g.curve.share_within(days) for days in WITHIN},
                "closed_only_median_days": g.closed_only_median,
                "curve": [[s.day, s.surviving, s.low, s.high] for s in g.curve.steps],
            }
            for g in groups
        ],
    }


def _rows(actor: Actor, kinds: Sequence[str], column: _Column) -> Sequence[Row[Any]]:
    """(group, received, closed, office, id) of each case; moments in UTC without saying so."""
    # As they are stored, in UTC and naive: what makes them aware costs more than all the rest.
    moments = (type_coerce(moment, DateTime()) for moment in (Case.received_at, Case.closed_at))
    every = select(column, *moments, Case.office_id, Case.id)
    every = every.where(Case.kind.in_(kinds), Case.state != VOIDED)
    if column is FieldOffice.__table__.c.name:
        every = every.outerjoin(FieldOffice, FieldOffice.id == Case.office_id)
    if column is Agency.__table__.c.name:
        every = every.outerjoin(Agency, Agency.id == Case.agency_id)
    # Not through the session: these are columns of many rows, and no object is made of them.
    return session().connection().execute(every.where(sees(actor))).all()


def _lengths(
    rows: Iterable[Any], first: date, latest: date, as_of: date
) -> defaultdict[str | None, list[tuple[int, bool]]]:
    """(days, whether closed) of the cases received from `first` to `latest`, by group."""
    # The offices are few: their zones are read once, and not with every case.
    zones = {key: ZoneInfo(zone) for key, zone in session().execute(select(FieldOffice.id, FieldOffice.zone))}
    earlier = _earlier_closings()
    lengths: defaultdict[str | None, list[tuple[int, bool]]] = defaultdict(list)
    for key, received, closed, office, case_id in rows:
        place = zones.get(office, _HEADQUARTERS)
        began = _day(received, place)
        if not first <= began <= latest:
            continue
        ended = _day(closed, place) if closed else None
        if case_id in earlier and (ended is None or ended > as_of):
            # Opened again later: on that day it was closed, and nothing that came after changes that.
            ended = _closed_on(earlier[case_id], place, as_of) or ended
        is_closed = ended is not None and ended <= as_of
        last = ended if ended is not None and is_closed else as_of
        lengths[None if key is None else str(key)].append(((last - began).days, is_closed))
    return lengths


def _day(moment: datetime, place: ZoneInfo) -> date:
    return place.fromutc(moment.replace(tzinfo=place)).date()


def _closed_on(spells: Sequence[tuple[datetime, datetime]], place: ZoneInfo, as_of: date) -> date | None:
    """The day on which a case that stood closed on a day had been closed; None if it was open then."""
    for closed, opened in spells:
        if _day(closed, place) <= as_of < _day(opened, place):
            return _day(closed, place)
    return None


def _earlier_closings() -> dict[int, list[tuple[datetime, datetime]]]:
    """From when to when reopened cases stood closed, by id. One query; what was undone was no closing."""
    spell = StageInterval.__table__
    moments = (type_coerce(moment, DateTime()) for moment in (spell.c.entered_at, spell.c.left_at))
    found = (
        select(spell.c.case_id, *moments)
        .join(Event, (Event.case_id == spell.c.case_id) & (Event.version == spell.c.left_version))
        .where(spell.c.left_at.is_not(None), spell.c.state.in_(FINAL), Event.verb != "void")
        .order_by(spell.c.entered_version)
    )
    spells: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for case_id, closed, opened in session().connection().execute(found):
        spells[case_id].append((closed, opened))
    return spells


def _group(key: str | None, found: list[tuple[int, bool]]) -> Group:
    done = [days for days, closed in found if closed]
    return Group(
        key,
        survival([days for days, _ in found], [closed for _, closed in found]),
        float(median(done)) if done else None,
    )
