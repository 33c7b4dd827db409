"""Reads a list, whatever it is saved as, into a table. Tells file kinds apart; knows nothing of agreements.

A file is known by its content, never by its name: lists arrive under wrong names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from workflow.register.cells import LIMITS, Cell, Limits, Row, Table, Unreadable
from workflow.register.delimited import read_delimited
from workflow.register.xlsx import read_xlsx

__all__ = ["LIMITS", "Cell", "Limits", "Row", "Table", "Unreadable", "read_table", "table_in"]

_SAVE: Final = "Open it in a spreadsheet program and save it as .xlsx or as “CSV UTF-8”."
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS: Final = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7z)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\0", "a database"),
)


def read_table(path: Path, *, limits: Limits = LIMITS) -> Table:
    """The table in the file. Raises `Unreadable` with a sentence that says what to do."""
    try:
        if not path.is_file():
            raise Unreadable(f"There is no file “{path.name}” in that place.")
        if path.stat().st_size > limits.file_bytes:
            raise Unreadable(_too_large(limits))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise Unreadable(f"The file “{path.name}” can not be opened. Check who may read it.") from error
    return table_in(data, limits=limits)


def table_in(data: bytes, *, limits: Limits = LIMITS) -> Table:
    """The table in a file's bytes. Raises `Unreadable` with a sentence that says what to do."""
    if len(data) > limits.file_bytes:
        raise Unreadable(_too_large(limits))
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("The file is empty.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return read_xlsx(data, limits)
    if data.startswith(_OLE):
        raise Unreadable(_old_or_locked(data))
    for mark, kind in _OTHER_KINDS:
        if data.startswith(mark):
            raise Unreadable(f"The file is {kind}, not a list. {_SAVE}")
    _refuse_markup(data)
    return read_delimited(data, limits)


def _too_large(limits: Limits) -> str:
    return (
        f"The file is larger than {limits.file_bytes // 1_000_000} MB. Split it and import the parts in turn."
    )


def _old_or_locked(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "The workbook is protected by a password. Remove the password and try again."
    return f"The file is an old workbook (.xls) or another old office document. {_SAVE}"


def _refuse_markup(data: bytes) -> None:
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<!--")):
        raise Unreadable(f"The file is a web page, whatever its name says. {_SAVE}")
    if head.startswith((b"<?xml", b"<")):
        raise Unreadable(f"The file is XML, not a list in columns. {_SAVE}")
    if head.startswith((b"{", b"[")):
        raise Unreadable(f"The file looks like JSON, not a list in columns. {_SAVE}")
