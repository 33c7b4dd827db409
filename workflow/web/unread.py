"""What was typed into a request that is too large to be taken: the text before its first file. Keeps nothing.

So much is read that nobody loses a text they wrote, and no more.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

#: Of a request that is refused at most this is read, in bytes.
READ: Final = 4 * 1024 * 1024
_PARTS: Final = 300


def texts_of(request: Request) -> MultiDict[str, str]:
    """The fields of a request that was refused for its length before any of it was read."""
    length, most = request.content_length, request.max_content_length
    if length is None or most is None or length <= most:
        return MultiDict()
    body = request.environ["wsgi.input"].read(min(length, READ))
    if request.mimetype == "application/x-www-form-urlencoded":
        return MultiDict(_pairs(body))
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype == "multipart/form-data" and boundary:
        return _fields(body, boundary.encode())
    return MultiDict()


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(errors="replace"), errors="replace", max_num_fields=_PARTS)
    except ValueError:
        return []


def _fields(body: bytes, boundary: bytes) -> MultiDict[str, str]:
    """The fields of a form up to its first file, or up to where it was read."""
    found: MultiDict[str, str] = MultiDict()
    decoder = MultipartDecoder(boundary, max_form_memory_size=READ, max_parts=_PARTS)
    decoder.receive_data(body)
    name, said = "", bytearray()
    try:
        while not isinstance(event := decoder.next_event(), File | NeedData | Epilogue):
            match event:
                case Field():
                    name, said = event.name, bytearray()
                case Data():
                    said += event.data
                    if not event.more_data:
                        found.add(name, said.decode(errors="replace"))
    except (ValueError, OverflowError):
        return found
    return found
