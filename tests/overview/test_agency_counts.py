"""Counts on an agency's page: only of cases their reader may see, and none once recused."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import ALDER, AUDRA, BOB, CARL, MONDAY, PAM, SAM
from workflow.agreements.service import register_by_hand
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.db.session import transaction
from workflow.inspections.service import plan
from workflow.overview.agency_queries import counts, latest


@pytest.fixture
def inspection_id(house: House) -> int:
    """A planned inspection of an agreement of Alder County."""
    life = register_by_hand(
        house,
        agency_id=ALDER,
        model="WSO",
        signed_on=date(2025, 3, 3),
        template=None,
        source="The memorandum",
        actor=PAM,
        now=MONDAY,
    )
    assert life.agreement_id is not None
    return plan(house, life.agreement_id, due_on=date(2026, 3, 3), basis="12 months", now=MONDAY).id


@pytest.mark.usefixtures("inspection_id")
def test_what_somebody_may_not_see_is_not_counted():
    seen = {a.name: [(c.kind, c.total, c.open) for c in counts(a, [ALDER])] for a in (SAM, BOB, AUDRA, CARL)}

    one = [("inspection", 1, 1)]
    assert seen == {SAM.name: one, BOB.name: [], AUDRA.name: one, CARL.name: []}


def test_a_recusal_takes_a_case_out_of_the_count(inspection_id: int):
    with transaction() as s:
        s.add(
            Recusal(
                case_id=inspection_id, person_id=SAM.id, reason="related", declared_by_id=SAM.id, at=MONDAY
            )
        )

    assert counts(SAM, [ALDER]) == []
    assert list(latest(SAM, [ALDER])) == []
