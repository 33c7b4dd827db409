"""The key of a document, what is sealed under it, and its hash under a case's key. Decides nothing."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from workflow.db.seal import Keyring, seal, unseal
from workflow.documents.models import Document

NAME: Final = "name"
DIGEST: Final = "digest"
ORIGINAL: Final = "original"
COPY: Final = "copy"
COPY_DIGEST: Final = "copy_digest"


def place_of(mark: str, what: str) -> str:
    """The place something is sealed for: this document and this part of it, no other."""
    return f"document:{mark}:{what}"


def key_while_staged(document: Document, keyring: Keyring) -> bytes:
    """The key of a document whose case is not known yet."""
    return keyring.unwrap(document.wrapped, place_of(document.mark, "staged"))


def key_in_case(document: Document, case_key: bytes) -> bytes:
    """The key of a document of a case. Raises `Erased` for any other case's key."""
    return unseal(case_key, document.wrapped, place_of(document.mark, "key"))


def hand_over(document: Document, key: bytes, case_key: bytes) -> None:
    """From here on only the case's key opens it: with that one destroyed, nothing does."""
    document.wrapped = seal(case_key, key, place_of(document.mark, "key"))


def name_of(document: Document, key: bytes) -> str:
    return unseal(key, document.name, place_of(document.mark, NAME)).decode()


def hash_of(document: Document, key: bytes, what: str = DIGEST) -> bytes | None:
    """The SHA-256 of its contents as they came in, or of its safe copy; None where there is none."""
    kept = document.digest if what == DIGEST else document.copy_digest
    return None if kept is None else unseal(key, kept, place_of(document.mark, what))


def keyed(digest: bytes, case_key: bytes) -> str:
    """A hash that only the case's key can make again: equal files of two cases look different."""
    return hmac.new(case_key, b"document\0" + digest, hashlib.sha256).hexdigest()[:32]
