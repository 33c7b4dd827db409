"""Everything an agreement is owed: worked out from rows when read, and the same as a few lines say anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.agreements.walk import go
from tests.cast import ALDER, BIRCH, MONDAY, PAM, SAM
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import register_by_hand
from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.engine.actors import SYSTEM
from workflow.inspections.service import plan as open_inspection
from workflow.planning.queries import plan

TODAY = MONDAY.date()


def enter(house: House, model: str, signed_on: date, agency: int = ALDER) -> AgreementLife:
    given: dict[str, Any] = {"template": None, "source": "The memorandum", "actor": PAM, "now": MONDAY}
    return register_by_hand(house, agency_id=agency, model=model, signed_on=signed_on, **given)


def owed(life: AgreementLife, as_of: date = TODAY) -> dict[str, tuple[date, int | None]]:
    """What an agreement owes, by kind: when, and how many days late."""
    made = plan(SYSTEM, as_of=as_of).obligations
    return {o.kind: (o.due_on, o.overdue_days) for o in made if o.agreement_id == life.agreement_id}


def contact(house: House, life: AgreementLife, kind: str, held_on: date) -> None:
    following = held_on + timedelta(days=300)
    go(house, life.reference, "record_contact", contact_kind=kind, held_on=held_on, next_on=following)


def inspected(house: House, life: AgreementLife, on: date) -> None:
    assert life.agreement_id is not None
    with transaction() as s:
        case = open_inspection(house, life.agreement_id, due_on=on, basis="A test", now=MONDAY)
        case.occupies_agreement_id = None
        case.fieldwork_completed_on = on
        s.flush()


def years_on(day: date, years: int) -> date:
    """The same day in another year, written anew: of a leap day the last of February."""
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def test_an_agreement_nobody_saw_owes_each_duty_of_its_model_once(house: House):
    signed = date(2025, 3, 10)
    jem, wso = enter(house, "JEM", signed), enter(house, "WSO", signed)
    year = years_on(signed, 1)

    assert owed(wso) == {
        "routine": (year, None),
        "first_review": (year, None),
        "oversight_contact": (year, None),
        "training_check": (year, None),
    }
    assert owed(jem) == {
        "routine": (years_on(signed, 2), None),
        "first_review": (year, None),
        "oversight_contact": (year, None),
        "training_check": (year, None),
        "internal_review": (years_on(signed, 3), None),
    }


def test_a_review_meeting_ends_the_first_and_begins_the_yearly_ones(house: House):
    wso = enter(house, "WSO", date(2024, 3, 10))

    contact(house, wso, "review_meeting", date(2025, 1, 2))

    found = owed(wso)
    assert "first_review" not in found
    assert found["review_meeting"] == found["oversight_contact"] == (date(2026, 1, 2), 3)
    assert found["training_check"] == (date(2025, 3, 10), None), "a meeting is no check of training"


def test_an_inspection_is_a_contact_and_looks_at_the_training(house: House):
    wso = enter(house, "WSO", date(2022, 3, 10))
    inspected(house, wso, date(2025, 6, 1))
    contact(house, wso, "visit", date(2025, 2, 1))

    assert owed(wso) == {
        "routine": (date(2028, 6, 1), 0),
        "first_review": (date(2023, 3, 10), None),
        "oversight_contact": (date(2026, 6, 1), 0),
        "training_check": (date(2026, 6, 1), 0),
    }


def test_a_late_one_stays_however_long_nothing_ran(house: House):
    wso = enter(house, "WSO", date(2022, 3, 10))
    contact(house, wso, "visit", date(2025, 2, 1))

    much_later = TODAY + timedelta(days=900)

    assert owed(wso, much_later)["oversight_contact"] == (
        date(2026, 2, 1),
        (much_later - date(2026, 2, 1)).days,
    )


def test_the_plan_agrees_with_a_few_lines_written_anew(house: House):
    lives = [
        enter(house, "JEM", date(2019, 1, 15)),
        enter(house, "WSO", date(2020, 2, 28)),
        enter(house, "TFM", date(2025, 3, 1)),
        enter(house, "WSO", date(2023, 7, 31), BIRCH),
    ]
    seen = {lives[0].id: date(2024, 5, 1), lives[3].id: date(2025, 4, 4)}
    for life in lives:
        if life.id in seen:
            inspected(house, life, seen[life.id])

    expected = set()
    for life in lives:
        signed, last = life.signed_on, seen.get(life.id)
        assert signed is not None
        spans = {
            "JEM": {"routine": (2, 2), "internal_review": (3, 3)},
            "WSO": {"routine": (1, 3)},
            "TFM": {},
        }[life.model or ""]
        for kind, (first, every) in spans.items():
            counts = kind == "routine" and last
            expected.add(
                (life.reference, kind, years_on(last, every) if counts and last else years_on(signed, first))
            )
        if spans:
            expected.add((life.reference, "first_review", years_on(signed, 1)))
            for kind in ("oversight_contact", "training_check"):
                expected.add((life.reference, kind, years_on(last or signed, 1)))

    made = plan(SYSTEM, as_of=TODAY)

    assert {(o.agreement, o.kind, o.due_on) for o in made.obligations} == expected
    assert len(made.obligations) == len(expected)
    assert (made.by_model["TFM"].agreements, made.by_model["TFM"].obligations) == (1, 0)
    assert "TFM: no oversight rule: 1 agreement" in [gap.words for gap in made.gaps]
    assert made.by_model["WSO"].by_kind == {
        "routine": 2, "first_review": 2, "oversight_contact": 2, "training_check": 2,
    }  # fmt: skip


def test_the_card_of_an_agreement_says_rule_source_last_and_next(house: House, sign_in: Any):
    wso = enter(house, "WSO", date(2024, 3, 10))
    contact(house, wso, "visit", date(2024, 12, 1))

    page = " ".join(sign_in(SAM).get(f"/agreements/{wso.reference}").text.split())

    assert "Yearly oversight contact" in page
    assert "third recommendation" in page, "where the rule is from"
    assert "35 days late" in page
    assert "met, owed once" not in page
    assert "exempt: the memoranda of this model provide for none" in page


def test_the_page_can_be_narrowed_to_one_duty(house: House, sign_in: Any):
    enter(house, "WSO", date(2024, 3, 10))

    page = sign_in(SAM).get("/planning?kind=training_check").text

    assert page.count("by a contact that is recorded") == 1
    assert "not opened yet" not in page


@pytest.mark.parametrize("kind", ["routine", "oversight_contact"])
def test_a_kind_of_the_plan_is_what_its_obligations_are_called(house: House, kind: str):
    enter(house, "WSO", date(2024, 3, 10))

    assert [o.as_json()["kind"] for o in plan(SYSTEM, as_of=TODAY, kind=kind).obligations] == [kind]
