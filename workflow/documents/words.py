"""Texts and Word documents as bare words, without authors, deleted lines, macros or links."""

from __future__ import annotations

import io
import sys
import unicodedata
import zipfile
from typing import Final
from xml.etree import ElementTree

from workflow.documents.confined import MEGABYTE, Unfit, run
from workflow.documents.kinds import as_text

#: Of an archive: files in it, and bytes when unpacked, as it says itself and as it is found to be.
MOST_ENTRIES: Final = 2_000
MOST_UNPACKED: Final = 200 * MEGABYTE
LARGEST_PART: Final = 40 * MEGABYTE
#: How often smaller than unpacked a part may be; words are packed to about a tenth.
TIGHTEST: Final = 200

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ARCHIVES: Final = (".zip", ".rar", ".7z", ".gz", ".docx", ".docm", ".jar")
_MACROS: Final = ("vbaproject.bin", "vbadata.xml")
_ENCRYPTED: Final = 0x1


def bare_words(content: bytes) -> bytes:
    """The words of a Word document or a text, as UTF-8. Raises `Unfit`."""
    words = _of_word(content) if content.startswith(b"PK") else as_text(content)
    if words is None:
        raise Unfit("damaged")
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn"))
    return seen.encode()


def _of_word(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _look_through(packed.infolist())
            return _read(_unpacked(packed, "word/document.xml"))
    except KeyError:
        raise Unfit("other_archive") from None
    except (zipfile.BadZipFile, ElementTree.ParseError, NotImplementedError, EOFError, OSError, ValueError):
        raise Unfit("damaged") from None


def _look_through(parts: list[zipfile.ZipInfo]) -> None:
    """The table of contents of an archive, before anything is unpacked."""
    if len(parts) > MOST_ENTRIES or sum(p.file_size for p in parts) > MOST_UNPACKED:
        raise Unfit("bomb")
    names = [p.filename.lower() for p in parts]
    if "word/document.xml" not in names or "[content_types].xml" not in names:
        raise Unfit("other_archive")
    for part, name in zip(parts, names, strict=True):
        if part.flag_bits & _ENCRYPTED:
            raise Unfit("encrypted")
        if part.file_size > MEGABYTE and part.file_size > TIGHTEST * max(part.compress_size, 1):
            raise Unfit("bomb")
        if name.startswith(("/", "\\")) or ".." in name or ":" in name:
            raise Unfit("other_archive")
        if name.rsplit("/", 1)[-1] in _MACROS:
            raise Unfit("macros")
        if name.endswith(_ARCHIVES):
            raise Unfit("nested")


def _unpacked(packed: zipfile.ZipFile, name: str) -> bytes:
    """One part, never more of it than allowed, whatever the table of contents says."""
    with packed.open(name) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Unfit("bomb")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unfit("damaged")
    return content


def _read(document: bytes) -> str:
    """Paragraphs as lines; deleted text is left out, as it is when the document is printed."""
    words: list[str] = []
    deleted = 0
    # Of a part without a DOCTYPE, in a process that is bounded: nothing of it can refer to anything.
    for moment, element in ElementTree.iterparse(io.BytesIO(document), ("start", "end")):  # noqa: S314
        tag = element.tag
        if tag in (f"{_W}del", f"{_W}moveFrom"):
            deleted += 1 if moment == "start" else -1
        elif moment == "end" and not deleted:
            if tag == f"{_W}t":
                words.append(element.text or "")
            elif tag == f"{_W}tab":
                words.append("\t")
            elif tag in (f"{_W}br", f"{_W}cr", f"{_W}p"):
                words.append("\n")
        if moment == "end" and tag == f"{_W}p":
            element.clear()
    return "".join(words)


if __name__ == "__main__":
    sys.exit(run(bare_words))
