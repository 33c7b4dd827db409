"""Addresses of documents as lists give them: unwrapped, repaired, or refused. Opens nothing."""

from __future__ import annotations

import base64
import re
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from workflow.register.names import Unfit, tidy

#: Longer addresses are refused.
LONGEST_LINK: Final = 2000

_LAYERS: Final = 5


def clean_link(address: str) -> str:
    """The address without a mail filter's wrapping, "https:/" repaired. Raises `Unfit` if it is none."""
    link = _repaired(tidy(address, longest=4 * LONGEST_LINK))
    for _ in range(_LAYERS):
        inner = _unwrapped(link)
        if inner is None:
            break
        link = _repaired(tidy(inner, longest=4 * LONGEST_LINK))
    return _checked(link)


def _repaired(link: str) -> str:
    link = re.sub(r"^(https?):/*(?=[^/])", r"\1://", link, flags=re.IGNORECASE)
    if link.lower().startswith("www."):
        link = f"https://{link}"
    return link.replace(" ", "%20")


def _checked(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError as error:
        raise Unfit("is not a web address") from error
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise Unfit("is not a web address (it has to begin with https://)")
    if parts.username is not None or parts.password is not None:
        raise Unfit("is an address with a user name in it")
    if len(link) > LONGEST_LINK:
        raise Unfit(f"is an address longer than {LONGEST_LINK} characters")
    return link


def _unwrapped(link: str) -> str | None:
    """The address inside the wrapping of a known mail filter or viewer; none if there is no wrapping."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme == "chrome-extension":  # a browser's viewer of PDF documents
        return parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
    query = parse_qs(parts.query)
    if host.endswith(".safelinks.protection.outlook.com"):
        return query.get("url", [None])[0]
    if host in {"urldefense.com", "urldefense.proofpoint.com", "urldefense.us"}:
        if parts.path.startswith("/v1/"):
            return query.get("u", [None])[0]
        if parts.path.startswith("/v2/"):
            return _second_version(query.get("u", [""])[0])
        return _third_version(link)
    return None


def _second_version(written: str) -> str | None:
    return unquote(written.replace("-", "%").replace("_", "/")) or None


def _third_version(link: str) -> str | None:
    """`/v3/__ADDRESS__;REPLACED!…`: each * stands for the next of the replaced characters, ** for several."""
    found = re.search(r"/v3/__(?P<address>.+?)__;(?P<replaced>[^!]*)!", link)
    if found is None:
        return None
    encoded = found["replaced"]
    try:
        replaced = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:  # not base64, or not text
        return None
    if "**" in found["address"] or found["address"].count("*") != len(replaced):
        return found["address"] if not replaced else None
    letters = iter(replaced)
    return re.sub(r"\*", lambda _: next(letters), found["address"])
