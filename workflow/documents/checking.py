"""Looking at a file before anybody opens it: the safe copy made by a confined child, and the virus scanner.

What a file may hold is decided in `pictures`, `papers` and `words`; here is who runs them and what is said.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from workflow.documents.confined import REFUSED, SECONDS
from workflow.documents.kinds import JPEG, PDF, PNG, TEXT, WEBP, WORD, Kind
from workflow.documents.models import CLEAN, UNSCANNED
from workflow.engine.machine import Refusal, Refused

ROOT: Final = Path(__file__).resolve().parents[2]
_OPENERS: Final = {
    JPEG: "workflow.documents.pictures",
    PNG: "workflow.documents.pictures",
    WEBP: "workflow.documents.pictures",
    PDF: "workflow.documents.papers",
    TEXT: "workflow.documents.words",
    WORD: "workflow.documents.words",
}
_WORDS: Final = {
    "damaged": "This file is damaged or not complete: it cannot be opened. Save it again and add it anew.",
    "pixels": "This picture has too many pixels to be opened safely. Save it smaller and add it again.",
    "bomb": "This file unpacks to far more than it should. It is not taken.",
    "encrypted": "This file is locked with a password, so nobody here could read it. Save it without one.",
    "macros": "This Word document holds a programme (macros). Save it as .docx without macros.",
    "nested": "This file holds other archives. Add what is in them one by one.",
    "other_archive": "This is an archive and not a Word document. Add what is in it one by one.",
}
INFECTED: Final = "The virus scanner found something harmful in this file. It was not kept."
#: As many files are opened at once by one process of ours; the others wait, or stay unchecked.
_SEATS: Final = BoundedSemaphore(4)
_PATIENCE: Final = 15
_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at a file. `is_checked` is false when it could not be looked at now."""

    is_checked: bool
    scan: str = UNSCANNED
    copy: bytes | None = None


def look_at(content: bytes, kind: Kind, *, scanner: str = "") -> Looked:
    """Scan a file and make its safe copy. Raises `Refused` in words for one that is not to be kept.

    Where the scanner or the opener cannot do it now, nothing is said about the file: it stays quarantined.
    """
    scan = _scanned(content, scanner) if scanner else UNSCANNED
    if scan is None:
        return Looked(is_checked=False)
    if kind not in _OPENERS:
        return Looked(is_checked=True, scan=scan)
    copy = _opened(content, _OPENERS[kind])
    return Looked(is_checked=copy is not None, scan=scan, copy=copy)


def _opened(content: bytes, opener: str) -> bytes | None:
    if not _SEATS.acquire(timeout=_PATIENCE):
        return None
    try:
        # A path and a module of ours; the file goes in as data.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-B", "-m", opener],
            input=content,
            capture_output=True,
            timeout=SECONDS + 10,
            cwd="/",
            env={"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    finally:
        _SEATS.release()
    if done.returncode == REFUSED:
        code = done.stderr.decode("ascii", "replace")
        raise Refused(Refusal(code, _WORDS.get(code, _WORDS["damaged"]), "files"))
    return done.stdout if done.returncode == 0 else None


def _scanned(content: bytes, scanner: str) -> str | None:
    """Ask clamd (INSTREAM); None when it does not answer or gives up. Raises `Refused` for a find."""
    try:
        with _connected(scanner) as asked:
            asked.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), _CHUNK):
                piece = content[at : at + _CHUNK]
                asked.sendall(struct.pack(">I", len(piece)) + piece)
            asked.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (more := asked.recv(4096)):
                answer += more
    except OSError:
        return None
    if b" FOUND" in answer:
        raise Refused(Refusal("infected", INFECTED, "files"))
    return CLEAN if answer.rstrip(b"\0\n").endswith(b"OK") else None


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith("/"):
        asked = socket.socket(socket.AF_UNIX)
        asked.settimeout(_PATIENCE)
        try:
            asked.connect(scanner)
        except OSError:
            asked.close()
            raise
        return asked
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE)
