from __future__ import annotations

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from workflow.register.field_offices import FIELD_OFFICES, SPLIT_STATES, WHOLE_STATES, is_split, office_for
from workflow.register.states import STATE_CODES, state_name


def test_there_are_25_offices_and_each_has_an_area():
    names = [office.name for office in FIELD_OFFICES]
    areas = set(WHOLE_STATES.values()) | {office for offices in SPLIT_STATES.values() for office in offices}

    assert len(set(names)) == len(names) == 25
    assert len({office.code for office in FIELD_OFFICES}) == 25
    assert areas == set(names)


def test_every_zone_exists():
    for office in FIELD_OFFICES:
        assert ZoneInfo(office.zone).key == office.zone


def test_el_paso_counts_in_mountain_time_and_phoenix_saves_no_daylight():
    zones = {office.name: office.zone for office in FIELD_OFFICES}

    assert zones["El Paso"] == "America/Denver"
    assert zones["San Antonio"] == "America/Chicago"
    assert zones["Phoenix"] == "America/Phoenix"


@pytest.mark.parametrize(("state", "counties"), [("California", 58), ("New York", 62), ("Texas", 254)])
def test_a_split_state_has_all_its_counties_once(state, counties):
    listed = [county for names in SPLIT_STATES[state].values() for county in names.split(", ")]

    assert len(listed) == len(set(listed)) == counties


@pytest.mark.parametrize(
    ("state", "county", "office"),
    [
        ("GEORGIA", None, "Atlanta"),
        ("Georgia ", "Nowhere County", "Atlanta"),
        ("wi", None, "Chicago"),
        ("Guam", None, "San Francisco"),
        ("NORTHERN MARIANA ISLANDS", None, "San Francisco"),
        ("Commonwealth of the Northern Mariana Islands", None, "San Francisco"),
        ("Puerto Rico", None, "Miami"),
        ("U.S. Virgin Islands", None, "Miami"),
        ("Texas", "El Paso County", "El Paso"),
        ("Texas", " hidalgo ", "Harlingen"),
        ("Texas", "DE WITT COUNTY", "Houston"),
        ("Texas", "LaSalle County", "San Antonio"),
        ("Texas", "Guadalupe Conty", "San Antonio"),
        ("New York", "St Lawrence County", "Buffalo"),
        ("New York", "Westchester", "New York City"),
        ("California", "Kern County", "San Francisco"),
    ],
)
def test_an_area_is_found_whatever_the_spelling(state, county, office):
    assert office_for(state, county) == office


@pytest.mark.parametrize(
    ("state", "county"),
    [
        ("Texas", None),
        ("Texas", ""),
        ("Texas", "Fall County"),  # Falls exists: a name is never guessed
        ("New York", "Nowhere"),
        ("Atlantis", None),
        ("American Samoa", None),
    ],
)
def test_nothing_is_guessed(state, county):
    assert office_for(state, county) is None


def test_only_three_states_need_a_county():
    assert {state for state in STATE_CODES if is_split(state)} == {"California", "New York", "Texas"}
    assert {state for state in STATE_CODES if state not in WHOLE_STATES and not is_split(state)} == {
        "American Samoa"
    }


def test_states_are_known_by_name_and_code():
    assert len(STATE_CODES) == 56
    assert state_name("  north   CAROLINA ") == state_name("nc") == "North Carolina"
    assert state_name("Carolina") is None


def test_the_table_says_what_the_published_one_says_row_by_row(real_data: Path):
    source = real_data / "reference" / "ice-areas-of-responsibility.csv"
    with source.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))

    assert len(rows) == 426
    for row in rows:
        assert office_for(row["state_name"], row["county_name"] or None) == row["office_name"], row
