"""Sealed columns: personal words encrypted under a key per subject, and commitments to them.

Destroying a subject's wrapped key erases its words everywhere, backups included, while commitments in
the chain of events stay as they are. Keys come from a file outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Erased(LookupError):
    """The key of these words is gone, so they are too."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that wrap the subjects' keys (32 bytes each): the last one wraps, every one unwraps.

    Never stored in the database.
    """

    keys: tuple[bytes, ...]

    def new_key(self, context: str) -> tuple[bytes, bytes]:
        """A fresh subject key: (the key, its wrapped form for the database)."""
        key = secrets.token_bytes(32)
        return key, seal(self.keys[-1], key, context)

    def unwrap(self, wrapped: bytes | None, context: str) -> bytes:
        """Raises `Erased` when the key was destroyed, or belongs to no key of this ring."""
        if wrapped is not None:
            for key in reversed(self.keys):
                try:
                    return unseal(key, wrapped, context)
                except Erased:
                    continue
        raise Erased(context)


def seal(key: bytes, words: bytes, context: str) -> bytes:
    """Encrypt with AES-GCM; `context` (table:id:column) binds the result to its place."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, words, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """Decrypt what `seal` made for this place. Raises `Erased` if it was made elsewhere or changed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
    except InvalidTag as wrong:
        raise Erased(context) from wrong


def commitment(key: bytes, name: str, value: Any) -> str:
    """A keyed fingerprint of an answer: proves it later, says nothing without the key."""
    return hmac.new(key, f"{name}\0{as_text(value)}".encode(), hashlib.sha256).hexdigest()


def as_text(value: Any) -> str:
    """One canonical text per value, so that sealing and commitment always mean the same."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
