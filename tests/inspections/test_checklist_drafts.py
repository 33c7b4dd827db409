"""Versions of the checklist: drafted by one person, put in force by another, kept by whatever was begun."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from tests.cast import AUDRA, IRIS, MAX, MONDAY, PAM, PETE
from tests.inspections.walk import TODAY, answer_all, go, inspection, inspection_at, planned
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale
from workflow.inspections import checklist as pure
from workflow.inspections import checklist_drafts as drafts
from workflow.inspections import checklists
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.checklist import Item, compare, from_body, next_code
from workflow.inspections.checklist_models import ChecklistRevision, ChecklistVersion
from workflow.inspections.checklist_standard import STANDARD
from workflow.inspections.facts import State
from workflow.inspections.kind import items_of

CODE = "2026-2"
NEW = Item(
    "",
    "complaints",
    "The complaint form lies at the desk.",
    "Memorandum of agreement: complaint procedures",
    guidance="Ask for one.",
    evidence="The form.",
)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [r.code for r in refused.value.refusals]


def drafted(by: Actor = PAM) -> str:
    """A draft of one new item; its code."""
    code = drafts.begin_draft(by, base=STANDARD.version, note="Asks for the form.", now=MONDAY)
    drafts.add_item(by, code, NEW, seen=1, now=MONDAY)
    return code


def in_force(on: date = TODAY) -> str:
    code = drafted()
    drafts.put_in_force(PETE, code, seen=2, effective_on=on, today=TODAY, now=MONDAY)
    return code


# --- comparing and changing, pure -----------------------------------------------------------------


def test_a_version_compared_with_itself_differs_in_nothing():
    assert compare(STANDARD, STANDARD) == ()


def test_every_change_of_an_item_is_said_with_before_and_after():
    g1 = STANDARD.item("G1")
    assert g1 is not None
    new = pure.with_changed(STANDARD, replace(g1, words="A poster hangs.", critical=True, models=("JEM",)))

    [change] = compare(STANDARD, new)

    assert (change.code, change.what) == ("G1", pure.CHANGED)
    assert change.differences == (
        ("Question", g1.words, "A poster hangs."),
        ("Models", "all", "JEM"),
        ("Critical", "no", "yes"),
    )


def test_added_retired_and_moved_items_are_told_apart():
    new = pure.with_moved(
        pure.without(pure.with_item(STANDARD, replace(NEW, code="G4")), "F1"), "A1", up=False
    )

    assert [(c.code, c.what) for c in compare(STANDARD, new)] in (
        [("A2", pure.MOVED), ("G4", pure.ADDED), ("F1", pure.RETIRED)],
        [("A1", pure.MOVED), ("G4", pure.ADDED), ("F1", pure.RETIRED)],
    )


@over(some.permutations(STANDARD.items[:6]))
def test_what_is_said_to_have_moved_explains_the_new_order(order: list[Item]):
    old = replace(STANDARD, items=STANDARD.items[:6])
    moved = {c.code for c in compare(old, replace(old, items=tuple(order)))}

    kept_before = [i.code for i in old.items if i.code not in moved]
    kept_after = [i.code for i in order if i.code not in moved]

    assert kept_before == kept_after
    assert kept_after


@pytest.mark.parametrize(("item", "up"), [("A1", True), ("A4", False), ("F1", True)])
def test_at_the_end_of_its_section_nothing_moves(item: str, up: bool):
    assert pure.with_moved(STANDARD, item, up=up) == STANDARD


def test_a_code_is_never_given_to_another_question():
    retired = pure.without(STANDARD, "G3")

    assert next_code("complaints", [STANDARD, retired]) == "G4"


def test_a_version_is_read_back_as_it_was_stored():
    assert from_body(STANDARD.version, STANDARD.as_body()) == STANDARD


def test_the_delivered_version_has_all_that_is_asked_of_a_draft():
    assert [p.code for p in drafts.problems(STANDARD, pure.without(STANDARD, "A1"))] == []


# --- drafting and putting in force ----------------------------------------------------------------


def test_a_version_in_force_is_kept_by_what_begins_from_its_day_on(house: House):
    before = inspection_at(house, State.IN_PROGRESS)
    reference = planned(house, model="JEM")
    go(house, reference, "schedule", "notify")

    code = in_force()
    go(house, reference, "begin")

    assert (code, inspection(reference).checklist) == (CODE, CODE)
    assert "G4" in {i.code for i in items_of(inspection(reference))}
    assert inspection(before).checklist == STANDARD.version
    assert "G4" not in {i.code for i in items_of(inspection(before))}


def test_a_version_for_later_is_not_kept_yet(house: House):
    in_force(TODAY + timedelta(days=1))

    assert inspection(inspection_at(house, State.IN_PROGRESS)).checklist == STANDARD.version


def test_of_two_versions_of_one_day_the_one_put_in_force_later_counts(house: House):
    in_force()
    second = drafts.begin_draft(PAM, base=CODE, note="Without it again.", now=MONDAY)
    drafts.retire_item(PAM, second, "G4", seen=1, now=MONDAY)
    later = MONDAY + timedelta(hours=1)
    drafts.put_in_force(MAX, second, seen=2, effective_on=TODAY, today=TODAY, now=later)

    assert checklists.in_force(TODAY) == second == "2026-3"


def test_an_inspection_under_a_version_of_the_office_is_answered_to_its_end(house: House):
    in_force()
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G4": Given("yes")}, now=MONDAY, checklist=CODE)

    answer_all(house, reference)
    go(house, reference, "complete_fieldwork")

    assert inspection(reference).state == State.FIELDWORK_COMPLETE


def test_who_drafted_may_not_put_in_force(ctx: Any):
    code = drafted()

    with pytest.raises(Refused) as refused:
        drafts.put_in_force(PAM, code, seen=2, effective_on=TODAY, today=TODAY, now=MONDAY)

    assert codes(refused) == ["two_people"]
    assert checklists.in_force(TODAY) == STANDARD.version


def test_the_database_holds_to_two_people_as_well(ctx: Any):
    code = drafted()
    day = {"effective_on": TODAY, "revision": 2}
    alone = {"outcome": "in_force", "settled_by_id": PAM.id, "settled_at": MONDAY, **day}

    for wrong in (
        alone,
        {**alone, "settled_by_id": None},
        {**alone, "settled_by_id": PETE.id, "revision": None},
    ):
        with pytest.raises(DBAPIError, match="two_people"), transaction() as s:
            s.execute(update(ChecklistVersion).where(ChecklistVersion.code == code).values(**wrong))


def test_the_database_lets_nobody_change_what_was_drafted_or_is_in_force(ctx: Any):
    in_force()

    for change in (
        update(ChecklistRevision).values(what="nothing"),
        delete(ChecklistRevision),
        update(ChecklistVersion).values(effective_on=date(2020, 1, 1)),
        delete(ChecklistVersion),
    ):
        with pytest.raises(DBAPIError, match="keeps its history"), transaction() as s:
            s.execute(change)


def test_only_the_revision_that_was_seen_is_put_in_force(ctx: Any):
    code = drafted()
    drafts.retire_item(PAM, code, "F1", seen=2, now=MONDAY)

    with pytest.raises(Stale):
        drafts.put_in_force(PETE, code, seen=2, effective_on=TODAY, today=TODAY, now=MONDAY)


def test_a_draft_changed_in_two_windows_loses_nothing(ctx: Any):
    code = drafted()

    with pytest.raises(Stale):
        drafts.retire_item(PAM, code, "F1", seen=1, now=MONDAY)

    row = checklists.version_of(code)
    assert row is not None
    assert [r.what for r in row.revisions] == ["begun from 2026-1", "added G4"]


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), date(2020, 1, 1)])
def test_nothing_is_put_in_force_for_a_day_that_passed(ctx: Any, day: date):
    code = drafted()

    with pytest.raises(Refused) as refused:
        drafts.put_in_force(PETE, code, seen=2, effective_on=day, today=TODAY, now=MONDAY)

    assert codes(refused) == ["past"]


def test_a_draft_that_changes_nothing_or_lacks_something_is_not_put_in_force(ctx: Any):
    same = drafts.begin_draft(PAM, base=STANDARD.version, note="Nothing yet.", now=MONDAY)
    with pytest.raises(Refused) as refused:
        drafts.put_in_force(PETE, same, seen=1, effective_on=TODAY, today=TODAY, now=MONDAY)
    assert codes(refused) == ["same"]

    drafts.add_item(PAM, same, replace(NEW, evidence=""), seen=1, now=MONDAY)
    with pytest.raises(Refused) as refused:
        drafts.put_in_force(PETE, same, seen=2, effective_on=TODAY, today=TODAY, now=MONDAY)
    assert [r.text for r in refused.value.refusals] == ["G4 lacks: evidence wanted."]


def test_a_draft_is_its_authors(ctx: Any):
    code = drafted()

    with pytest.raises(Refused) as refused:
        drafts.retire_item(PETE, code, "F1", seen=2, now=MONDAY)
    assert codes(refused) == ["author"]

    drafts.withdraw(PAM, code, now=MONDAY)
    with pytest.raises(Refused) as refused:
        drafts.put_in_force(PETE, code, seen=2, effective_on=TODAY, today=TODAY, now=MONDAY)
    assert codes(refused) == ["settled"]


@pytest.mark.parametrize("person", [AUDRA, IRIS], ids=lambda p: p.name)
def test_nobody_else_drafts(ctx: Any, person: Actor):
    with pytest.raises(Refused) as refused:
        drafts.begin_draft(person, base=STANDARD.version, note="Mine.", now=MONDAY)

    assert codes(refused) == ["role"]


def test_there_is_no_draft_from_a_version_there_is_not(ctx: Any):
    with pytest.raises(NotThere):
        drafts.begin_draft(PAM, base="1999-9", note="From nothing.", now=MONDAY)


# --- the pages ------------------------------------------------------------------------------------

ITEM = {
    "area": "complaints",
    "words": "The complaint form lies at the desk",
    "clause": "Complaint procedures",
    "guidance": "Ask for one.",
    "evidence": "The form.",
}


def test_a_version_goes_from_draft_to_in_force_on_its_pages(house: House, sign_in):
    pam, pete = sign_in(PAM), sign_in(PETE)
    begun = pam.send("/inspections/checklists/new", {"base": "2026-1", "note": "Asks for the form."})
    address = f"/inspections/checklists/{CODE}"

    added = pam.send(f"{address}/items/new", ITEM)
    retired = pam.submit(pam.get(f"{address}/items/G1"), {}, to=f"{address}/items/F1/retire")
    mine = pam.get(address)
    seen = pete.get(address)
    settled = pete.submit(seen, {"effective_on": "2026-01-05"}, to=f"{address}/in-force")

    assert [begun.status_code, added.status_code, retired.status_code, settled.status_code] == [302] * 4
    assert begun.location.endswith(address)
    assert added.location.endswith(f"{address}#item-G4")
    assert "Somebody else puts it in force" in mine.text
    assert "G4 added" in seen.text
    assert "F1 retired" in seen.text
    assert "Put it in force" in seen.text
    listed = " ".join(sign_in(AUDRA).get("/inspections/checklists").text.split())
    assert "In force</strong> since 5 Jan 2026, by Pete Programme" in listed


def test_an_item_moves_by_its_buttons(house: House, sign_in):
    drafted()
    pam = sign_in(PAM)
    address = f"/inspections/checklists/{CODE}"

    answer = pam.submit(pam.get(f"{address}/items/G1"), {}, to=f"{address}/items/G4/up")

    row = checklists.version_of(CODE)
    assert row is not None
    order = [i.code for i in checklists.as_it_stands(row).checklist.items if i.area == "complaints"]
    assert answer.location.endswith("#item-G4")
    assert order == ["G1", "G2", "G4", "G3"]


def test_an_item_that_lacks_its_question_is_pointed_out_with_what_was_typed(house: House, sign_in):
    drafted()

    page = sign_in(PAM).send(f"/inspections/checklists/{CODE}/items/new", {**ITEM, "words": " "})

    assert page.status_code == 422
    assert "Question: an answer is needed." in page.text
    assert "Ask for one." in page.text


def test_an_item_changed_in_another_window_is_kept_typed(house: House, sign_in):
    drafted()
    pam = sign_in(PAM)
    address = f"/inspections/checklists/{CODE}/items/G4"
    drawn = pam.get(address)
    drafts.retire_item(PAM, CODE, "F1", seen=2, now=MONDAY)

    page = pam.submit(drawn, {**ITEM, "words": "Forms lie there."}, to=address)

    assert page.status_code == 409
    assert "Forms lie there." in page.text
    assert pam.submit(page, {**ITEM, "words": "Forms lie there."}, to=address).status_code == 302


def test_the_author_is_refused_on_the_page_too(house: House, sign_in):
    drafted()
    pam = sign_in(PAM)
    drawn = pam.get(f"/inspections/checklists/{CODE}/items/G1")

    page = pam.submit(drawn, {"effective_on": "2026-01-05"}, to=f"/inspections/checklists/{CODE}/in-force")

    assert page.status_code == 422
    assert "Whoever drafted a checklist does not put it in force." in page.text


def test_two_versions_are_compared_item_by_item(house: House, sign_in):
    in_force()

    page = sign_in(AUDRA).get(f"/inspections/checklists/compare?old=2026-1&new={CODE}")

    assert "Checklist 2026-1 beside 2026-2" in page.text
    assert "G4 added" in page.text


@pytest.mark.parametrize(
    "path", ["2099-1", "compare?old=2099-1", f"{CODE}/items/Z9", "2026-1/items/A1", f"{CODE}/items/A1"]
)
def test_what_is_not_there_or_not_ones_own_is_missing(house: House, sign_in, path: str):
    drafted()

    assert sign_in(PETE).get(f"/inspections/checklists/{path}").status_code == 404
