"""Beside the checklist: files by number, talks by role, and differences from the roster as proposals."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from tests.cast import AUDRA, CARL, IRIS, IVAN, MAX, MONDAY, SAM
from tests.inspections.walk import TODAY, find, go, inspection, inspection_at
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale
from workflow.inspections import roster, sampling
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.facts import ACTS_AFTER, LAPSED, NO_AUTHORITY, NOT_LISTED, NOT_TOLD, State
from workflow.inspections.fieldwork_models import Interview, RosterDiscrepancy, SampledFile
from workflow.inspections.findings import Draft, record_finding
from workflow.inspections.interviews import Talk, interviews_of, record_interview
from workflow.inspections.roster import Difference, OnRoster, compare
from workflow.inspections.sealed import words_by_number
from workflow.register.models import Officer, Training
from workflow.register.training import Stage, Standing

GOOD = dict.fromkeys(("S1", "S2", "S3", "S4", "S5"), "yes")
BAD = {**GOOD, "S1": "no"}
UNSEEN = {**GOOD, "S5": "not_seen"}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [r.code for r in refused.value.refusals]


def keep(house: House, reference: str, number: int, marks: dict[str, str], *, seen: int = 0) -> None:
    sampling.keep_file(house, reference, IRIS, number, marks, seen=seen, now=MONDAY)


# --- files ----------------------------------------------------------------------------------------


def test_the_share_that_conforms_leaves_out_what_could_not_be_judged(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    for number, marks in enumerate((GOOD, GOOD, BAD, UNSEEN), start=1):
        keep(house, reference, number, marks)

    sample = sampling.sample_of(inspection(reference))

    assert (sample.conforming, sample.failing, sample.undetermined, sample.share) == (2, 1, 1, 67)
    event = inspection(reference).events[-2]
    assert event.codes == {"file": 3, "verdict": "does not conform", "failed": "S1"}
    assert verify().breaks == ()


@over(
    some.dictionaries(
        some.sampled_from("ABC"), some.sampled_from(["yes", "no", "not_seen", "not_applicable"])
    )
)
def test_a_file_conforms_only_with_a_yes_and_nothing_against_it(marks: dict[str, str]):
    found, answers = sampling.verdict(marks), list(marks.values())

    assert (found == sampling.FAILS) == ("no" in answers)
    assert (found == sampling.CONFORMS) == ("yes" in answers and not {"no", "not_seen"} & set(answers))


def test_a_file_looked_at_again_keeps_how_it_was_seen_first(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    keep(house, reference, 1, BAD)
    keep(house, reference, 1, GOOD, seen=1)

    rows = session().scalars(select(SampledFile).order_by(SampledFile.revision)).all()

    assert [r.marks["S1"] for r in rows] == ["no", "yes"]
    assert sampling.sample_of(inspection(reference)).share == 100


def test_two_people_do_not_overwrite_one_file(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    keep(house, reference, 1, BAD)

    with pytest.raises(Refused) as refused:
        sampling.keep_file(house, reference, IVAN, 1, GOOD, seen=0, now=MONDAY)

    assert codes(refused) == ["conflict"]
    assert sampling.sample_of(inspection(reference)).failing == 1


@pytest.mark.parametrize(
    ("number", "marks", "code"),
    [
        (3, GOOD, "number"),
        (0, GOOD, "number"),
        (1, {**GOOD, "S6": "yes"}, "unknown"),
        (1, {"S1": "yes"}, "required"),
        (1, {**GOOD, "S1": "perhaps"}, "required"),
    ],
)
def test_a_file_that_does_not_fit_is_not_kept(house: House, number: int, marks: dict[str, str], code: str):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        keep(house, reference, number, marks)

    assert set(codes(refused)) == {code}
    assert sampling.sample_of(inspection(reference)).files == ()


def test_files_are_looked_at_during_the_visit_alone(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)

    with pytest.raises(Refused) as refused:
        keep(house, reference, 1, GOOD)

    assert codes(refused) == ["state"]


@pytest.mark.parametrize("table", [SampledFile, Interview, RosterDiscrepancy])
def test_no_column_holds_anything_of_somebody_arrested(table: Any):
    columns = {column.name for column in table.__table__.columns}

    assert not {c for c in columns if re.search(r"name|birth|alien|a_number|country|nationality|detain", c)}


def test_the_database_lets_nobody_change_a_file_or_a_talk(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    keep(house, reference, 1, GOOD)
    record_interview(house, reference, IRIS, Talk("booking", 2, TODAY), now=MONDAY)

    for change in (
        update(SampledFile).values(number=2),
        delete(SampledFile),
        update(Interview).values(people=9),
    ):
        with pytest.raises(DBAPIError, match="keeps its history"), transaction() as s:
            s.execute(change)


def test_a_file_is_kept_on_its_page_and_leads_to_the_next(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)

    answer = browser.send(f"/inspections/{reference}/files/1", BAD)
    missing = browser.send(f"/inspections/{reference}/files/2", {"S1": "yes"})
    page = browser.get(f"/inspections/{reference}/files")

    assert answer.location.endswith(f"/inspections/{reference}/files/2")
    assert missing.status_code == 422
    assert re.search(r'<input checked[^>]* id="S1-0"', missing.text), "what was chosen is still chosen"
    said = " ".join(page.text.split())
    assert "0 % conform</strong>: 0 of 1 that could be judged." in said
    assert "does not conform" in said


@pytest.mark.parametrize("path", ["files/0", "files/2", "files/61"])
def test_a_file_out_of_turn_is_missing(house: House, sign_in, path: str):
    reference = inspection_at(house, State.IN_PROGRESS)

    assert sign_in(IRIS).get(f"/inspections/{reference}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["files", "interviews", "roster"])
@pytest.mark.parametrize(
    ("person", "status"), [(IRIS, 200), (MAX, 200), (AUDRA, 200), (CARL, 404)], ids=lambda v: str(v)[:12]
)
def test_who_opens_the_pages_beside_the_checklist(
    house: House, sign_in, path: str, person: Actor, status: int
):
    reference = inspection_at(house, State.IN_PROGRESS)

    assert sign_in(person).get(f"/inspections/{reference}/{path}").status_code == status


@pytest.mark.parametrize("path", ["files", "interviews", "roster"])
def test_before_the_visit_there_are_no_such_pages(house: House, sign_in, path: str):
    reference = inspection_at(house, State.NOTIFIED)

    assert sign_in(IRIS).get(f"/inspections/{reference}/{path}").status_code == 404


# --- interviews -----------------------------------------------------------------------------------


def test_a_talk_is_kept_by_role_and_number_with_its_notes_sealed(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = sign_in(IRIS).send(
        f"/inspections/{reference}/interviews",
        {"role": "booking", "people": "3", "held_on": "2026-01-05", "notes": "The log is kept by hand."},
        to=f"/inspections/{reference}/interviews/new",
    )

    [(row, notes)] = interviews_of(house, inspection(reference))
    assert answer.status_code == 302
    assert (row.role, row.people, row.held_on, notes) == ("booking", 3, TODAY, "The log is kept by hand.")
    assert b"log" not in (row.notes or b"")
    assert "The log is kept by hand." in sign_in(MAX).get(f"/inspections/{reference}/interviews").text


@pytest.mark.parametrize(
    "talk",
    [
        Talk("captain", 1, TODAY),
        Talk("booking", 0, TODAY),
        Talk("booking", 100, TODAY),
        Talk("booking", 1, TODAY + timedelta(days=1)),
        Talk("booking", 1, TODAY - timedelta(days=1)),
        Talk("booking", 1, TODAY, "x" * 5001),
    ],
)
def test_a_talk_that_does_not_fit_is_not_kept(house: House, talk: Talk):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        record_interview(house, reference, IRIS, talk, now=MONDAY)

    assert codes(refused) == ["unfit"]
    assert interviews_of(house, inspection(reference)) == []


def test_a_number_of_a_person_in_notes_is_pointed_out_and_kept_typed(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    page = sign_in(IRIS).send(
        f"/inspections/{reference}/interviews",
        {"role": "booking", "people": "3", "held_on": "2026-01-05", "notes": "Saw A012345678."},
        to=f"/inspections/{reference}/interviews/new",
    )

    assert page.status_code == 422
    assert "Saw A012345678." in page.text
    assert interviews_of(house, inspection(reference)) == []


# --- the roster -----------------------------------------------------------------------------------


def officer(number: str, stage: Stage = Stage.AUTHORISED, *lapses: str) -> OnRoster:
    return OnRoster(number, Standing(stage, lapses))


def test_what_differs_is_told_apart_by_kind_with_the_numbers_of_officers():
    known = [
        officer("1"),
        officer("2", Stage.LEFT),
        officer("3", Stage.EXPIRED),
        officer("4", Stage.AUTHORISED, "annual training was due on 1 Jan 2026"),
        officer("5"),
    ]

    found = list(compare(known, frozenset({"1", "2", "3", "4", "9"})))

    assert [(d.kind, d.officers) for d in found] == [
        (NOT_LISTED, 1),
        (ACTS_AFTER, 1),
        (NO_AUTHORITY, 1),
        (LAPSED, 1),
        (NOT_TOLD, 1),
    ]
    assert found[0].words == "On duty and not on record: 9."
    assert found[3].words == "On duty with lapsed training: 4 (annual training was due on 1 Jan 2026)."


def test_a_roster_that_agrees_proposes_nothing():
    assert list(compare([officer("a1"), officer("2", Stage.LEFT)], frozenset({"A1"}))) == []


def two_officers(reference: str) -> None:
    """One who is current and one whose training lapsed long ago."""
    agreement_id = inspection(reference).agreement_id
    assert agreement_id is not None
    with transaction() as s:
        for number, trained in (("11", date(2025, 6, 2)), ("12", date(2023, 6, 5))):
            row = Officer(
                agreement_id=agreement_id,
                number=number,
                name="An Officer",
                nominated_on=trained,
                certified_on=trained,
                authorised_on=trained,
                authorised_until=date(2027, 1, 1),
            )
            row.trainings = [Training(kind="annual", passed_on=trained)]
            s.add(row)


def test_comparing_proposes_each_difference_once(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    two_officers(reference)
    acting = frozenset({"11", "12", "99"})

    first = roster.compare_roster(house, reference, IRIS, acting, now=MONDAY)
    again = roster.compare_roster(house, reference, IVAN, acting, now=MONDAY)

    found = roster.differences_of(house, inspection(reference))
    assert (first, again) == (2, 0)
    assert [(r.kind, r.item, r.officers) for r, _, _ in found] == [(NOT_LISTED, "A1", 1), (LAPSED, "B2", 1)]
    assert inspection(reference).findings == []


def test_an_accepted_difference_becomes_a_finding(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    roster.compare_roster(house, reference, IRIS, frozenset({"99"}), now=MONDAY)

    number = roster.accept(house, reference, 1, IVAN, class_code="major", now=MONDAY)

    [finding] = inspection(reference).findings
    assert (number, finding.item, finding.result, finding.class_code) == (1, "A1", "deficiency", "major")
    assert (
        words_by_number(inspection(reference), house.keyring)[1].evidence == "On duty and not on record: 99."
    )
    with pytest.raises(Refused) as refused:
        roster.accept(house, reference, 1, IRIS, class_code="minor", now=MONDAY)
    assert codes(refused) == ["decided"]


def test_a_declined_difference_keeps_its_reason_and_makes_no_finding(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    roster.compare_roster(house, reference, IRIS, frozenset({"99"}), now=MONDAY)

    with pytest.raises(Refused) as refused:
        roster.decline(house, reference, 1, IRIS, reason=" ", now=MONDAY)
    roster.decline(house, reference, 1, IRIS, reason="A typing error of theirs.", now=MONDAY)

    [(row, _, reason)] = roster.differences_of(house, inspection(reference))
    assert codes(refused) == ["required"]
    assert (row.outcome, reason) == ("declined", "A typing error of theirs.")
    assert inspection(reference).findings == []


def test_whoever_supervises_the_agreement_compares_nothing(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        roster.compare_roster(house, reference, SAM, frozenset({"99"}), now=MONDAY)

    assert codes(refused) == ["lead_not_supervisor"]


def test_the_roster_is_compared_and_decided_on_its_pages(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    two_officers(reference)
    browser = sign_in(IRIS)
    address = f"/inspections/{reference}/roster"

    compared = browser.send(address, {"acting": "11, 12\n99"}, to=f"{address}/compare")
    typed = browser.send(
        address,
        {"kind": "not_told", "officers": "2", "words": "Two left in May."},
        to=f"{address}/differences",
    )
    unsaid = browser.send(f"{address}/differences/1", {"decision": "decline"})
    decided = browser.send(f"{address}/differences/1", {"decision": "minor"})
    page = browser.get(address)

    assert [compared.status_code, typed.status_code, unsaid.status_code, decided.status_code] == [
        302,
        302,
        422,
        302,
    ]
    assert "Say why this is no finding." in unsaid.text
    assert "Accepted as finding 1." in page.text
    assert "Two left in May." in page.text
    assert browser.get(f"{address}/differences/9").status_code == 404


# --- findings beside a colleague's answers --------------------------------------------------------


def test_a_colleagues_answers_do_not_overtake_a_finding_that_is_being_written(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    seen = inspection(reference).version
    answer_items(house, reference, IVAN, {"A1": Given("yes")}, now=MONDAY)
    draft = Draft("G1", "area_of_concern")

    assert record_finding(house, reference, IRIS, draft, seen=seen, now=MONDAY) == 1
    with pytest.raises(Stale):
        record_finding(house, reference, IRIS, draft, seen=seen, now=MONDAY)
    with pytest.raises(Stale):
        record_finding(house, reference, IRIS, draft, seen=9999, now=MONDAY)


def test_nothing_beside_the_checklist_changes_once_the_findings_are_drafted(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    roster.compare_roster(house, reference, IRIS, frozenset({"99"}), now=MONDAY)
    find(house, reference)
    go(house, reference, "complete_fieldwork", "draft_findings")

    with pytest.raises(Refused) as refused:
        roster.accept(house, reference, 1, IRIS, class_code=None, now=MONDAY)
    assert codes(refused) == ["state"]
    with pytest.raises(Refused) as refused:
        roster.type_difference(house, reference, IRIS, Difference(NOT_TOLD, 1, "One left."), now=MONDAY)
    assert codes(refused) == ["state"]
