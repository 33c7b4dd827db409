"""Closure times of a kind of case, by group. Reads only; the arithmetic is in `survival`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, null, select, union_all

from workflow.cases.access import shares
from workflow.cases.calendars import HEADQUARTERS_ZONE
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.figures.survival import Survival, survival
from workflow.register.models import Agency, FieldOffice

_HEADQUARTERS: Final = ZoneInfo(HEADQUARTERS_ZONE)
_OFFICE: Final = (FieldOffice.id, FieldOffice.name, FieldOffice.zone)
#: Days for which the share closed is given.
WITHIN = (30, 60, 90, 180)


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
    censored at `as_of`. Two queries.
    """
    lengths: defaultdict[str | None, list[tuple[int, bool]]] = defaultdict(list)
    first, latest = received_from or date.min, min(received_until or as_of, as_of)
    for key, received, closed, place in _rows(actor, kind, by):
        began = received.astimezone(place).date()
        if not first <= began <= latest:
            continue
        ended = closed.astimezone(place).date() if closed else None
        is_closed = ended is not None and ended <= as_of
        last = ended if ended is not None and is_closed else as_of
        lengths[key].append(((last - began).days, is_closed))
    if by is None and not lengths:
        lengths[None] = []
    return [
        _group(key, found) for key, found in sorted(lengths.items(), key=lambda item: item[0] or "\uffff")
    ]


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


def _rows(
    actor: Actor, kind: str, by: By | None
) -> Iterator[tuple[str | None, datetime, datetime | None, ZoneInfo]]:
    """(group, received, closed, zone of its office) of each case; the offices are few and read once."""
    offices = {o.id: o for o in session().execute(select(*_OFFICE))}
    zones = {key: ZoneInfo(o.zone) for key, o in offices.items()}
    columns: dict[By | None, ColumnElement[Any]] = {
        By.MODEL: Case.__table__.c.model,
        By.TIER: Case.__table__.c.tier,
        By.AGENCY: Agency.__table__.c.name,
    }
    every = select(columns.get(by, null()), Case.received_at, Case.closed_at, Case.office_id)
    if by is By.AGENCY:
        every = every.outerjoin(Agency, Agency.id == Case.agency_id)
    query = union_all(*(every.where(Case.kind == kind, share) for share in shares(actor)))
    # Not through the session: these are columns of many rows, and no object is made of them.
    for value, received, closed, office in session().connection().execute(query):
        if by is By.OFFICE and office is not None:
            value = offices[office].name
        key = None if value is None else str(value)
        yield key, received, closed, zones.get(office, _HEADQUARTERS)


def _group(key: str | None, found: list[tuple[int, bool]]) -> Group:
    done = [days for days, closed in found if closed]
    return Group(
        key,
        survival([days for days, _ in found], [closed for _, closed in found]),
        float(median(done)) if done else None,
    )
