"""When an agreement owes its next inspection, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workflow.cases.kinds import House
from workflow.engine.spans import BusinessDays, CalendarDays, Months
from workflow.inspections.facts import State
from workflow.planning.cadence import NoCalendarNeeded, after, next_due
from workflow.policy.book import CadenceRule
from workflow.policy.duties import DUTIES, gaps
from workflow.policy.parity import undischarged
from workflow.policy.standard import BOOK

SIGNED, OPERATIONAL, INSPECTED = date(2024, 1, 31), date(2024, 3, 1), date(2025, 6, 15)
RULE = CadenceRule("routine_inspection", "WSO", Months(12), Months(36))


def test_the_first_one_counts_from_operation_else_from_signing():
    operational = next_due(RULE, signed_on=SIGNED, operational_on=OPERATIONAL, last=None)
    signed = next_due(RULE, signed_on=SIGNED, operational_on=None, last=None)

    assert operational is not None
    assert signed is not None
    assert (operational.on, signed.on) == (date(2025, 3, 1), date(2025, 1, 31))
    assert operational.basis.startswith("12 months after it became operational (1 March 2024)")
    assert signed.basis.startswith("12 months after it was signed (31 January 2024)")


def test_without_history_nothing_is_called_overdue():
    due = next_due(RULE, signed_on=SIGNED, operational_on=None, last=None)

    assert due is not None
    assert due.basis.endswith("no inspection on record here; house cadence")
    assert due.overdue_days(date(2030, 1, 1)) is None


def test_every_later_one_counts_from_the_last_fieldwork():
    due = next_due(RULE, signed_on=SIGNED, operational_on=OPERATIONAL, last=INSPECTED)

    assert due is not None
    assert (due.on, due.has_history) == (date(2028, 6, 15), True)
    assert due.basis == "36 months after the last inspection (15 June 2025)"
    assert (due.overdue_days(date(2028, 6, 15)), due.overdue_days(date(2028, 6, 18))) == (0, 3)


def test_an_agreement_without_any_day_owes_nothing_yet():
    assert next_due(RULE, signed_on=None, operational_on=None, last=None) is None


def test_a_cadence_is_counted_in_months_or_days_alone():
    assert after(date(2024, 1, 31), Months(1)) == date(2024, 2, 29)
    assert after(date(2024, 1, 31), CalendarDays(30)) == date(2024, 3, 1)
    with pytest.raises(NoCalendarNeeded):
        after(date(2024, 1, 31), BusinessDays(3))


def test_a_model_without_a_rhythm_is_named_with_its_agreements():
    found = [gap.words for gap in gaps(BOOK, {"TFM": 1162})]

    assert "TFM: no inspection cadence set: 1,162 agreements" in found
    assert not any(words.startswith(("JEM", "WSO")) for words in found)


def test_every_duty_of_the_book_is_said_to_be_discharged_by_some_step():
    assert {rule.name for rule in BOOK.duties} == {duty.name for duty in DUTIES}
    assert len(list(undischarged(BOOK, {}))) == sum(len(duty.discharged_by) for duty in DUTIES)


def test_every_duty_is_discharged_on_every_proper_way_through_its_cases(house: House):
    machines = {name: kind.machine for name, kind in house.kinds.items()}

    assert list(undischarged(BOOK, machines)) == []


def test_a_machine_that_lets_a_duty_be_left_out_is_told_with_the_way(house: House):
    machines = {name: kind.machine for name, kind in house.kinds.items()}
    inspection = machines["inspection"]
    begin = next(t for t in inspection.transitions if t.verb == "begin")
    skip = replace(begin, verb="skip", target=State.FIELDWORK_COMPLETE)
    machines["inspection"] = replace(inspection, transitions=(*inspection.transitions, skip))

    [fault] = undischarged(BOOK, machines)

    assert "can be closed without “complete_fieldwork”" in fault
