"""Makes small workbooks of made-up agencies, and spoils them part by part."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ("STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA", "ADDENDUM")
OLD_HEADER = ("STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE", "SIGNED", "MOA")

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook(rows: Iterable[Sequence[Any]], *, links: Mapping[str, str] | None = None) -> bytes:
    """A workbook of one sheet; `links` are hyperlinks by cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place, target in (links or {}).items():
        sheet[place].hyperlink = target
    return saved(book)


def spoiled(data: bytes, **changes: bytes | Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed or added; `SHEET` and such are passed as `**{SHEET: …}`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in [*names, *(name for name in changes if name not in names)]:
            part = old.read(name) if name in names else b""
            change = changes.get(name, part)
            new.writestr(name, change(part) if callable(change) else change)
    return buffer.getvalue()


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        assert old in part, part[:2000]
        return part.replace(old, new)

    return change


def with_shared_strings(data: bytes) -> bytes:
    """The same workbook with its texts in a table of their own, as spreadsheet programs save them."""
    texts: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b't="s"><v>%d</v></c>' % (len(texts) - 1)

    def sheet(part: bytes) -> bytes:
        return re.sub(rb't="inlineStr"><is>(.*?)</is></c>', shared, part)

    data = spoiled(data, **{SHEET: sheet})
    kind = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
        b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    strings = b"".join(b"<si>%s</si>" % text for text in texts)
    changes: dict[str, bytes | Callable[[bytes], bytes]] = {
        "[Content_Types].xml": replaced(b"</Types>", kind),
        "xl/sharedStrings.xml": b'<sst xmlns="%s">%s</sst>' % (_MAIN, strings),
    }
    return spoiled(data, **changes)
