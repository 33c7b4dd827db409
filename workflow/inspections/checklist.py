"""A checklist as versioned data: areas, items, to whom each applies, how two versions differ. Pure.

An inspection keeps the version it was begun under. A version in use is never edited; a new one follows it.
The first version is `checklist_standard`; those the office makes are read in `checklists`.
No item asks for the name, birth date or number of a person: files of a sample are numbered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from string import ascii_uppercase
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Area:
    """A section of the checklist."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `models` and `revisions` narrow down to whom it applies; empty ones apply to all.

    `clause` is the title of the provision it comes from, `guidance` how to find out, `evidence` what to see.
    What fails a `critical` one is usually critical. One `of_file` is asked of every file of a sample.
    """

    code: str
    area: str
    words: str
    clause: str
    guidance: str = ""
    evidence: str = ""
    models: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    critical: bool = False
    of_file: bool = False

    def applies(self, model: str | None, revision: str | None) -> bool:
        return (not self.models or model in self.models) and (
            not self.revisions or revision in self.revisions
        )


@dataclass(frozen=True)
class Checklist:
    """One version: its areas in the order of a visit, and their items."""

    version: str
    areas: tuple[Area, ...]
    items: tuple[Item, ...]

    def applicable(self, model: str | None, revision: str | None) -> tuple[Item, ...]:
        """The items of an agreement of this model and template, in order; those of files are apart."""
        return tuple(item for item in self.items if item.applies(model, revision) and not item.of_file)

    def of_files(self, model: str | None, revision: str | None) -> tuple[Item, ...]:
        """What is asked of every sampled file under this model and template, in order."""
        return tuple(item for item in self.items if item.applies(model, revision) and item.of_file)

    def sections(self, model: str | None, revision: str | None) -> tuple[tuple[Area, tuple[Item, ...]], ...]:
        """The areas that have something to ask, each with its items."""
        return self.grouped(self.applicable(model, revision))

    def grouped(self, items: Iterable[Item]) -> tuple[tuple[Area, tuple[Item, ...]], ...]:
        """Items by area, in the order of the areas; areas without any are left out."""
        given = tuple(items)
        found = [(area, tuple(i for i in given if i.area == area.code)) for area in self.areas]
        return tuple((area, mine) for area, mine in found if mine)

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def area(self, code: str) -> Area | None:
        return next((area for area in self.areas if area.code == code), None)

    def as_body(self) -> dict[str, Any]:
        """As JSON, without the version: that stands beside it."""
        return {"areas": [asdict(a) for a in self.areas], "items": [asdict(i) for i in self.items]}


def from_body(version: str, body: Mapping[str, Any]) -> Checklist:
    """A checklist as it was stored."""
    items = (
        Item(**{**i, "models": tuple(i["models"]), "revisions": tuple(i["revisions"])}) for i in body["items"]
    )
    return Checklist(version, tuple(Area(**a) for a in body["areas"]), tuple(items))


# --- changing a draft -----------------------------------------------------------------------------


def with_item(checklist: Checklist, item: Item) -> Checklist:
    """With one more item, at the end of its area."""
    return _sorted(replace(checklist, items=(*checklist.items, item)))


def with_changed(checklist: Checklist, item: Item) -> Checklist:
    """With an item written anew under its code. In another area it goes to the end of that."""
    known = checklist.item(item.code)
    if known is not None and known.area != item.area:
        return with_item(without(checklist, item.code), item)
    return replace(checklist, items=tuple(item if i.code == item.code else i for i in checklist.items))


def without(checklist: Checklist, code: str) -> Checklist:
    """With an item retired: later inspections are not asked it, earlier ones keep it."""
    return replace(checklist, items=tuple(i for i in checklist.items if i.code != code))


def with_moved(checklist: Checklist, code: str, *, up: bool) -> Checklist:
    """With an item one place up or down in its area; at the end of it nothing moves."""
    items = list(checklist.items)
    at = next(n for n, i in enumerate(items) if i.code == code)
    beside = [n for n, i in enumerate(items) if i.area == items[at].area]
    place = beside.index(at) + (-1 if up else 1)
    if 0 <= place < len(beside):
        items[at], items[beside[place]] = items[beside[place]], items[at]
    return replace(checklist, items=tuple(items))


def next_code(area: str, known: Iterable[Checklist]) -> str:
    """A code for a new item of an area that no version ever used: an answer of long ago keeps its meaning."""
    items = [item for checklist in known for item in checklist.items]
    used = {i.code[0] for i in items}
    free = next((letter for letter in ascii_uppercase if letter not in used), "X")
    letter = next((i.code[0] for i in items if i.area == area), free)
    taken = [int(i.code[1:]) for i in items if i.code[0] == letter and i.code[1:].isdigit()]
    return f"{letter}{max(taken, default=0) + 1}"


def with_area(checklist: Checklist, area: Area) -> Checklist:
    """With one more section, at the end."""
    return replace(checklist, areas=(*checklist.areas, area))


def with_title(checklist: Checklist, area: Area) -> Checklist:
    """With a section called otherwise, under its code."""
    return replace(checklist, areas=tuple(area if a.code == area.code else a for a in checklist.areas))


def with_area_moved(checklist: Checklist, code: str, *, up: bool) -> Checklist:
    """With a section, and its items, one place up or down; at the end nothing moves."""
    areas = list(checklist.areas)
    at = next(n for n, a in enumerate(areas) if a.code == code)
    place = at + (-1 if up else 1)
    if 0 <= place < len(areas):
        areas[at], areas[place] = areas[place], areas[at]
    return _sorted(replace(checklist, areas=tuple(areas)))


def without_area(checklist: Checklist, code: str) -> Checklist:
    """Without a section; it has no items."""
    return replace(checklist, areas=tuple(a for a in checklist.areas if a.code != code))


def next_area(known: Iterable[Checklist]) -> str:
    """A code for a new section that no version ever used."""
    taken = {area.code for checklist in known for area in checklist.areas}
    return next(code for n in count(1) if (code := f"section-{n}") not in taken)


def _sorted(checklist: Checklist) -> Checklist:
    place = {area.code: n for n, area in enumerate(checklist.areas)}
    return replace(checklist, items=tuple(sorted(checklist.items, key=lambda i: place[i.area])))


# --- comparing two versions -----------------------------------------------------------------------

#: What is compared of an item, and what it is called.
LABELS: Final = {
    "area": "Section",
    "words": "Question",
    "clause": "Provision",
    "guidance": "Guidance",
    "evidence": "Evidence wanted",
    "models": "Models",
    "revisions": "Templates",
    "critical": "Critical",
    "of_file": "Asked of every sampled file",
}
ADDED, RETIRED, CHANGED, MOVED = "added", "retired", "changed", "moved"
RENAMED, REMOVED = "renamed", "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one item or section, and each difference: label, before, after."""

    code: str
    what: str
    words: str
    differences: tuple[tuple[str, str, str], ...] = ()


def compare(old: Checklist, new: Checklist) -> tuple[Change, ...]:
    """What changed: sections first, then item by item in the order of the new version, retired ones last."""
    titles = {a.code: a.title for a in (*old.areas, *new.areas)}
    found = list(_sections(old, new))
    if any(change.what == MOVED for change in found):
        # Items that went along with their section did not move by themselves.
        old = _sorted(replace(old, areas=_reordered(old, new)))
    moved = _moved([i.code for i in old.items], [i.code for i in new.items])
    for item in new.items:
        before = old.item(item.code)
        if before is None:
            found.append(Change(item.code, ADDED, item.words))
        elif differences := _differences(before, item, titles):
            found.append(Change(item.code, CHANGED, item.words, differences))
        elif item.code in moved:
            found.append(Change(item.code, MOVED, item.words))
    found += [Change(i.code, RETIRED, i.words) for i in old.items if new.item(i.code) is None]
    return tuple(found)


def _sections(old: Checklist, new: Checklist) -> Iterator[Change]:
    moved = _moved([a.code for a in old.areas], [a.code for a in new.areas])
    for area in new.areas:
        before = old.area(area.code)
        if before is None:
            yield Change("Section", ADDED, area.title)
        elif before.title != area.title:
            yield Change("Section", RENAMED, area.title, (("Title", before.title, area.title),))
        if area.code in moved:
            yield Change("Section", MOVED, area.title)
    yield from (Change("Section", REMOVED, a.title) for a in old.areas if new.area(a.code) is None)


def _reordered(old: Checklist, new: Checklist) -> tuple[Area, ...]:
    """The sections of the old version in the order of the new one, those it no longer has last."""
    place = {area.code: n for n, area in enumerate(new.areas)}
    return tuple(sorted(old.areas, key=lambda a: place.get(a.code, len(place))))


def _differences(old: Item, new: Item, titles: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    pairs = ((label, getattr(old, name), getattr(new, name)) for name, label in LABELS.items())
    return tuple((label, _said(a, titles), _said(b, titles)) for label, a, b in pairs if a != b)


def _said(value: object, titles: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "all"
    return titles.get(str(value), str(value)) or "nothing"


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest codes whose moving explains the new order of what both have."""
    place = {code: n for n, code in enumerate(old)}
    common = [code for code in new if code in place]
    ends: list[int] = []
    rank: list[int] = []
    for code in common:
        at = bisect_left(ends, place[code])
        ends[at : at + 1] = [place[code]]
        rank.append(at)
    stays: set[str] = set()
    wanted = len(ends) - 1
    for code, at in zip(reversed(common), reversed(rank), strict=True):
        if at == wanted:
            stays.add(code)
            wanted -= 1
    return set(common) - stays
