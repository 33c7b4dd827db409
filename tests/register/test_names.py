from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.register.names import (
    Called,
    Unfit,
    comparable,
    looks_like_respelling,
    present,
    same_county,
    slug,
    tidy,
)


def test_a_name_is_shown_on_one_line_with_straight_apostrophes():
    assert tidy("\n Alder\u00a0County  Sheriff\u2019s Office ") == "Alder County Sheriff's Office"
    assert tidy("Alder\u200b County") == "Alder County"
    assert tidy("Pen\u0303a County") == "Pe\u00f1a County"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Alder\0", "NUL"),
        ("Alder \x1b[31m", "U+001B"),
        ("Alder\x1cCounty", "U+001C"),
        ("Alder\x85County", "U+0085"),
        ("Alder \ud800", "surrogate"),
        ("Alder \u202eytnuoC", "U+202E"),
        ("A" * 301, "longer than 300"),
    ],
)
def test_text_that_is_not_what_it_seems_is_refused(text, why):
    with pytest.raises(Unfit, match=why.replace("+", r"\+")):
        tidy(text)


def test_the_longest_name_is_taken():
    assert len(tidy("A" * 300)) == 300


@pytest.mark.parametrize("text", ["#N/A", "#NA", " n/a ", "N/A", "", "  ", "-", "none"])
def test_words_for_no_value_are_none(text):
    assert present(text) is None


def test_a_value_stays():
    assert present("Nassau County") == "Nassau County"


@pytest.mark.parametrize(
    "other",
    [
        "ALDER COUNTY SHERIFF\u2019S OFFICE ",
        "Alder County Sheriffs Office",
        "Alder County Sheriff Office",
        "Alder County Sheriffs' Office",
        "Alder Co. Sheriff's Office",
        "Alder  County\u00a0Sheriff`s Office.",
    ],
)
def test_one_agency_has_one_comparable_name(other):
    assert comparable(other) == comparable("Alder County Sheriff's Office")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alder County Sheriff's Office", "Alder County Sheriff's Department"),
        ("Alder County Constable Precinct 2", "Alder County Constable Precinct 3"),
        ("Marion Police Department", "Martin Police Department"),
        ("Alder City Police", "Alder Police"),
        ("Co Police", "County Police"),
    ],
)
def test_what_could_be_two_agencies_is_not_one(one, other):
    assert comparable(one) != comparable(other)


def test_short_forms_and_numbers_are_one_spelling():
    assert comparable("St. Alder Police Dept.") == comparable("Saint Alder Police Department")
    assert comparable("Constable Pct. 02") == comparable("Constable Precinct 2")
    assert comparable("U.S. Alder & Birch") == comparable("US Alder and Birch")


def test_a_name_without_letters_is_refused():
    with pytest.raises(Unfit, match="no letter"):
        comparable("…!")


def test_a_name_that_grows_too_long_when_spelled_out_is_refused():
    with pytest.raises(Unfit, match="longer"):
        comparable("Dept " * 60)


@given(st.text(max_size=60))
def test_comparing_twice_changes_nothing(text):
    try:
        once = comparable(text)
    except Unfit:
        return

    assert comparable(once) == once


def test_a_slug_is_readable_and_carries_the_state():
    assert slug("Alder County Sheriff\u2019s Office", "TEXAS") == "alder-county-sheriffs-office-tx"
    assert slug("Pe\u00f1a & Birch PD", "nm") == "pena-birch-pd-nm"
    assert slug("\u8b66\u5bdf", "Guam") == "agency-gu"
    assert len(slug("Alder " * 50, "Texas")) <= 100


def _called(name, county=None, state="Texas"):
    return Called(name, state, county)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alder County Sheriff's Office", "Alder County Sheriff's Department"),
        ("Alder County Sheriff's Office", "Alder County SO"),
        ("Alder County Sheriff's Office", "Sheriff's Office of Alder County"),
        ("Alder PD", "City of Alder Police Department"),
        ("Frankinville Police Department", "Franklinville Police Department"),
        ("Manitwooc County Sheriff's Office", "Manitowoc County Sheriff's Office"),
        ("Mongtomery Police Department", "Montgomery Police Department"),
        ("Constable Precinct One", "Constable Precinct 1"),
        ("De Alder Police Department", "DeAlder Police Department"),
        ("Montgomary Police Department", "Montgomery Police Department"),
    ],
)
def test_a_likely_respelling_is_pointed_out(one, other):
    assert looks_like_respelling(_called(one), _called(other))
    assert looks_like_respelling(_called(other), _called(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Marion County Sheriff's Office", "Martin County Sheriff's Office"),
        ("Marion County Sheriff's Office", "Marian County Sheriff's Office"),
        ("Dallas Police Department", "Dallam Police Department"),
        ("Harris County Sheriff's Office", "Harrison County Sheriff's Office"),
        ("Alder County Constable Precinct 2", "Alder County Constable Precinct 3"),
        ("Alder County Constable Precinct 2", "Alder County Constable"),
        ("Alder County Constable Precinct Two", "Alder County Constable Precinct 3"),
        ("Alder Police Department", "Alder County Sheriff's Office"),
        ("Alder Police Department", "Alder Township Police Department"),
        ("Alder County Police Department", "Alder Police Department"),
        ("North Alder Police Department", "South Alder Police Department"),
        ("Alder Police Department", "New Alder Police Department"),
        ("Greene County Sheriff's Office", "Green County Sheriff's Office"),
    ],
)
def test_two_agencies_are_not_one_by_likeness(one, other):
    assert not looks_like_respelling(_called(one), _called(other))
    assert not looks_like_respelling(_called(other), _called(one))


def test_state_and_county_must_agree():
    name = "Alder Police Department"

    assert looks_like_respelling(_called(name, "Birch County"), _called(name, "Birch"))
    assert looks_like_respelling(_called(name, "Birch County"), _called(name, None))
    assert not looks_like_respelling(_called(name, "Birch County"), _called(name, "Cedar County"))
    assert not looks_like_respelling(_called(name), _called(name, state="Ohio"))
    assert looks_like_respelling(_called(name, state="TX"), _called(name, state="TEXAS"))


def test_counties_are_the_same_but_for_a_slip_of_the_pen():
    assert same_county("Frankin County", "Franklin County")
    assert same_county("Birch Parish", "birch")
    assert not same_county("Marion County", "Martin County")
    assert not same_county("Clay County", "Clary County")


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_has_no_direction(one, other):
    try:
        there = looks_like_respelling(_called(one), _called(other))
    except Unfit:
        return

    assert there == looks_like_respelling(_called(other), _called(one))
