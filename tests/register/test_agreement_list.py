from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.register.workbooks import HEADER, OLD_HEADER, workbook
from workflow.register.agreement_list import AgreementList, Unreadable, agreements_in, read_agreements
from workflow.register.workbook import table_in

FIXTURES = Path(__file__).resolve().parents[1] / "data" / "agreements"
MODELS = {"Jail Enforcement Model": "JEM", "Warrant Service Officer": "WSO", "Task Force Model": "TFM"}
SINCE = {"JEM": None, "TFM": date(2025, 1, 20)}
AS_OF = date(2026, 5, 18)
SIGNED = datetime(2025, 2, 26)  # noqa: DTZ001
ALDER = (
    "GEORGIA",
    "Alder County Sheriff's Office",
    "County",
    "Alder County",
    "Task Force Model",
    SIGNED,
    "link",
)


def listed(
    *rows: Any, header: Any = HEADER, links: dict[str, str] | None = None, **more: Any
) -> AgreementList:
    table = table_in(workbook([header, *rows], links=links))
    return agreements_in(table, **{"as_of": AS_OF, "models": MODELS, "model_since": SINCE, **more})


def changed(**values: Any) -> list[Any]:
    """Alder's row with other values by column."""
    row = dict(zip(HEADER, ALDER, strict=False))
    return [values.get(name.split()[-1].lower(), row.get(name)) for name in HEADER]


# --- both layouts ------------------------------------------------------------------------------


def test_a_row_of_the_present_layout_is_one_agreement():
    found = listed(
        (
            "GEORGIA ", " Alder\u00a0County Sheriff\u2019s Office ", "County ", "\nAlder  County ",
            "Task Force Model ", SIGNED, "link ", "link",
        ),
        links={"G2": "https:/www.example.gov/alder.pdf", "H2": "https://www.example.gov/more.pdf"},
    )  # fmt: skip

    (row,) = found.rows
    assert found.warnings == ()
    assert (row.number, row.agency_name, row.state) == (2, "Alder County Sheriff's Office", "Georgia")
    assert (row.agency_type, row.county, row.office) == ("County", "Alder County", "Atlanta")
    assert (row.model_code, row.signed_on) == ("TFM", date(2025, 2, 26))
    assert row.moa_url == "https://www.example.gov/alder.pdf"
    assert row.addendum_url == "https://www.example.gov/more.pdf"
    assert not row.moa_pending
    assert (found.total, found.agencies, found.by_model) == (1, 1, {"TFM": 1})


def test_a_row_of_the_layout_of_2021_is_one_agreement():
    found = listed(
        (
            "TEXAS",
            "Alder County Sheriff's Office",
            "Jail Enforcement Model",
            "2016-06-08",
            "https://example.gov/a",
        ),
        header=OLD_HEADER,
    )

    (row,) = found.rows
    assert (row.agency_type, row.county, row.office) == (None, None, None)
    assert (row.signed_on, row.moa_url) == (date(2016, 6, 8), "https://example.gov/a")
    assert found.without_office == (row,)
    assert found.warnings == ("No field office: Texas has several and no county is given: row 2.",)


@pytest.mark.parametrize("name", ["windows-semicolons.csv", "utf8-commas.csv"])
def test_a_text_file_with_the_same_meanings_is_read(name):
    found = read_agreements(FIXTURES / name, as_of=AS_OF, models=MODELS, model_since=SINCE)

    assert [(row.state, row.model_code, row.signed_on) for row in found.rows] == [
        ("Georgia", "JEM", date(2025, 2, 26)),
        ("Georgia", "TFM", date(2025, 3, 1)),
    ]
    assert found.rows[0].moa_url == "https://www.example.gov/alder.pdf"
    assert found.rows[0].county == "Alder County"
    assert found.rows[1].county is None
    assert found.rows[1].agency_name.startswith("Peña")
    assert found.refused == ()


def test_columns_are_known_in_any_order_and_spelling():
    found = listed(
        (SIGNED, "WSO", "Birch", "x", "Alder Police Department", "OH"),
        header=("signed_on", "Participant model", "county name", "remarks", "LEA", "State"),
    )

    assert found.rows[0].model_code == "WSO"
    assert found.rows[0].county == "Birch"
    assert found.warnings == ("Columns not used: remarks.",)


def test_wrong_columns_are_refused_in_words():
    with pytest.raises(Unreadable) as caught:
        listed(("a", "b"), header=("NAME", "PRICE"))

    assert "no column says STATE, AGENCY, MODEL, SIGNED" in caught.value.sentence
    assert "“NAME”, “PRICE”" in caught.value.sentence


def test_two_columns_of_one_meaning_are_refused_in_words():
    with pytest.raises(Unreadable, match="“SIGNED” and “DATE SIGNED” mean the same"):
        listed(header=("STATE", "AGENCY", "MODEL", "SIGNED", "DATE SIGNED"))


# --- models are data ---------------------------------------------------------------------------


def test_a_fourth_model_is_only_one_more_alias():
    row = changed(type="Border Liaison Model")

    known = listed(row, models={**MODELS, "Border Liaison Model": "BLM"})
    unknown = listed(row)

    assert known.by_model == {"BLM": 1}
    assert "No such model is registered (there are JEM, TFM, WSO)" in unknown.refused[0].reason


@pytest.mark.parametrize("written", ["TFM", "tfm", "Task Force Model ", "TASK-FORCE  MODEL"])
def test_a_model_is_known_by_name_and_by_code(written):
    row = [*ALDER[:4], written, *ALDER[5:]]

    assert listed(row).by_model == {"TFM": 1}


# --- rows that are refused ---------------------------------------------------------------------

BIRCH = ("GEORGIA", "Birch Police Department", "Municipality", "#N/A", "WSO", SIGNED, "link pending")


def _with(at: int, value: Any) -> list[Any]:
    row: list[Any] = list(ALDER)
    row[at] = value
    return row


@pytest.mark.parametrize(
    ("at", "value", "column", "shown", "why"),
    [
        (5, datetime(2016, 3, 19), "SIGNED", "2016-03-19", "before the model TFM began (2025-01-20)"),  # noqa: DTZ001
        (5, datetime(1990, 1, 1), "SIGNED", "1990-01-01", "older than section 287(g)"),  # noqa: DTZ001
        (5, datetime(2026, 5, 19), "SIGNED", "2026-05-19", "after the date of the list (2026-05-18)"),  # noqa: DTZ001
        (5, "2/26/25", "SIGNED", "2/26/25", "two digits"),
        (5, 45922, "SIGNED", "45922", "format the column as a date"),
        (5, "=TODAY()", "SIGNED", "=TODAY()", "formula"),
        (5, None, "SIGNED", "", "no value"),
        (5, "#N/A", "SIGNED", "#N/A", "no value"),
        (5, "#REF!", "SIGNED", "#REF!", "error of the spreadsheet"),
        (0, "ATLANTIS", "STATE", "ATLANTIS", "no state or territory"),
        (0, "", "STATE", "", "no value"),
        (1, None, "LAW ENFORCEMENT AGENCY", "", "no value"),
        (1, "…", "LAW ENFORCEMENT AGENCY", "…", "no letter"),
        (1, "A" * 301, "LAW ENFORCEMENT AGENCY", "A" * 200 + "…", "longer than 300"),
        (1, "A" * 40_000, "LAW ENFORCEMENT AGENCY", "A" * 200 + "…", "longer than"),
        (1, "Alder _x0000_", "LAW ENFORCEMENT AGENCY", "Alder \\u0000", "NUL"),
        (1, "Alder _xD800_", "LAW ENFORCEMENT AGENCY", "Alder \\ud800", "surrogate"),
        (1, "=A1", "LAW ENFORCEMENT AGENCY", "=A1", "formula"),
        (3, "=A1", "COUNTY", "=A1", "formula"),
        (2, "Coun\u202ety", "TYPE", "Coun\\u202ety", "control character"),
        (4, "Mystery Model", "SUPPORT TYPE", "Mystery Model", "No such model"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_while_the_rest_goes_in(at, value, column, shown, why):
    found = listed(_with(at, value), BIRCH)

    (refused,) = found.refused
    assert (refused.row, refused.column, refused.value) == (2, column, shown)
    assert why in refused.reason
    assert [row.agency_name for row in found.rows] == ["Birch Police Department"]
    assert found.total == 2


def test_a_day_at_each_bound_is_taken():
    first = _with(5, datetime(2025, 1, 20))  # noqa: DTZ001
    last = ["OHIO", *_with(5, datetime(2026, 5, 18))[1:]]  # noqa: DTZ001
    jail = ["IOWA", *_with(5, datetime(1996, 9, 30))[1:4], "JEM", datetime(1996, 9, 30)]  # noqa: DTZ001

    assert listed(first, last, jail).refused == ()


def test_all_faults_of_a_row_are_named_at_once():
    found = listed(("ATLANTIS", "", "County", None, "Mystery", "soon"))

    (refused,) = found.refused
    assert refused.column == "STATE"
    assert refused.called is None
    for column in ("LAW ENFORCEMENT AGENCY", "SUPPORT TYPE", "SIGNED"):
        assert f"Also {column}: " in refused.reason


def test_a_refused_row_still_says_whose_agreement_it_is():
    found = listed(_with(5, datetime(2016, 3, 19)))  # noqa: DTZ001

    (refused,) = found.refused
    assert refused.called is not None
    assert (refused.called.name, refused.called.state) == ("Alder County Sheriff's Office", "Georgia")
    assert refused.model_code == "TFM"
    assert (found.agencies, found.agencies_listed) == (0, 1)


def test_a_row_that_slipped_is_refused():
    table = table_in(
        b"STATE,AGENCY,MODEL,SIGNED\nOHIO,Alder, Inc. Police,WSO,2025-02-26\nOHIO,Birch,WSO,2025-02-26\n"
    )

    found = agreements_in(table, as_of=AS_OF, models=MODELS)

    assert "5 values for 4 columns" in found.refused[0].reason
    assert len(found.rows) == 1


# --- documents ---------------------------------------------------------------------------------


def test_a_pending_document_is_pending():
    (row,) = listed(_with(6, "Link  pending")).rows

    assert (row.moa_url, row.moa_pending) == (None, True)


def test_a_bad_address_is_left_out_with_a_warning_and_the_row_goes_in():
    found = listed(ALDER, links={"G2": "javascript:alert(1)"})

    assert found.rows[0].moa_url is None
    assert "MOA is not a web address" in found.warnings[0]
    assert "row 2" in found.warnings[0]


def test_a_formula_for_an_address_is_left_out_with_a_warning():
    found = listed(_with(6, '=HYPERLINK("https://example.gov","link")'))

    assert found.rows[0].moa_url is None
    assert "MOA is a formula" in found.warnings[0]


def test_words_without_an_address_are_one_warning_for_all_rows():
    found = listed(*[[state, *ALDER[1:]] for state in ("OHIO", "IOWA", "UTAH")])

    assert found.warnings == ("MOA has a word but no address behind it: 3 rows (2, 3, 4).",)


# --- what rows say together --------------------------------------------------------------------


def test_spellings_of_one_agency_are_one_agency_with_the_usual_name():
    found = listed(
        ("OHIO", "Alder County Sheriffs Office", "County", None, "JEM", SIGNED),
        ("OHIO", "Alder County Sheriff\u2019s Office", "County", "Alder County", "WSO", SIGNED),
        ("OHIO", "Alder County Sheriff's Office ", "County", "Alder County", "TFM", SIGNED),
    )

    assert found.agencies == 1
    assert {row.agency_name for row in found.rows} == {"Alder County Sheriff's Office"}
    assert {row.county for row in found.rows} == {"Alder County"}
    assert "County “” was taken as “Alder County”, as other rows of the agency say: row 2." in found.warnings


def test_a_county_misspelt_in_one_row_is_the_one_of_the_name():
    found = listed(
        ("TEXAS", "Nacogdoches County Sheriff's Office", "County", "Nacogdches County", "JEM", SIGNED),
        ("TEXAS", "Nacogdoches County Sheriff's Office", "County", "Nacogdches County", "WSO", SIGNED),
        ("TEXAS", "Nacogdoches County Sheriff's Office", "County", "Nacogdoches County", "TFM", SIGNED),
    )

    assert found.agencies == 1
    assert {row.office for row in found.rows} == {"Houston"}
    assert "2 rows (2, 3)" in found.warnings[-1]


def test_one_type_for_one_agency():
    found = listed(
        ("OHIO", "Alder Police Department", "Municipality", None, "JEM", SIGNED),
        ("OHIO", "Alder Police Department", "County", None, "WSO", SIGNED),
        ("OHIO", "Alder Police Department", "Municipality ", None, "TFM", SIGNED),
    )

    assert {row.agency_type for row in found.rows} == {"Municipality"}
    assert "Type “County” was taken as “Municipality”" in found.warnings[0]


def test_an_unknown_type_is_kept_and_said():
    found = listed(_with(2, "Tribal"))

    assert found.rows[0].agency_type == "Tribal"
    assert "“Tribal” is no type of agency known here" in found.warnings[0]


def test_one_name_in_two_counties_is_two_agencies():
    rows = [
        ("OHIO", "Alder Township Police Department", "Municipality", "Birch County", "TFM", SIGNED),
        ("OHIO", "Alder Township Police Department", "Municipality", "Cedar County", "TFM", SIGNED),
    ]

    found = listed(*rows)

    assert (found.agencies, len(found.rows), found.duplicates) == (2, 2, 0)
    assert [row.county for row in found.rows] == ["Birch County", "Cedar County"]
    assert "Another agency of this name is in Birch County" in found.warnings[0]


def test_a_repeated_row_is_taken_once():
    found = listed(BIRCH, BIRCH, BIRCH)

    assert (len(found.rows), found.duplicates, found.refused) == (1, 2, ())
    assert found.warnings[0] == "The same agreement as row 2; taken once: 2 rows (3, 4)."


def test_a_second_date_for_one_agreement_is_refused_and_the_earlier_kept():
    later = [*BIRCH[:5], datetime(2025, 6, 1), BIRCH[6]]  # noqa: DTZ001

    for rows in ([BIRCH, later], [later, BIRCH]):
        found = listed(*rows)

        assert [row.signed_on for row in found.rows] == [date(2025, 2, 26)]
        (refused,) = found.refused
        assert (refused.column, refused.value) == ("SIGNED", "2025-06-01")
        assert "One agreement has one date" in refused.reason


def test_every_row_is_accounted_for():
    found = listed(ALDER, ALDER, BIRCH, _with(5, None), _with(5, datetime(2025, 3, 1)))  # noqa: DTZ001

    assert found.total == len(found.rows) + len(found.refused) + found.duplicates == 5


def test_the_order_of_rows_changes_nothing_but_numbers():
    rows = [ALDER, BIRCH, ["OHIO", *ALDER[1:]], [*BIRCH[:4], "JEM", *BIRCH[5:]]]

    there, back = listed(*rows), listed(*reversed(rows))

    assert {(r.state, r.comparable, r.model_code, r.county, r.office) for r in there.rows} == {
        (r.state, r.comparable, r.model_code, r.county, r.office) for r in back.rows
    }


def test_a_county_that_is_not_one_of_the_state_leaves_the_row_without_office():
    found = listed(
        ("TEXAS", "Alder Police Department", "Municipality", "Fall County", "TFM", SIGNED),
        ("AMERICAN SAMOA", "Birch Police Department", "Municipality", None, "TFM", SIGNED),
    )

    assert [row.office for row in found.without_office] == [None, None]
    assert "No field office: Texas has several and no county “Fall County”: row 2." in found.warnings
    assert "No field office: American Samoa is in no area: row 3." in found.warnings


def test_a_header_alone_is_an_empty_list():
    found = listed()

    assert (found.total, found.rows) == (0, ())
    assert found.warnings == ("The file has a header but no rows.",)
