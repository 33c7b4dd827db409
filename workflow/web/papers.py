"""Papers the house made itself, as files to be saved. `cases.document_views` gives out what came in."""

from __future__ import annotations

from typing import Final

from flask import Response

#: What a browser may do with a file: save it.
AS_ATTACHMENT: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def pdf_file(pdf: bytes, name: str) -> Response:
    """A PDF under a name, which must tell whoever finds it nothing but the case; `name` has no ending."""
    answer = Response(pdf, mimetype="application/pdf", headers=AS_ATTACHMENT)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
