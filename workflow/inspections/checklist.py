"""A checklist as versioned data: areas, items, to whom each applies, how two versions differ. Pure.

An inspection keeps the version it was begun under. A version in use is never edited; a new one follows it.
The first version is `checklist_standard`; those the office makes are read in `checklists`.
No item asks for the name, birth date or number of a person: files of a sample are numbered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
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
    letter = next((i.code[0] for i in items if i.area == area), "X")
    taken = [int(i.code[1:]) for i in items if i.code[0] == letter and i.code[1:].isdigit()]
    return f"{letter}{max(taken, default=0) + 1}"


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


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one item (added, retired, changed, moved), and each difference: label, before, after."""

    code: str
    what: str
    words: str
    differences: tuple[tuple[str, str, str], ...] = ()


def compare(old: Checklist, new: Checklist) -> tuple[Change, ...]:
    """Item by item what changed, in the order of the new version, retired ones last."""
    titles = {a.code: a.title for a in (*old.areas, *new.areas)}
    moved = _moved(old, new)
    found = []
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


def _differences(old: Item, new: Item, titles: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    pairs = ((label, getattr(old, name), getattr(new, name)) for name, label in LABELS.items())
    return tuple((label, _said(a, titles), _said(b, titles)) for label, a, b in pairs if a != b)


def _said(value: object, titles: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "all"
    return titles.get(str(value), str(value)) or "nothing"


def _moved(old: Checklist, new: Checklist) -> set[str]:
    """The fewest items whose moving explains the new order of what both have."""
    place = {item.code: n for n, item in enumerate(old.items)}
    common = [i.code for i in new.items if i.code in place]
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
