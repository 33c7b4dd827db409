"""Looks into a workbook (.xlsx) before any library parses it: bombs, entities, macros; sheets and hyperlinks.

Reads no cell's value: that is `xlsx`. A workbook is a zip archive of XML parts; nothing is unpacked to disk.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from workflow.register.cells import Limits, Unreadable

_BROKEN: Final = "The workbook is damaged. Open it in a spreadsheet program and save it again as .xlsx."
_AGAIN: Final = "Open it in a spreadsheet program and save it as “Excel Workbook (.xlsx)”."
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
#: How an XML part can begin, with or without a byte-order mark.
_XML_STARTS: Final = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")

OnElement = Callable[[str, Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet as the workbook announces it. `hyperlinks` are keyed by row and column, from 1."""

    name: str
    hidden: bool
    hyperlinks: Mapping[tuple[int, int], str]


def sheets_of(data: bytes, limits: Limits) -> tuple[SheetPart, ...]:
    """The workbook's sheets in order. Raises `Unreadable` for whatever should not be handed to a parser."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Package(archive, limits).sheets()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, KeyError) as error:
        raise Unreadable(_BROKEN) from error
    except (ValueError, RuntimeError, OverflowError) as error:
        raise Unreadable(_BROKEN) from error


@dataclass(slots=True)
class _Sheet:
    """What is gathered while one sheet's part is scanned."""

    limits: Limits
    links: list[tuple[str, str]] = field(default_factory=list)
    cells: int = 0

    def see(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self.cells += 1
            if self.cells > self.limits.cells:
                raise Unreadable(f"A sheet has more than {self.limits.cells:,} cells. Split it into parts.")
            if "r" in attributes:
                _place(attributes["r"])
        elif name == "row" and not 1 <= int(attributes.get("r", 1)) <= _MOST_ROWS:
            raise Unreadable(_BROKEN)
        elif name == "hyperlink" and "id" in attributes and len(self.links) < self.limits.rows:
            self.links.append((attributes.get("ref", ""), attributes["id"]))


class _Package:
    """One archive, looked through once."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.archive = archive
        self.limits = limits

    def sheets(self) -> tuple[SheetPart, ...]:
        self._weigh()
        workbook = self._workbook()
        parts = self._announced(workbook)
        scanned = {path: _Sheet(self.limits) for _, _, path in parts}
        for entry in self.archive.infolist():
            if not self._is_xml(entry):
                continue
            sheet = scanned.get(entry.filename)
            self._scan(entry.filename, sheet.see if sheet else _ignore, strict=sheet is not None)
        return tuple(
            SheetPart(name, state in {"hidden", "veryHidden"}, self._hyperlinks(path, scanned[path]))
            for name, state, path in parts
        )

    def _weigh(self) -> None:
        """Refuse bombs by what the archive's directory says; unpacking never yields more than it says."""
        entries = self.archive.infolist()
        if len(entries) > self.limits.parts:
            raise Unreadable(f"The workbook has {len(entries):,} parts, far too many for a list. {_AGAIN}")
        if len({entry.filename for entry in entries}) < len(entries):
            raise Unreadable(_BROKEN)
        if sum(entry.file_size for entry in entries) > self.limits.unpacked_bytes:
            raise Unreadable(
                f"Unpacked, the workbook would be larger than {self.limits.unpacked_bytes // 1_000_000} MB. "
                "Keep only the sheet that is needed, or split it."
            )
        for entry in entries:
            if entry.flag_bits & 1:
                raise Unreadable(
                    "The workbook is protected by a password. Remove the password and try again."
                )
            if entry.file_size > self.limits.large_part and entry.file_size > self.limits.ratio * max(
                entry.compress_size, 1
            ):
                raise Unreadable(
                    f"The workbook unpacks to over {self.limits.ratio} times its size: an attack? {_AGAIN}"
                )

    def _is_xml(self, entry: zipfile.ZipInfo) -> bool:
        if entry.is_dir() or not entry.file_size:
            return False
        with self.archive.open(entry) as part:
            return part.read(64).lstrip().startswith(_XML_STARTS)

    def _scan(self, path: str, see: OnElement, *, strict: bool = True) -> None:
        """Show every element of a part to `see`; refuse document types and with them every entity."""
        parser = expat.ParserCreate(namespace_separator=" ")

        def element(name: str, attributes: Mapping[str, str]) -> None:
            see(_local(name), {_local(key): value for key, value in attributes.items()})

        parser.StartElementHandler = element
        parser.StartDoctypeDeclHandler = _refuse_document_type
        try:
            with self.archive.open(path) as part:
                while chunk := part.read(1 << 16):
                    parser.Parse(chunk, False)
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            if strict:
                raise Unreadable(_BROKEN) from error

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Type and target of each relation of a part, by its key."""
        folder, name = posixpath.split(path)
        relations: dict[str, tuple[str, str]] = {}

        def see(element: str, attributes: Mapping[str, str]) -> None:
            if element == "Relationship":
                target = attributes["Target"]
                if attributes.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                relations[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

        beside = posixpath.join(folder, "_rels", f"{name}.rels")
        if beside in self.archive.namelist():
            self._scan(beside, see)
        return relations

    def _workbook(self) -> str:
        """The path of the workbook's main part; refuses what only looks like a workbook."""
        names = set(self.archive.namelist())
        if "mimetype" in names:
            raise Unreadable(f"This is an OpenDocument file (.ods), whatever its name says. {_AGAIN}")
        if any(name.endswith("vbaProject.bin") for name in names):
            raise Unreadable(f"The workbook contains macros (.xlsm), whatever its name says. {_AGAIN}")
        main = [path for kind, path in self._relations("").values() if kind == "officeDocument"]
        if any(path.endswith(".bin") for path in main):
            raise Unreadable(f"This is a binary workbook (.xlsb). {_AGAIN}")
        if "[Content_Types].xml" not in names or not main or main[0] not in names:
            raise Unreadable(f"This is a zip archive, not a workbook. {_AGAIN}")
        self._scan("[Content_Types].xml", _refuse_macros)
        return main[0]

    def _announced(self, workbook: str) -> list[tuple[str, str, str]]:
        """Name, state and path of each worksheet, in the workbook's order."""
        listed: list[tuple[str, str, str]] = []
        root: list[str] = []

        def see(element: str, attributes: Mapping[str, str]) -> None:
            if not root:
                root.append(element)
            if element == "sheet":
                listed.append((attributes["name"], attributes.get("state", "visible"), attributes["id"]))

        self._scan(workbook, see)
        if root != ["workbook"]:
            raise Unreadable(f"This is an office document, but not a workbook. {_AGAIN}")
        relations = self._relations(workbook)
        return [
            (name, state, relations[key][1])
            for name, state, key in listed
            if key in relations and relations[key][0] == "worksheet"
        ]

    def _hyperlinks(self, path: str, sheet: _Sheet) -> dict[tuple[int, int], str]:
        if not sheet.links:
            return {}
        relations = self._relations(path)
        links: dict[tuple[int, int], str] = {}
        for reference, key in sheet.links:
            kind, target = relations.get(key, ("", ""))
            if kind == "hyperlink" and len(links) < self.limits.rows:
                for place in _places(reference, self.limits.rows):
                    links[place] = target
        return links


def _ignore(_name: str, _attributes: Mapping[str, str]) -> None:
    """Only the document type of such a part matters."""


def _refuse_document_type(*_: object) -> None:
    raise Unreadable(f"The workbook declares a document type, as an attack would (XML entities). {_AGAIN}")


def _refuse_macros(_element: str, attributes: Mapping[str, str]) -> None:
    kind = attributes.get("ContentType", "")
    if "macroEnabled" in kind:
        raise Unreadable(f"The workbook is of the kind that holds macros (.xlsm). {_AGAIN}")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _place(reference: str) -> tuple[int, int]:
    """Row and column of "B3", from 1. Raises `Unreadable` for a place no sheet has."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", reference)
    if found is None:
        raise Unreadable(_BROKEN)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if column > _MOST_COLUMNS or int(found[2]) > _MOST_ROWS:
        raise Unreadable(_BROKEN)
    return int(found[2]), column


def _places(reference: str, most: int) -> list[tuple[int, int]]:
    """Every place in "G2" or "G2:G9"; none for a range of more than `most` places."""
    first, _, last = reference.partition(":")
    top, left = _place(first)
    bottom, right = _place(last) if last else (top, left)
    if (bottom - top + 1) * (right - left + 1) > most:
        return []
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
