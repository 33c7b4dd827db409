"""PDFs written anew: the pages and their text stay, whatever acts, hides or names somebody goes."""

from __future__ import annotations

import io
import sys
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from workflow.documents.confined import Unfit, run

MOST_PAGES: Final = 2_000
MOST_OBJECTS: Final = 300_000
DEEPEST: Final = 60

#: Entries that start something, hold other files, or say who made this, when and with what.
_GONE: Final = (
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/Metadata",
    "/PieceInfo", "/Collection", "/RichMediaContent", "/LastModified", "/Threads", "/SpiderInfo", "/Perms",
    "/Thumb",
)  # fmt: skip
#: Remarks on a page that hold a file or a film.
_ACTING: Final = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
#: The only thing a click may do: go to another page of the same document.
_GOES: Final = "/GoTo"


def written_anew(content: bytes) -> bytes:
    """The same pages in a new file. Raises `Unfit`."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Unfit("encrypted")
            if not pdf.pages:
                raise Unfit("damaged")
            if len(pdf.pages) > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
                raise Unfit("bomb")
            for each in pdf.objects:
                _clean(each, 0)
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            return _saved(pdf)
    except pikepdf.PasswordError:
        raise Unfit("encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        raise Unfit("damaged") from None


def _saved(pdf: Pdf) -> bytes:
    """Only what the pages need: earlier versions and loose objects are not written."""
    pdf.remove_unreferenced_resources()
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _clean(thing: Any, depth: int) -> None:
    """Take out of a dictionary, and of those inside it, what must not be there."""
    if depth > DEEPEST:
        raise Unfit("bomb")
    if isinstance(thing, Dictionary | Stream):
        for key in _GONE:
            if key in thing:
                del thing[key]
        _disarm(thing)
    if isinstance(thing, Stream) and thing.get("/Filter") in (Name.DCTDecode, Array([Name.DCTDecode])):
        thing.write(bare_jpeg(thing.read_raw_bytes()), filter=Name.DCTDecode)
    for inner in _inside(thing):
        if isinstance(inner, Dictionary | Array) and not inner.is_indirect:
            _clean(inner, depth + 1)


def _inside(thing: Any) -> list[Any]:
    if isinstance(thing, Array):
        return list(thing)
    return [thing[key] for key in list(thing.keys())] if isinstance(thing, Dictionary | Stream) else []


def _disarm(thing: Any) -> None:
    """Links and remarks that would do anything but turn the page."""
    action = thing.get("/A")
    if isinstance(action, Dictionary) and str(action.get("/S")) != _GOES:
        del thing["/A"]
    if isinstance(action, Dictionary) and "/Next" in action:
        del action["/Next"]
    remarks = thing.get("/Annots")
    if isinstance(remarks, Array):
        kept = [r for r in remarks if isinstance(r, Dictionary) and str(r.get("/Subtype")) not in _ACTING]
        thing["/Annots"] = Array(kept)
    for named in ("/Author", "/T", "/M", "/CreationDate", "/NM") if "/Subtype" in thing else ():
        if named in thing and thing.get("/Subtype") != Name.Widget:
            del thing[named]


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without its application segments and comments; Adobe's stays, without it colours turn."""
    if not content.startswith(b"\xff\xd8"):
        return content
    kept, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if not (0xE1 <= mark <= 0xED or mark in (0xEF, 0xFE)):
            kept += content[at : at + 2 + length]
        at += 2 + max(length, 2)
    return bytes(kept) + content[at:]


if __name__ == "__main__":
    sys.exit(run(written_anew))
