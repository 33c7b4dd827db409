"""Lists nobody should import: each ends in words, what is taken can be shown, and the rest says why.

Texts stand in `tests/data/bad/lists.json`; workbooks are made here. How a sheet is read is tested in
`tests/register`; here it is what the import of complaints makes of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from tests import bad
from tests.cast import RUTH
from tests.complaints.inside import SignIn, how_many
from tests.register.workbooks import SHEET, replaced, saved, spoiled, workbook
from workflow.complaints.history.commands import import_complaints_command
from workflow.complaints.models import Complaint
from workflow.db.session import session

MAPPING = (
    "[source]\nname='x'\nzone='UTC'\n[columns]\nreference='Number'\nreceived_at='Came in'\nnarrative='Told'\n"
)
DAY = date(2024, 1, 2)
HEADER = ["Number", "Came in", "Told"]
LIST = workbook([HEADER, ["T-1", DAY, "They laughed."]])
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

Bring = Callable[[bytes, str], Result]


@pytest.fixture
def bring(ctx: Flask, tmp_path: Path) -> Bring:
    """The command on a file of this content and name, on a day in June 2026."""
    ctx.extensions["clock"].now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    (tmp_path / "mapping.toml").write_text(MAPPING)

    def run(content: bytes, name: str) -> Result:
        session().rollback()
        (tmp_path / name).write_bytes(content)
        given = [tmp_path / name, "--mapping", tmp_path / "mapping.toml", "--json"]
        more = ["--refused", tmp_path / "refused.csv"]
        result = ctx.test_cli_runner().invoke(import_complaints_command, [str(a) for a in given + more])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def references() -> list[str]:
    return list(session().scalars(select(Complaint.reference)))


@pytest.mark.parametrize(("encoding", "content", "taken", "refused"), bad.rows("lists"))
def test_a_text_is_read_row_by_row_or_refused_as_a_whole_in_words(
    bring: Bring, sign_in: SignIn, encoding: str, content: str, taken: int | None, refused: int
):
    result = bring(content.encode(encoding), "list.csv")

    if taken is None:
        assert (result.exit_code, how_many()) == (2, 0)
        assert result.stderr.strip().endswith(".")
        return
    report = json.loads(result.stdout)
    assert (report["created"], len(report["refused"])) == (taken, refused), report["refused"]
    assert all(row["reason"] for row in report["refused"])
    assert result.exit_code == (1 if refused else 0)
    browser = sign_in(RUTH)
    for reference in references():
        assert browser.get(f"/complaints/{reference}").status_code == 200


def test_a_broken_file_is_taken_again_once_it_is_put_right(bring: Bring):
    bring(b"Number,Came in,Told\nT-1,2025-02-29,a\nT-2,2024-01-02,a\n", "list.csv")

    report = json.loads(
        bring(b"Number,Came in,Told\nT-1,2025-02-28,a\nT-2,2024-01-02,a\n", "list.csv").stdout
    )

    assert (report["created"], report["unchanged"], report["refused"]) == (1, 1, [])


def hidden(state: str) -> bytes:
    """A list beside a sheet that nobody sees."""
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER)
    book.active.append(["T-1", DAY, "They laughed."])
    secret = book.create_sheet("secret")
    secret.append(HEADER)
    secret.append(["T-2", DAY, "Behind the list"])
    secret.sheet_state = state
    return saved(book)


def in_the_last_corner() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER)
    book.active.append(["T-1", DAY, "They laughed."])
    book.active["XFD1048576"] = "far away"
    return saved(book)


#: A workbook, its name, and how many complaints it brings; None where it is refused as a whole.
WORKBOOKS: dict[str, tuple[bytes, str, int | None]] = {
    "plain": (LIST, "list.xlsx", 1),
    "called CSV": (LIST, "list.csv", 1),
    "a hidden sheet": (hidden("hidden"), "list.xlsx", 1),
    "a very hidden sheet": (hidden("veryHidden"), "list.xlsx", 1),
    "a value in the last corner": (in_the_last_corner(), "list.xlsx", 1),
    "a formula for a number": (workbook([HEADER, ["=1+1", DAY, "a"]]), "list.xlsx", 0),
    "a serial for a day": (workbook([HEADER, ["T-1", 45292, "a"]]), "list.xlsx", 0),
    "a truth for a day": (workbook([HEADER, ["T-1", True, "a"]]), "list.xlsx", 0),
    "columns of one name": (workbook([["Number", "number", "Came in", "Told"]]), "list.xlsx", None),
    "macros under another name": (spoiled(LIST, **{"xl/vbaProject.bin": b"x"}), "list.xlsx", None),
    "another file inside": (spoiled(LIST, **{SHEET: OUTSIDE + b"<x>&a;</x>"}), "list.xlsx", None),
    "a bomb": (
        spoiled(LIST, **{SHEET: replaced(b"<sheetData>", b"<sheetData>" + b" " * 30_000_000)}),
        "list.xlsx",
        None,
    ),
    "cut off": (LIST[: len(LIST) // 2], "list.xlsx", None),
    "an archive of nothing": (b"PK\x05\x06" + b"\0" * 18, "list.xlsx", None),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "list.xls", None),
    "nothing": (b"", "list.xlsx", None),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_read_row_by_row_or_refused_as_a_whole_in_words(bring: Bring, name: str):
    content, called, taken = WORKBOOKS[name]

    result = bring(content, called)

    assert how_many() == (taken or 0), result.output
    assert "Behind the list" not in result.output
    assert "root:" not in result.output
    if taken is None:
        assert result.exit_code == 2
        assert result.stderr.strip().endswith(".")
    else:
        report: dict[str, Any] = json.loads(result.stdout)
        assert result.exit_code == (1 if report["refused"] else 0)
        assert all(row["reason"] for row in report["refused"])


def test_refused_rows_are_written_out_without_a_formula_in_them(bring: Bring, tmp_path: Path):
    bring(b"Number,Came in,Told\n\"=cmd|' /C calc'!A0\",soon,@SUM(A1)\n", "list.csv")

    written = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    assert "calc" in written
    assert not [cell for cell in written.replace("\n", ",").split(",") if cell.strip('"')[:1] in ("=", "@")]
