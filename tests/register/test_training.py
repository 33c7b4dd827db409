"""Training of officers: judged on a day, by everybody who may act under an agreement."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cast import ALDER, MONDAY
from workflow.db.session import transaction
from workflow.policy.standard import BOOK
from workflow.register.models import Agreement, Officer, Training
from workflow.register.queries import training_compliance


def agreement(agency_id: int, model: str, number: int) -> Agreement:
    with transaction() as s:
        made = Agreement(
            reference=f"G-2026-{number:08}-0",
            agency_id=agency_id,
            model=model,
            template="2025",
            signed_on=date(2025, 3, 1),
            status="active",
        )
        s.add(made)
        s.flush()
        return made


def officer(agreement_id: int, number: str, *, certified: date, **more: Any) -> Officer:
    with transaction() as s:
        made = Officer(
            agreement_id=agreement_id,
            number=number,
            name="An Officer",
            certified_on=certified,
            authorised_on=certified,
            **more,
        )
        s.add(made)
        s.flush()
        return made


def trained(officer_id: int, kind: str, on: date) -> None:
    with transaction() as s:
        s.add(Training(officer_id=officer_id, kind=kind, passed_on=on))


@pytest.mark.usefixtures("ctx")
def test_training_is_judged_on_the_day_by_every_officer_who_may_act():
    under = agreement(ALDER, "JEM", 1).id
    current = officer(under, "7", certified=date(2024, 2, 1))
    trained(current.id, "annual", date(2025, 6, 1))
    officer(under, "8", certified=date(2024, 2, 1))
    officer(under, "9", certified=date(2020, 2, 1), left_on=date(2021, 1, 1))
    officer(under, "10", certified=date(2020, 2, 1), revoked_on=date(2025, 1, 1))

    found = training_compliance([under], date(2026, 1, 5), BOOK)[under]

    assert (found.authorised, found.current, found.lapsed) == (2, 1, ("8",))
    assert "annual training" in found.lacking[0][0]
    assert found.is_compliant is False
    assert training_compliance([under], date(2025, 1, 5), BOOK)[under].is_compliant is True
    assert training_compliance([under], date(2024, 6, 1), BOOK)[under].lapsed == ("10",)


@pytest.mark.usefixtures("ctx")
def test_a_refresher_counts_where_the_model_asks_for_one():
    under = agreement(ALDER, "JEM", 1).id
    one = officer(under, "7", certified=date(2023, 1, 10))
    trained(one.id, "annual", date(2025, 12, 1))

    other = agreement(ALDER, "WSO", 2).id
    alike = officer(other, "7", certified=date(2023, 1, 10))
    trained(alike.id, "annual", date(2025, 12, 1))

    without = training_compliance([other], date(2026, 1, 5), BOOK)[other]
    asked = training_compliance([under], date(2026, 1, 5), BOOK)[under]
    trained(one.id, "refresher", date(2025, 1, 9))
    refreshed = training_compliance([under], date(2026, 1, 5), BOOK)[under]

    assert (without.is_compliant, asked.is_compliant, refreshed.is_compliant) == (True, False, True)


@pytest.mark.usefixtures("ctx")
def test_without_an_officer_on_record_nothing_is_judged():
    under = agreement(ALDER, "WSO", 1).id

    assert training_compliance([under], MONDAY.date(), BOOK)[under].is_compliant is None
