"""Drafting versions of the checklist and putting them in force. Reading them is `checklists`.

A draft is its author's: whoever wants it otherwise begins one from it. Every change is a revision that is
kept. Somebody else puts in force exactly the revision they saw; from then on nothing of it changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from workflow.cases.access import NotThere
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.inspections import checklist as changes
from workflow.inspections.checklist import Area, Checklist, Item
from workflow.inspections.checklist_models import (
    IN_FORCE,
    WITHDRAWN,
    ChecklistRevision,
    ChecklistVersion,
)
from workflow.inspections.checklist_standard import STANDARD
from workflow.inspections.checklists import Draft, any_of, as_it_stands, every_one, version_of

#: Who makes checklists, and puts those of others in force.
DRAFTERS: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})
#: The longest question, provision, guidance or evidence, and the most items a version has.
LONGEST: Final = 300
MOST: Final = 120
MOST_SECTIONS: Final = 30


@retried
def begin_draft(actor: Actor, *, base: str, note: str, now: datetime) -> str:
    """Begin a draft from another version; its code. Raises `Refused` and `NotThere`."""
    _may_draft(actor)
    with transaction() as s, s.no_autoflush:
        known = any_of(base)
        if known is None:
            raise NotThere(base)
        code = _next_version(now)
        row = ChecklistVersion(code=code, base=base, note=note, drafted_by_id=actor.id, drafted_at=now)
        row.revisions.append(_revision(1, f"begun from {base}", known, now))
        s.add(row)
        s.flush()
        return code


def add_item(actor: Actor, code: str, item: Item, *, seen: int, now: datetime) -> str:
    """Add an item to a draft, under a code that no question ever had; that code."""
    given = changes.next_code(item.area, every_one())
    fresh = replace(item, code=given)
    _change(actor, code, f"added {given}", lambda c: changes.with_item(c, fresh), seen=seen, now=now)
    return given


def change_item(actor: Actor, code: str, item: Item, *, seen: int, now: datetime) -> None:
    """Write an item of a draft anew, under its code."""
    _change(
        actor,
        code,
        f"changed {item.code}",
        lambda c: changes.with_changed(_having(c, item.code), item),
        seen=seen,
        now=now,
    )


def move_item(actor: Actor, code: str, item: str, *, up: bool, seen: int, now: datetime) -> None:
    """Move an item of a draft one place within its section."""
    _change(
        actor,
        code,
        f"moved {item}",
        lambda c: changes.with_moved(_having(c, item), item, up=up),
        seen=seen,
        now=now,
    )


def retire_item(actor: Actor, code: str, item: str, *, seen: int, now: datetime) -> None:
    """Take an item out of a draft: later inspections are not asked it."""
    _change(
        actor,
        code,
        f"retired {item}",
        lambda c: changes.without(_having(c, item), item),
        seen=seen,
        now=now,
    )


def add_section(actor: Actor, code: str, title: str, *, seen: int, now: datetime) -> str:
    """Add a section to a draft, at the end, under a code that none ever had; that code."""
    fresh = Area(changes.next_area(every_one()), title)
    _change(
        actor,
        code,
        f"added section {fresh.code}",
        lambda c: changes.with_area(_untitled(c, fresh), fresh),
        seen=seen,
        now=now,
    )
    return fresh.code


def rename_section(actor: Actor, code: str, area: Area, *, seen: int, now: datetime) -> None:
    """Call a section of a draft otherwise; earlier versions keep its old title."""
    _change(
        actor,
        code,
        f"renamed section {area.code}",
        lambda c: changes.with_title(_untitled(_with(c, area.code), area), area),
        seen=seen,
        now=now,
    )


def move_section(actor: Actor, code: str, area: str, *, up: bool, seen: int, now: datetime) -> None:
    """Move a section of a draft, with its items, one place."""
    _change(
        actor,
        code,
        f"moved section {area}",
        lambda c: changes.with_area_moved(_with(c, area), area, up=up),
        seen=seen,
        now=now,
    )


def remove_section(actor: Actor, code: str, area: str, *, seen: int, now: datetime) -> None:
    """Take a section without items out of a draft. Raises `Refused` while it has some."""

    def make(checklist: Checklist) -> Checklist:
        if any(item.area == area for item in _with(checklist, area).items):
            raise Refused(Refusal("items", "It has items: retire them, or give them another section."))
        return changes.without_area(checklist, area)

    _change(actor, code, f"removed section {area}", make, seen=seen, now=now)


@retried
def withdraw(actor: Actor, code: str, *, now: datetime) -> None:
    """Give a draft up; it stays on record. Its author alone."""
    _may_draft(actor)
    with transaction() as s:
        row = _own(actor, code).row
        row.outcome, row.settled_by_id, row.settled_at = WITHDRAWN, actor.id, now
        s.flush()


@retried
def put_in_force(
    actor: Actor, code: str, *, seen: int, effective_on: date, today: date, now: datetime
) -> None:
    """Put the revision that was seen in force from a day on; by somebody else than its author."""
    _may_draft(actor)
    with transaction() as s:
        draft = _draft(code)
        if draft.row.drafted_by_id == actor.id:
            raise Refused(Refusal("two_people", "Whoever drafted a checklist does not put it in force."))
        if draft.revision != seen:
            raise Stale(f"revision {seen} seen, {draft.revision} found")
        if effective_on < today:
            raise Refused(Refusal("past", "This day has passed already.", "effective_on"))
        if refusals := problems(draft.checklist, any_of(draft.row.base) or STANDARD):
            raise Refused(*refusals)
        row = draft.row
        row.outcome, row.revision, row.effective_on = IN_FORCE, draft.revision, effective_on
        row.settled_by_id, row.settled_at = actor.id, now
        s.flush()


def problems(checklist: Checklist, base: Checklist) -> list[Refusal]:
    """What keeps a draft from being put in force, item by item."""
    found = []
    if not changes.compare(base, checklist):
        found.append(Refusal("same", f"It asks exactly what {base.version} asks."))
    if not any(not i.of_file for i in checklist.items):
        found.append(Refusal("empty", "It asks nothing."))
    for item in checklist.items:
        lacks = [
            changes.LABELS[name].lower()
            for name in ("clause", "guidance", "evidence")
            if not getattr(item, name)
        ]
        if lacks:
            found.append(Refusal("incomplete", f"{item.code} lacks: {', '.join(lacks)}."))
    return found


@retried
def _change(
    actor: Actor, code: str, what: str, make: Callable[[Checklist], Checklist], *, seen: int, now: datetime
) -> None:
    """Write the next revision of a draft. Raises `Refused`, `Stale`, `NotThere`."""
    _may_draft(actor)
    with transaction() as s, s.no_autoflush:
        draft = _own(actor, code)
        if draft.revision != seen:
            raise Stale(f"revision {seen} seen, {draft.revision} found")
        after = make(draft.checklist)
        if len(after.items) > MOST:
            raise Refused(Refusal("many", f"At most {MOST} items; nobody answers more on a visit."))
        if len(after.areas) > MOST_SECTIONS:
            raise Refused(Refusal("many", f"At most {MOST_SECTIONS} sections."))
        if after != draft.checklist:
            row = _revision(draft.revision + 1, what, after, now)
            row.version_id = draft.row.id
            s.add(row)
            s.flush()


def _own(actor: Actor, code: str) -> Draft:
    draft = _draft(code)
    if draft.row.drafted_by_id != actor.id:
        raise Refused(Refusal("author", "Only its author changes a draft; begin one of your own from it."))
    return draft


def _draft(code: str) -> Draft:
    row = version_of(code, lock=True)
    if row is None:
        raise NotThere(code)
    if not row.is_draft:
        raise Refused(Refusal("settled", "This version is no draft any more: begin a new one from it."))
    return as_it_stands(row)


def _having(checklist: Checklist, item: str) -> Checklist:
    if checklist.item(item) is None:
        raise NotThere(item)
    return checklist


def _with(checklist: Checklist, area: str) -> Checklist:
    if checklist.area(area) is None:
        raise NotThere(area)
    return checklist


def _untitled(checklist: Checklist, area: Area) -> Checklist:
    """The checklist, if no other section of it has this title."""
    if any(a.code != area.code and a.title.casefold() == area.title.casefold() for a in checklist.areas):
        raise Refused(Refusal("title", "Another section is called that.", "title"))
    return checklist


def _may_draft(actor: Actor) -> None:
    if not actor.roles & DRAFTERS:
        raise Refused(Refusal("role", "Your role does not allow this."))


def _revision(number: int, what: str, checklist: Checklist, now: datetime) -> ChecklistRevision:
    return ChecklistRevision(number=number, what=what, body=checklist.as_body(), at=now)


def _next_version(now: datetime) -> str:
    """Such as 2026-2: counts within the year, after the delivered one."""
    year = str(now.year)
    mine = session().scalar(
        select(func.count()).select_from(ChecklistVersion).where(ChecklistVersion.code.startswith(f"{year}-"))
    )
    return f"{year}-{(mine or 0) + (1 if STANDARD.version.startswith(year) else 0) + 1}"
