"""Sections of a draft checklist: added, renamed, moved, removed, and what a comparison says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import MONDAY, PAM, PETE
from tests.inspections.test_checklist_drafts import CODE, ITEM, codes, drafted
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.engine.machine import Refused, Stale
from workflow.inspections import checklist as pure
from workflow.inspections import checklist_drafts as drafts
from workflow.inspections import checklists
from workflow.inspections.checklist import Area, Change, Checklist, compare, next_area, next_code
from workflow.inspections.checklist_standard import STANDARD

ADDRESS = f"/inspections/checklists/{CODE}"
FIRST, SECOND = STANDARD.areas[:2]


def as_drafted() -> Checklist:
    found = checklists.any_of(CODE)
    assert found is not None
    return found


# --- pure -----------------------------------------------------------------------------------------


def test_a_moved_section_takes_its_items_along_and_they_have_not_moved():
    moved = pure.with_area_moved(STANDARD, FIRST.code, up=False)

    assert [a.code for a in moved.areas[:2]] == [SECOND.code, FIRST.code]
    assert moved.items[0].area == SECOND.code
    assert sorted(i.code for i in moved.items) == sorted(i.code for i in STANDARD.items)
    assert [(c.code, c.what) for c in compare(STANDARD, moved)] == [("Section", "moved")]


def test_an_item_that_moves_in_a_moved_section_is_said_to_have_moved():
    last = [i.code for i in STANDARD.items if i.area == FIRST.code][-1]
    moved = pure.with_moved(pure.with_area_moved(STANDARD, FIRST.code, up=False), last, up=True)

    changes = compare(STANDARD, moved)

    assert [c.what for c in changes] == ["moved", "moved"]
    assert sum(c.code == "Section" for c in changes) == 1


@pytest.mark.parametrize(("area", "up"), [(STANDARD.areas[0], True), (STANDARD.areas[-1], False)])
def test_at_the_end_no_section_moves(area: Area, up: bool):
    assert pure.with_area_moved(STANDARD, area.code, up=up) == STANDARD


def test_what_became_of_sections_is_said_before_the_items():
    new = pure.with_title(
        pure.with_area(STANDARD, Area("section-1", "Vehicles")), replace(FIRST, title="Staff")
    )

    assert compare(STANDARD, new) == (
        Change("Section", "renamed", "Staff", (("Title", FIRST.title, "Staff"),)),
        Change("Section", "added", "Vehicles"),
    )
    assert ("Section", "removed") in [(c.code, c.what) for c in compare(new, STANDARD)]


def test_a_section_and_its_items_get_codes_that_none_ever_had():
    more = pure.with_area(STANDARD, Area("section-1", "Vehicles"))
    letters = {item.code[0] for item in STANDARD.items}

    assert next_area([STANDARD]) == "section-1"
    assert next_area([STANDARD, more, STANDARD]) == "section-2"
    fresh = next_code("section-1", [more])
    assert fresh[0] not in letters
    assert fresh[1:] == "1"


# --- drafting -------------------------------------------------------------------------------------


def test_a_draft_of_sections_alone_is_put_in_force_by_somebody_else(ctx: Any):
    code = drafts.begin_draft(PAM, base=STANDARD.version, note="Calls a section otherwise.", now=MONDAY)
    drafts.rename_section(PAM, code, replace(FIRST, title="Staff"), seen=1, now=MONDAY)
    day = MONDAY.date()

    drafts.put_in_force(PETE, code, seen=2, effective_on=day, today=day, now=MONDAY)

    assert checklists.checklist_of(code).areas[0].title == "Staff"
    assert STANDARD.areas[0] == FIRST


def test_two_sections_are_not_called_the_same(ctx: Any):
    drafted()

    with pytest.raises(Refused) as added:
        drafts.add_section(PAM, CODE, FIRST.title.upper(), seen=2, now=MONDAY)
    with pytest.raises(Refused) as renamed:
        drafts.rename_section(PAM, CODE, replace(SECOND, title=FIRST.title), seen=2, now=MONDAY)

    assert codes(added) == codes(renamed) == ["title"]
    drafts.rename_section(PAM, CODE, replace(FIRST, title=FIRST.title.upper()), seen=2, now=MONDAY)


def test_only_an_empty_section_is_removed(ctx: Any):
    drafted()
    empty = drafts.add_section(PAM, CODE, "Vehicles", seen=2, now=MONDAY)

    with pytest.raises(Refused) as refused:
        drafts.remove_section(PAM, CODE, FIRST.code, seen=3, now=MONDAY)
    drafts.remove_section(PAM, CODE, empty, seen=3, now=MONDAY)

    assert codes(refused) == ["items"]
    assert as_drafted().areas == STANDARD.areas
    assert drafts.add_section(PAM, CODE, "Kennels", seen=4, now=MONDAY) != empty, (
        "a code is never given twice"
    )


def test_a_draft_takes_so_many_sections_and_no_more(ctx: Any, monkeypatch: pytest.MonkeyPatch):
    drafted()
    monkeypatch.setattr(drafts, "MOST_SECTIONS", len(STANDARD.areas))

    with pytest.raises(Refused) as refused:
        drafts.add_section(PAM, CODE, "Vehicles", seen=2, now=MONDAY)

    assert codes(refused) == ["many"]


def test_sections_of_anothers_draft_or_seen_before_a_change_stay(ctx: Any):
    drafted()

    with pytest.raises(Refused) as refused:
        drafts.add_section(PETE, CODE, "Vehicles", seen=2, now=MONDAY)
    with pytest.raises(Stale):
        drafts.move_section(PAM, CODE, SECOND.code, up=True, seen=1, now=MONDAY)
    with pytest.raises(NotThere):
        drafts.remove_section(PAM, CODE, "nowhere", seen=2, now=MONDAY)

    assert codes(refused) == ["author"]
    assert as_drafted().areas == STANDARD.areas


# --- on the pages ---------------------------------------------------------------------------------


def test_a_section_is_added_moved_and_given_an_item(house: House, sign_in):
    drafted()
    pam = sign_in(PAM)

    added = pam.send(f"{ADDRESS}/sections/new", {"title": "Vehicles"})
    up = pam.submit(pam.get(f"{ADDRESS}/items/G1"), {}, to=f"{ADDRESS}/sections/section-1/up")
    renamed = pam.send(f"{ADDRESS}/sections/section-1", {"title": "Vans"})
    item = pam.send(f"{ADDRESS}/items/new", {**ITEM, "area": "section-1"})

    assert [a.status_code for a in (added, up, renamed, item)] == [302] * 4
    assert added.location.endswith(f"{ADDRESS}#section-section-1")
    assert [a.title for a in as_drafted().areas[-2:]] == ["Vans", STANDARD.areas[-1].title]
    mine = pam.get(ADDRESS).text
    assert "Section added" in mine
    assert "Remove Vans" not in mine
    assert "Add a section" not in sign_in(PETE).get(ADDRESS).text


def test_a_title_that_cannot_be_is_pointed_out_and_a_page_that_got_old_keeps_it(house: House, sign_in):
    drafted()
    pam = sign_in(PAM)
    address = f"{ADDRESS}/sections/{FIRST.code}"
    drawn = pam.get(address)

    taken = pam.submit(drawn, {"title": SECOND.title}, to=address)
    drafts.add_section(PAM, CODE, "Vehicles", seen=2, now=MONDAY)
    old = pam.submit(drawn, {"title": "Staff"}, to=address)
    kept = pam.submit(pam.get(ADDRESS), {}, to=f"{ADDRESS}/sections/{FIRST.code}/remove")

    assert (taken.status_code, old.status_code) == (422, 409)
    assert "Another section is called that." in taken.text
    assert 'value="Staff"' in old.text
    assert kept.status_code in (409, 422)
    assert "Add a section" in kept.text
    assert pam.submit(old, {"title": "Staff"}, to=address).status_code == 302


@pytest.mark.parametrize("path", ["2026-1/sections/new", f"{CODE}/sections/nowhere", f"{CODE}/sections/new"])
def test_sections_of_what_is_not_ones_own_draft_are_missing(house: House, sign_in, path: str):
    drafted()

    assert sign_in(PETE).get(f"/inspections/checklists/{path}").status_code == 404
