"""What each step of an agreement leaves in the database, row by row of the reference."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.aftermath import answered, assert_left_behind, assert_owns, stand, told
from tests.agreements.reference import FINAL, ROWS, WORK
from tests.agreements.walk import agreement_at, answer, days, go, life, newer, registered
from tests.cast import ALDER, CARL, MONDAY
from tests.declared import Row
from workflow.agreements.facts import State
from workflow.agreements.service import file_application
from workflow.cases.kinds import House

MOVES = [(row, source) for row in ROWS for source in row.source.split()]
#: What is answered otherwise than it stands on the agreement already.
CHANGED: dict[str, dict[str, Any]] = {
    "record_contact": {"next_on": days(300)},
    "correct_record": {"signed_on": days(-20), "operational_on": days(-1), "template": "2025"},
    "prolong": {"until_on": days(90)},
}
#: What has to be there before a step makes sense.
FIRST: dict[str, str] = {"correct_contact": "record_contact", "end_waiver": "waive_duty"}


@pytest.mark.parametrize(("row", "source"), MOVES, ids=lambda v: v if isinstance(v, str) else v.verb)
def test_a_step_leaves_behind_exactly_what_its_row_says(house: House, row: Row, source: str):
    untouched = row.verb == "void_import"
    reference = registered(house).reference if untouched else agreement_at(house, State(source))
    if row.verb in FIRST:
        go(house, reference, FIRST[row.verb])
    before = stand(life(reference))
    now = MONDAY + timedelta(days=121 if row.verb == "end" else 1)
    answers: dict[str, Any] = {name: answer(name) for name in row.asked} | CHANGED.get(row.verb, {})
    if row.verb == "supersede":
        answers["successor"] = newer(reference)

    go(house, reference, row.verb, now=now, **answers)

    case = life(reference)
    assert_left_behind(house, row, before, case, today=now.date(), answers=answers, final=FINAL)
    assert_owns(case, WORK.get(case.state))


def test_an_application_of_the_agency_itself_waits_for_a_programme_manager(house: House):
    given = {"model": "WSO", "facility": "Jail", "contact": "The captain"}

    reference = file_application(house, agency_id=ALDER, actor=CARL, now=MONDAY, **given).reference

    case = life(reference)
    assert case.state == "applied"
    assert answered(case.events[0]) == {"facility", "contact"}
    assert_owns(case, WORK["applied"])


def test_an_entry_in_the_register_says_what_it_rests_on(house: House):
    case = registered(house)

    assert (case.state, case.signed_on, case.template) == ("active", date(2025, 3, 3), "2025")
    assert answered(case.events[0]) == {"signed_on", "template", "inferred", "source"}
    assert told(case) == []
    [task] = case.tasks
    assert (task.verb, task.due_at) == ("record_contact", None), "no contact is planned yet"
