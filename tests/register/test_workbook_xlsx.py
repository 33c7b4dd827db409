from __future__ import annotations

import io
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from tests.register.workbooks import SHEET, replaced, saved, spoiled, with_shared_strings, workbook
from workflow.register.workbook import LIMITS, Table, Unreadable, read_table, table_in

INLINE = workbook([["NAME", "DAY"], ["Alder", datetime(2025, 2, 26)], ["Birch", datetime(2025, 3, 1)]])  # noqa: DTZ001
SIMPLE = with_shared_strings(INLINE)


def column(table: Table, name: str) -> list[Any]:
    return [row.cells[name].value if name in row.cells else None for row in table.rows]


def refusal(data: bytes, **limits: Any) -> str:
    with pytest.raises(Unreadable) as caught:
        table_in(data, limits=replace(LIMITS, **limits))
    return caught.value.sentence


# --- what is read ------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [INLINE, SIMPLE])
def test_values_dates_and_row_numbers_are_read(data):
    table = table_in(data)

    assert column(table, "NAME") == ["Alder", "Birch"]

    assert table.headers == ("NAME", "DAY")
    assert column(table, "DAY") == [datetime(2025, 2, 26), datetime(2025, 3, 1)]  # noqa: DTZ001
    assert [row.number for row in table.rows] == [2, 3]
    assert table.sheet == "Sheet"
    assert table.warnings == ()


def test_a_file_is_known_by_its_content_not_its_name(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(SIMPLE)

    assert column(read_table(path), "NAME") == ["Alder", "Birch"]


def test_hyperlinks_are_read_also_over_a_range():
    data = workbook(
        [["NAME", "MOA"], ["Alder", "link"], ["Birch", "link"], ["Cedar", "link"]],
        links={"B2": "https://example.gov/alder.pdf", "B3": "https://example.gov/rest.pdf"},
    )
    data = spoiled(data, **{SHEET: replaced(b'ref="B3"', b'ref="B3:B4"')})

    table = table_in(data)

    assert [row.cells["MOA"].hyperlink for row in table.rows] == [
        "https://example.gov/alder.pdf",
        "https://example.gov/rest.pdf",
        "https://example.gov/rest.pdf",
    ]


def test_a_link_inside_the_workbook_is_no_hyperlink():
    data = workbook([["NAME"], ["Alder"]], links={"A2": "https://example.gov/"})
    data = spoiled(data, **{SHEET: replaced(b"r:id=", b"location=")})

    assert table_in(data).rows[0].cells["NAME"].hyperlink is None


def test_dates_of_the_1904_system_are_converted():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(["DAY"])
    book.active.append([datetime(2025, 2, 26)])  # noqa: DTZ001
    data = saved(book)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"date1904" in archive.read("xl/workbook.xml")
    assert column(table_in(data), "DAY") == [datetime(2025, 2, 26)]  # noqa: DTZ001


def test_numbers_and_truth_are_shown_as_people_type_them():
    table = table_in(workbook([["A", "B", "C"], [5.0, 2.5, True]]))

    assert [cell.text for cell in table.rows[0].cells.values()] == ["5", "2.5", "TRUE"]


def test_escaped_characters_are_characters():
    table = table_in(workbook([["NAME"], ["Alder_x000D_ County"]]))

    assert column(table, "NAME") == ["Alder\r County"]


def test_blank_rows_and_columns_are_skipped_and_rows_keep_their_numbers():
    table = table_in(
        workbook([[], ["NAME", None, "DAY"], [], ["Alder", None, 1], [None, " ", None], ["Birch"]])
    )

    assert table.headers == ("NAME", "DAY")
    assert [row.number for row in table.rows] == [4, 6]


def test_a_note_beside_the_table_is_left_out_with_a_warning():
    table = table_in(workbook([["NAME"], ["Alder"], ["Birch", None, "call them"]]))

    assert len(table.rows) == 2
    assert table.warnings == ("Column C has values (first in row 3) but no name: left out.",)


def test_the_first_visible_sheet_with_values_is_read():
    book = Workbook()
    book.active.title = "Old"
    book.active.append(["NAME"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Blank")
    book.create_sheet("List").append(["AGENCY"])
    book.create_sheet("Notes").append(["x"])
    book.active = 2

    table = table_in(saved(book))

    assert (table.sheet, table.headers) == ("List", ("AGENCY",))
    assert table.warnings == (
        "Sheet “Old” is hidden; it was left out.",
        "Only sheet “List” was read, not “Notes”.",
        "The file has a header but no rows.",
    )


def test_a_sheet_that_claims_to_be_endless_is_read_at_once():
    data = spoiled(SIMPLE, **{SHEET: replaced(b'ref="A1:B3"', b'ref="A1:XFD1048576"')})
    assert len(data) < 10_000
    tracemalloc.start()

    table = table_in(data)

    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    assert len(table.rows) == 2


def test_a_value_in_the_last_corner_of_a_sheet_does_no_harm():
    book = Workbook()
    assert book.active is not None
    book.active.append(["NAME"])
    book.active["XFD1048576"] = "far"
    data = saved(book)
    tracemalloc.start()

    table = table_in(data)

    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    assert table.rows[0].number == 1_048_576
    assert "Column XFD" in table.warnings[0]


def test_a_header_alone_is_no_error():
    table = table_in(workbook([["NAME", "DAY"]]))

    assert table.rows == ()
    assert table.warnings == ("The file has a header but no rows.",)


# --- cells that are not taken ------------------------------------------------------------------


def test_formulas_are_never_values():
    book = Workbook()
    assert book.active is not None
    book.active.append(["A", "B", "C"])
    book.active.append(["=1+1", '=HYPERLINK("https://example.gov","link")', "'=text"])
    book.active["C3"] = ArrayFormula("C3", "=SUM(A1:A2)")

    rows = table_in(saved(book)).rows

    assert "formula" in str(rows[0].cells["A"].fault)
    assert rows[0].cells["A"].value == "=1+1"
    assert "formula" in str(rows[0].cells["B"].fault)
    assert rows[0].cells["C"].fault is None
    assert "formula" in str(rows[1].cells["C"].fault)


def test_a_text_that_begins_like_a_formula_is_text():
    book = Workbook()
    assert book.active is not None
    book.active.append(["A"])
    book.active.append(["=1+1"])
    book.active["A2"].data_type = "s"

    assert table_in(saved(book)).rows[0].cells["A"].fault is None


def test_an_error_is_no_value_but_not_available_is():
    book = Workbook()
    assert book.active is not None
    book.active.append(["A", "B"])
    book.active.append(["#REF!", "#N/A"])

    cells = table_in(saved(book)).rows[0].cells

    assert "error" in str(cells["A"].fault)
    assert (cells["B"].value, cells["B"].fault) == ("#N/A", None)


def test_a_date_outside_the_calendar_is_no_value():
    data = spoiled(SIMPLE, **{SHEET: replaced(b"<v>45714</v>", b"<v>99999999</v>")})

    rows = table_in(data).rows

    assert "outside the calendar" in str(rows[0].cells["DAY"].fault)
    assert rows[1].cells["DAY"].fault is None


def test_a_huge_cell_is_refused_and_the_rest_is_read():
    book = Workbook()
    assert book.active is not None
    book.active.append(["NAME"])
    book.active.append(["x"])
    book.active.append(["Birch"])
    data = spoiled(saved(book), **{SHEET: replaced(b"<t>x</t>", b"<t>" + b"x" * 2_000_000 + b"</t>")})

    rows = table_in(data).rows

    assert "longer than 32,767" in str(rows[0].cells["NAME"].fault)
    assert len(str(rows[0].cells["NAME"].value)) == 200
    assert rows[1].cells["NAME"].value == "Birch"


# --- files that are not taken ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"  \r\n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\0" * 500, "is empty"),
        (b"<html><table><tr><td>NAME</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'{"rows": []}', "JSON"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08\0\0", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "old workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (b"PK\x05\x06" + b"\0" * 18, "zip archive, not a workbook"),
        (b"PK\x03\x04 cut off", "damaged"),
        (SIMPLE[: len(SIMPLE) // 2], "damaged"),
        (workbook([]), "is empty"),
        (workbook([[None], [" "]]), "is empty"),
        (workbook([["NAME", "Day", "name"]]), "Columns A and C are both called “name”"),
        (workbook([["NAME", "=1+1"]]), "name of column B is a formula"),
        (workbook([["x"] * 1, [f"c{n}" for n in range(5)]]), None),
        (workbook([[f"c{n}" for n in range(10_000)]]), "10,000 columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data, words):
    if words is None:
        assert table_in(data).headers == ("x",)
        return

    assert words in refusal(data)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path):
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(Unreadable, match="no file"):
            read_table(path)


def test_a_file_too_large_is_not_even_opened(tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(SIMPLE)

    with pytest.raises(Unreadable, match="larger than"):
        read_table(path, limits=replace(LIMITS, file_bytes=1000))
    assert "larger than" in refusal(SIMPLE, file_bytes=1000)


def test_too_many_rows_cells_and_parts_are_refused():
    assert "more than 1 rows" in refusal(SIMPLE, rows=1)
    assert "more than 5 cells" in refusal(SIMPLE, cells=5)
    assert "parts, far too many" in refusal(SIMPLE, parts=3)
    assert "Unpacked, the workbook would be larger" in refusal(SIMPLE, unpacked_bytes=2000)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = spoiled(SIMPLE, **{SHEET: replaced(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)})
    assert len(bomb) < 100_000
    tracemalloc.start()

    sentence = refusal(bomb)

    assert "200 times its size" in sentence
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("prefix", [LAUGHS, OUTSIDE, b"<!DOCTYPE x>"])
@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "docProps/core.xml"]
)
def test_entities_are_refused_in_every_part(part, prefix):
    def changed(old: bytes) -> bytes:
        assert isinstance(prefix, bytes)
        return prefix + old.replace(b"<?xml version='1.0' encoding='UTF-8'?>", b"").lstrip()

    assert "document type" in refusal(spoiled(SIMPLE, **{part: changed}))


def test_entities_are_refused_in_utf_16_too():
    text = OUTSIDE.decode().replace('"1.0"', '"1.0" encoding="UTF-16"') + "<x>&a;</x>"

    assert "document type" in refusal(spoiled(SIMPLE, **{SHEET: text.encode("utf-16")}))


def test_entities_are_refused_under_any_part_name():
    assert "document type" in refusal(spoiled(SIMPLE, **{"xl/media/picture.png": OUTSIDE + b"<x>&a;</x>"}))


def test_macros_are_refused_whatever_the_name():
    kinds = replaced(b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.macroEnabled.main+xml")

    assert "macros" in refusal(spoiled(SIMPLE, **{"xl/vbaProject.bin": b"x"}))
    assert "macros" in refusal(
        spoiled(
            SIMPLE,
            **{
                "[Content_Types].xml": lambda part: kinds(part).replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.macroEnabled",
                    b"application/vnd.ms-excel.sheet.macroEnabled",
                )
            },
        )
    )


def test_other_office_files_are_refused_in_words():
    assert "OpenDocument" in refusal(
        spoiled(SIMPLE, mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
    )
    binary = spoiled(SIMPLE, **{"_rels/.rels": replaced(b"xl/workbook.xml", b"xl/workbook.bin")})
    assert "binary workbook" in refusal(binary)
    document = spoiled(SIMPLE, **{"xl/workbook.xml": b'<document xmlns="x"/>'})
    assert "not a workbook" in refusal(document)


def test_a_hidden_list_is_refused_in_words():
    hidden = spoiled(SIMPLE, **{"xl/workbook.xml": replaced(b'state="visible"', b'state="hidden"')})

    assert "All sheets" in refusal(hidden)


def test_a_locked_archive_is_refused_in_words():
    locked = bytearray(SIMPLE)
    at = SIMPLE.index(b"PK\x01\x02")
    locked[at + 8] |= 1

    assert "password" in refusal(bytes(locked))


def test_the_same_part_twice_is_refused():
    buffer = io.BytesIO(SIMPLE)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")

    assert "damaged" in refusal(buffer.getvalue())


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b't="s"><v>0</v>', b't="s"><v>999</v>'),
        (SHEET, b't="s"><v>0</v>', b't="s"><v>zero</v>'),
        (SHEET, b't="s"><v>0</v>', b't="n"><v>' + b"9" * 5000 + b"</v>"),
        (SHEET, b'r="A1"', b'r="ZZZZ1"'),
        (SHEET, b'r="A1"', b'r="XFE1"'),
        (SHEET, b'r="A1"', b'r="A99999999"'),
        (SHEET, b'<row r="2"', b'<row r="99999999999"'),
        (SHEET, b'<row r="2"', b'<row r="two"'),
        (SHEET, b"</sheetData>", b"</sheetDatum>"),
        (SHEET, b' s="1"', b' s="x"'),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"worksheets/none.xml"),
        ("xl/styles.xml", b"<styleSheet", b"<styleShoot"),
        ("xl/sharedStrings.xml", b"</sst>", b""),
    ],
)
def test_a_workbook_whose_parts_contradict_each_other_is_refused(part, old, new):
    assert "damaged" in refusal(spoiled(SIMPLE, **{part: replaced(old, new)}))


def is_read_or_refused_in_words(data: bytes) -> bool:
    """Anything else than a table or `Unreadable` goes through and fails the test."""
    try:
        table_in(data)
    except Unreadable as unreadable:
        return unreadable.sentence.endswith(".")
    return True


@pytest.mark.parametrize(
    "part",
    [
        SHEET,
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
    ],
)
def test_no_cut_in_any_part_ends_in_anything_but_words(part):
    with zipfile.ZipFile(io.BytesIO(SIMPLE)) as archive:
        whole = archive.read(part)

    for at in range(0, len(whole), max(1, len(whole) // 25)):
        assert is_read_or_refused_in_words(spoiled(SIMPLE, **{part: whole[:at] + whole[at + 7 :]}))


def test_no_changed_byte_ends_in_anything_but_words():
    for at in range(0, len(SIMPLE), 61):
        changed = bytearray(SIMPLE)
        changed[at] ^= 0x55
        assert is_read_or_refused_in_words(bytes(changed))


def test_a_hyperlink_over_a_boundless_range_or_without_address_is_no_hyperlink():
    data = workbook([["NAME"], ["Alder"]], links={"A2": "https://example.gov/"})

    for change in (
        replaced(b'ref="A2"', b'ref="A1:XFD1048576"'),
        replaced(b'r:id="rId1"', b'r:id="rId9"'),
    ):
        assert table_in(spoiled(data, **{SHEET: change})).rows[0].cells["NAME"].hyperlink is None


def test_an_empty_part_does_no_harm():
    assert len(table_in(spoiled(SIMPLE, **{"docProps/note.xml": b""})).rows) == 2


def test_a_file_nobody_may_read_is_refused_in_words():
    with pytest.raises(Unreadable, match="no file"):
        read_table(Path("a\0b.xlsx"))
