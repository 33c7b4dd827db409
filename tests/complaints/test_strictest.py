"""Until it is known which agreement a complaint is about, the strictest template counts; then it moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import ALDER, ANN, ATLANTA, MONA, MONDAY, RUTH
from tests.complaints.test_receiving import agreement_of
from tests.complaints.walk import agree, ask, complaint, go, received
from workflow.cases.calendars import in_zone
from workflow.cases.clocks import reading_of, rule_of
from workflow.cases.kinds import House
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.service import name_agency
from workflow.db.session import transaction
from workflow.engine.effects import Limit
from workflow.engine.spans import BusinessDays, CalendarDays, Hours, Months
from workflow.policy.book import LimitRule, Unresolved
from workflow.policy.service import store
from workflow.policy.standard import BOOK
from workflow.register.models import Agreement

STRICT, LAX = CalendarDays(30), CalendarDays(120)
RULES = (
    LimitRule("complaint.resolve", STRICT, model="JEM", revision="2020"),
    LimitRule("complaint.resolve", LAX, model="WSO", revision="2019"),
    LimitRule("complaint.ack", Hours(24), model="JEM", revision="2020"),
)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def strict_book(house: House) -> None:
    """A policy in which the template JEM 2020 gives a month, and WSO 2019 four."""
    named = {(rule.name, rule.model, rule.revision, rule.tier) for rule in RULES}
    kept = tuple(r for r in BOOK.limits if (r.name, r.model, r.revision, r.tier) not in named)
    version = replace(BOOK, version=2, effective_on=MONDAY.date(), limits=(*kept, *RULES))
    store(version, now=MONDAY)


def days_to_resolve(reference: str) -> int:
    [clock] = [c for c in complaint(reference).clocks if c.name == "resolve"]
    assert clock.due_at is not None
    return (clock.due_at.date() - clock.started_at.date()).days


def of_clock(reference: str, name: str) -> Any:
    [clock] = [c for c in complaint(reference).clocks if c.name == name]
    return reading_of(clock, in_zone("America/New_York"))


@pytest.mark.usefixtures("strict_book")
def test_the_strictest_template_counts_until_an_agreement_is_set(house: House):
    unknown = received(house, agency_id=None)
    agreement_of(ALDER)
    known = received(house, agency_id=ALDER)

    assert days_to_resolve(unknown) == 31  # the day of receipt does not count
    assert days_to_resolve(known) == 121
    case = complaint(unknown)
    rule = rule_of(case, COMPLAINT, "resolve")
    assert rule is not None
    assert rule.applies_to == "JEM, template 2020"


@pytest.mark.usefixtures("strict_book")
def test_naming_the_agency_counts_both_dates_anew_and_keeps_the_old_ones(house: House):
    agreement_of(ALDER)
    reference = received(house, agency_id=None)
    before = {name: of_clock(reference, name).due for name in ("ack", "resolve")}

    name_agency(house, reference, ANN, ALDER, seen=complaint(reference).version, now=TUESDAY)

    for name, old in before.items():
        reading = of_clock(reference, name)
        assert reading.former_dues == (old,)
        assert reading.due > old
        assert reading.started_at == MONDAY


@pytest.mark.usefixtures("strict_book")
def test_setting_the_agreement_later_is_an_event_with_a_reason_that_moves_the_dates(house: House):
    wso, jem = agreement_of(ALDER), agreement_of(ALDER, "JEM", "2020")
    reference = received(house, agency_id=ALDER)
    go(house, reference, "triage", now=TUESDAY)
    strict = of_clock(reference, "resolve").due

    go(house, reference, "reclassify", agreement=wso, reason="The warrant was served.", now=TUESDAY)

    case = complaint(reference)
    reading = of_clock(reference, "resolve")
    assert (case.agreement_id, case.events[-1].verb) == (wso, "reclassify")
    assert case.events[-1].codes["agreement"] == wso
    assert days_to_resolve(reference) == 121
    assert reading.former_dues[-1] == strict < reading.due
    assert jem != wso


@pytest.mark.usefixtures("strict_book")
def test_another_tier_and_agreement_at_once_still_needs_two_people_to_lower_the_tier(house: House):
    agreement_id = agreement_of(ALDER)
    with transaction() as s:
        s.get_one(Agreement, agreement_id).office_id = ATLANTA
    reference = received(house, agency_id=None, allegations=("force",))
    name_agency(house, reference, RUTH, ALDER, seen=complaint(reference).version, now=MONDAY)
    go(house, reference, "triage", tier="2")

    asked = ask(house, reference, "reclassify", tier="4", agreement=agreement_id, reason="Only a question.")

    assert asked.awaits_second
    assert complaint(reference).tier == 2
    agree(house, reference, "reclassify", by=MONA)
    assert complaint(reference).tier == 4


def test_the_strictest_is_told_across_units():
    rules = (
        LimitRule("x", CalendarDays(10), model="A", revision="1"),
        LimitRule("x", BusinessDays(6), model="B", revision="1"),
        LimitRule("x", Months(1)),
    )
    templates = tuple(replace(BOOK.templates[0], model=m, revision="1") for m in "AB")
    book = replace(BOOK, limits=rules, templates=templates)

    found = book.rule_for(Limit("x"), model=None, revision=None, tier=None)

    assert found.span == BusinessDays(6)
    assert book.rule_for(Limit("x"), model="A", revision=None, tier=None).span == CalendarDays(10)
    assert book.rule_for(Limit("x"), model="A", revision="1", tier=None).span == CalendarDays(10)


def test_what_no_rule_says_is_still_unresolved():
    with pytest.raises(Unresolved):
        BOOK.rule_for(Limit("nothing of the kind"), model=None, revision=None, tier=1)
