"""Which files are taken, how each is told by its content, and how large it may be. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import filetype

from workflow.engine.machine import Refusal, Refused

MEGABYTE: Final = 1024 * 1024
#: As large as mail lets an attachment be; a photograph has 3 to 15, a scanned letter of ten pages about 5.
LARGEST: Final = 25 * MEGABYTE
#: Of one request with files, all of them together; nginx has to let as much through.
REQUEST_MEGABYTES: Final = 60
#: Files in one request, waiting for one holder, and in one case: more than anybody has sent us on paper.
AT_ONCE: Final = 10
STAGED: Final = 20
IN_A_CASE: Final = 200
#: Bytes that say what a file is; text is looked at as a whole.
HEAD: Final = 8192


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of file. `copy` is the sort of its safe copy, None where none can be made."""

    code: str
    label: str
    mime: str
    endings: tuple[str, ...]
    copy: str | None = None


PDF: Final = Kind("pdf", "PDF", "application/pdf", ("pdf",), copy="pdf")
JPEG: Final = Kind("jpg", "JPEG picture", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), copy="jpg")
PNG: Final = Kind("png", "PNG picture", "image/png", ("png",), copy="png")
WEBP: Final = Kind("webp", "WebP picture", "image/webp", ("webp",), copy="png")
TEXT: Final = Kind("txt", "plain text", "text/plain", ("txt",), copy="txt")
WORD: Final = Kind(
    "docx",
    "Word document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ("docx",),
    copy="txt",
)
MP3: Final = Kind("mp3", "MP3 recording", "audio/mpeg", ("mp3",))
WAV: Final = Kind("wav", "WAV recording", "audio/wav", ("wav",))
M4A: Final = Kind("m4a", "M4A recording", "audio/mp4", ("m4a",))
MP4: Final = Kind("mp4", "MP4 video", "video/mp4", ("mp4", "m4v"))
MOV: Final = Kind("mov", "QuickTime video", "video/quicktime", ("mov",))

KINDS: Final = {k.code: k for k in (PDF, JPEG, PNG, WEBP, TEXT, WORD, MP3, WAV, M4A, MP4, MOV)}
#: The endings, for the file dialogue. Telephones that photograph in HEIC then hand over a JPEG by themselves.
ACCEPTED: Final = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings)
TAKEN: Final = "PDF, JPEG, PNG or WebP pictures, plain text, Word (.docx), MP3, M4A, WAV, MP4 and MOV"
#: For a page that takes files: which, and how much in one go.
LIMITS: Final[Mapping[str, str | int]] = MappingProxyType(
    {
        "accepted": ACCEPTED,
        "taken": TAKEN,
        "largest": LARGEST // MEGABYTE,
        "together": REQUEST_MEGABYTES,
        "at_once": AT_ONCE,
    }
)

_BY_ENDING: Final = {ending: kind for kind in KINDS.values() for ending in kind.endings}
#: Recordings share one container and differ in what they hold; their ending is believed among themselves.
_FILM: Final = frozenset({M4A, MP4, MOV})
_STILL: Final = frozenset({b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_HEIC: Final = (
    "Pictures in the form HEIC or AVIF cannot be opened here yet. Save it as JPEG and add it again; on an "
    "iPhone, Settings, Camera, Formats, “Most Compatible”."
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"mime-version:")


def told_apart(content: bytes, ending: str) -> Kind:
    """The kind of a file by its content; `ending` is what its name says, without the dot, or nothing.

    Raises `Refused` in words for what is not taken, and for a name that says something else.
    """
    if not content:
        raise Refused(Refusal("empty", "This file is empty.", "files"))
    if ending and ending not in _BY_ENDING and ending not in ("heic", "heif", "avif"):
        raise Refused(Refusal("ending", f"Files of the sort .{ending[:10]} are not taken: {TAKEN}.", "files"))
    found = _kind_of(content[:HEAD], content)
    named = _BY_ENDING.get(ending)
    if found is None:
        raise Refused(Refusal("unknown", f"What is in this file is not one of {TAKEN}.", "files"))
    if named is not None and found is not named:
        if {found, named} <= _FILM:
            return named
        said = f"Its name ends in .{ending}, and it holds something else ({found.label})."
        raise Refused(Refusal("mismatch", f"{said} Save it again as what it is.", "files"))
    return found


def _kind_of(head: bytes, content: bytes) -> Kind | None:
    if head[4:8] == b"ftyp" and head[8:12] in _STILL:
        raise Refused(Refusal("heic", _HEIC, "files"))
    for kind, is_it in _SIGNS:
        if is_it(head):
            return kind
    return TEXT if _is_text(content) else None


def _starts(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signs)


def _guessed(mime: str) -> Callable[[bytes], bool]:
    return lambda head: str(filetype.guess_mime(head) or "") == mime


_SIGNS: Final[tuple[tuple[Kind, Callable[[bytes], bool]], ...]] = (
    (PDF, _starts(b"%PDF-")),
    (JPEG, _starts(b"\xff\xd8\xff")),
    (PNG, _starts(b"\x89PNG\r\n\x1a\n")),
    (WEBP, lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    (WORD, _starts(b"PK\x03\x04")),  # which zip it really is, is looked at when it is opened
    (WAV, lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
    (M4A, lambda head: head[4:8] == b"ftyp" and head[8:11] == b"M4A"),
    (MOV, lambda head: head[4:10] == b"ftypqt"),
    (MP4, lambda head: head[4:8] == b"ftyp"),
    (MP3, _guessed("audio/mpeg")),
)


def _is_text(content: bytes) -> bool:
    """Words and nothing else: no control characters, and no page or picture written in letters."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    text = None if start.startswith(_MARKUP) else as_text(content)
    return text is not None and not any(ord(c) < 32 and c not in "\t\n\r\f" for c in text)


def as_text(content: bytes) -> str | None:
    """The words of a text file: UTF-8, UTF-16 with its mark, or what Windows wrote; None for none of them."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
