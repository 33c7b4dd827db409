from __future__ import annotations

import codecs
from dataclasses import replace
from pathlib import Path

import pytest

from workflow.register.workbook import LIMITS, Table, Unreadable, read_table, table_in

FIXTURES = Path(__file__).resolve().parents[1] / "data" / "agreements"


def texts(table: Table, name: str) -> list[str]:
    return [row.cells[name].text if name in row.cells else "" for row in table.rows]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        table_in(data)
    return caught.value.sentence


@pytest.mark.parametrize(
    "data",
    [
        "NAME,DAY\nPeña,1\n".encode(),
        codecs.BOM_UTF8 + "NAME,DAY\r\nPeña,1\r\n".encode(),
        "NAME,DAY\rPeña,1\r".encode(),
        "NAME;DAY\nPeña;1\n".encode(),
        "NAME\tDAY\nPeña\t1\n".encode(),
        "NAME|DAY\nPeña|1\n".encode(),
        "sep=;\r\nNAME;DAY\r\nPeña;1\r\n".encode(),
        "SEP=;\rNAME;DAY\rPeña;1\r".encode(),
        '"sep=|"\nNAME|DAY\nPeña|1\n'.encode(),
        "sep=\t\nNAME\tDAY\nPeña\t1\n".encode(),
        "\n\nNAME,DAY\n\nPeña,1\n\n\n".encode(),
        '"NAME","DAY"\n"Peña","1"\n'.encode(),
        "NAME,DAY\nPeña,1\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "NAME,DAY\nPeña,1\n".encode("utf-16-be"),
        "NAME,DAY\nPeña,1\n".encode("utf-16-le"),
        "NAME,DAY\nPeña,1\n".encode("utf-16-be"),
        "NAME,DAY\nPeña,1\n".encode("utf-32"),
    ],
)
def test_text_is_read_in_every_usual_form(data):
    table = table_in(data)

    assert table.headers == ("NAME", "DAY")
    assert texts(table, "NAME") == ["Peña"]
    assert texts(table, "DAY") == ["1"]
    assert table.warnings == ()


def test_windows_text_is_read_with_a_warning_that_names_the_line():
    table = table_in("NAME\nAlder\nPeña\u2019s\n".encode("cp1252"))

    assert texts(table, "NAME") == ["Alder", "Peña\u2019s"]
    assert "line 3" in table.warnings[0]
    assert "Windows-1252" in table.warnings[0]


def test_a_semicolon_inside_quotation_marks_separates_nothing():
    table = table_in(b'"NAME;A;B;C",DAY\nAlder,1\n')

    assert table.headers == ("NAME;A;B;C", "DAY")


def test_one_column_is_a_table_too():
    assert texts(table_in(b"NAME\nAlder\nBirch\n"), "NAME") == ["Alder", "Birch"]


def test_line_ends_inside_quotation_marks_belong_to_the_value():
    table = table_in(b'NAME,DAY\n"Alder\nCounty",1\nBirch,2\n')

    assert texts(table, "NAME") == ["Alder\nCounty", "Birch"]
    assert [row.number for row in table.rows] == [2, 3]


def test_doubled_quotation_marks_are_one():
    assert texts(table_in(b'NAME\n"the ""Alder"""\n'), "NAME") == ['the "Alder"']


def test_a_short_row_has_blank_cells_and_a_long_one_is_refused():
    table = table_in(b"NAME,DAY\nAlder\nBirch,1,,\nCedar, Inc.,1,2\nDogwood,2\n")

    assert [row.fault is None for row in table.rows] == [True, True, False, True]
    assert "4 values for 2 columns" in str(table.rows[2].fault)
    assert texts(table, "NAME")[0] == "Alder"


def test_a_nul_stays_in_its_cell_for_the_reader_to_refuse():
    table = table_in(b"NAME,DAY\nAl\0der,1\n" + b"Birch,2\n" * 100)

    assert texts(table, "NAME")[0] == "Al\0der"
    assert len(table.rows) == 101


def test_a_long_value_is_refused_and_the_rest_is_read():
    table = table_in(b"NAME,DAY\n" + b"x" * 40_000 + b",1\nBirch,2\n")

    assert "longer than 32,767" in str(table.rows[0].cells["NAME"].fault)
    assert texts(table, "NAME")[1] == "Birch"


def test_an_endless_value_is_refused_and_the_rest_is_read():
    table = table_in(b"NAME,DAY\nAlder,1\n" + b"x" * 400_000 + b",1\nBirch,2\n")

    assert [row.number for row in table.rows] == [2, 3, 4]
    assert "longer than 32,767" in str(table.rows[1].fault)
    assert texts(table, "NAME")[2] == "Birch"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'NAME,DAY\nAlder,1\n"Birch,2\nCedar,3\n', "Row 3 (line 3)"),
        (b'NAME,DAY\n"Alder" x,1\n', "Row 2 (line 2)"),
        (b'NAME,DAY\n"Alder,1\n' + b"Birch,2\n" * 40_000, "Row 2 (line 2)"),
        (b"NAME,DAY,Name\nAlder,1,2\n", "Columns A and C are both called “Name”"),
        (b",".join(b"c%d" % n for n in range(10_000)), "10,000 columns"),
        (b"x" * 400_000, "Row 1, where the names"),
        (b"NAME\n" + bytes(range(256)) * 20, "not text"),
        (b"\x00\x01\x02\x03" * 400, "not text"),
        (b"\x00\x00\x02\x03" * 400, "not text"),
        (codecs.BOM_UTF8 + b"NAME\n\xff\n", "not text"),
        (codecs.BOM_UTF16_LE + b"N\0A\0\n\0\0\xd8\n\0", "not text"),
        (b"NAME\n\x81\n", "not text"),
        (b"\n \n,,\n", "is empty"),
    ],
)
def test_text_that_is_no_list_is_refused_in_words(data, words):
    assert words in refusal(data)


def test_a_header_alone_is_no_error():
    assert table_in(b"NAME,DAY\n").warnings == ("The file has a header but no rows.",)


def test_more_rows_than_a_list_can_have_are_refused():
    data = b"NAME\n" + b"Alder\n" * 6

    assert LIMITS.rows == 200_000
    assert len(table_in(data[:-6], limits=replace(LIMITS, rows=5)).rows) == 5
    with pytest.raises(Unreadable, match=r"more than 5 rows\. Split it"):
        table_in(data, limits=replace(LIMITS, rows=5))


def test_a_column_without_a_name_is_left_out():
    table = table_in(b"NAME,,DAY\nAlder,,1\nBirch,x,2\n")

    assert table.headers == ("NAME", "DAY")
    assert texts(table, "DAY") == ["1", "2"]


@pytest.mark.parametrize("name", ["windows-semicolons.csv", "utf8-commas.csv"])
def test_saved_examples_are_read(name):
    table = read_table(FIXTURES / name)

    assert "Agency" in table.headers
    assert texts(table, "Agency")[0].startswith("Alder County Sheriff")
