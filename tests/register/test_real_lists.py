"""The real lists, where they are at hand. Small twins of their quirks are in the other files."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from workflow.register.agreement_list import AgreementList, list_date, read_agreements

MODELS = {"Jail Enforcement Model": "JEM", "Warrant Service Officer": "WSO", "Task Force Model": "TFM"}
SINCE = {"TFM": date(2025, 1, 20)}


def _read(real_data: Path, name: str) -> AgreementList:
    as_of = list_date(name)
    assert as_of is not None
    return read_agreements(real_data / "agreements" / name, as_of=as_of, models=MODELS, model_since=SINCE)


@pytest.fixture(scope="module")
def present(real_data: Path) -> AgreementList:
    return _read(real_data, "participatingAgencies05182026am.xlsx")


@pytest.fixture(scope="module")
def early(real_data: Path) -> AgreementList:
    return _read(real_data, "ParticipatingEntities-20210113002027.xlsx")


def test_the_list_of_2026_is_read_whole(present: AgreementList):
    assert present.total == 1843
    assert present.by_model == {"JEM": 182, "WSO": 499, "TFM": 1161}
    assert (present.agencies, present.agencies_listed, present.duplicates) == (1550, 1551, 0)
    assert Counter(row.agency_type for row in present.rows) == {
        "County": 1095,
        "Municipality": 669,
        "State Agency": 78,
    }


def test_the_impossible_date_alone_is_refused(present: AgreementList):
    (refused,) = present.refused

    assert (refused.row, refused.column, refused.value, refused.model_code) == (
        954,
        "SIGNED",
        "2016-03-19",
        "TFM",
    )
    assert "began (2025-01-20)" in refused.reason


def test_nine_rows_of_2026_need_a_person_for_their_office(present: AgreementList):
    # Seven name no county in a state with several offices; two name a county that does not exist.
    lost = present.without_office

    assert len(lost) == 9
    assert Counter((row.state, row.county is None) for row in lost) == {
        ("New York", True): 1,
        ("Texas", True): 6,
        ("Texas", False): 2,
    }


def test_documents_of_2026_are_unwrapped(present: AgreementList):
    addresses = [row.moa_url for row in present.rows if row.moa_url]

    assert len(addresses) == 1679
    assert sum(row.moa_pending for row in present.rows) == 163
    assert sum(row.addendum_url is not None for row in present.rows) == 45
    assert {address.split("/")[2] for address in addresses} == {"www.ice.gov"}


def test_models_held_together_in_2026(present: AgreementList):
    held: dict[tuple[str, str], set[str]] = {}
    for row in present.rows:
        held.setdefault((row.state, row.comparable), set()).add(row.model_code)

    # One agency's only row, under the Task Force Model, is the refused one: 948 of 949.
    assert Counter("+".join(sorted(models)) for models in held.values()) == {
        "TFM": 948,
        "WSO": 285,
        "TFM+WSO": 135,
        "JEM": 75,
        "JEM+TFM+WSO": 50,
        "JEM+WSO": 29,
        "JEM+TFM": 28,
    }


def test_offices_carry_very_uneven_loads_in_2026(present: AgreementList):
    load = Counter(row.office for row in present.rows)

    assert load.most_common(5) == [
        ("Miami", 348),
        ("New Orleans", 306),
        ("Chicago", 238),
        ("Dallas", 235),
        ("Atlanta", 143),
    ]
    assert load["Seattle"] == 2


def test_the_list_of_2021_is_read_whole(early: AgreementList):
    assert early.total == 150
    assert early.by_model == {"JEM": 74, "WSO": 76}
    assert early.agencies == 147
    assert early.refused == ()
    assert all(row.moa_url for row in early.rows)
    assert len(early.without_office) == 27  # 26 in Texas and one in New York: that list has no counties
