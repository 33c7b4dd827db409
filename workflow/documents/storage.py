"""Where sealed contents lie: a folder, a bucket or the memory of a test. Knows bytes and their hash, no more.

What is kept is named by the SHA-256 of its sealed bytes, is written once and never changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from workflow.db.seal import Keyring
from workflow.engine.machine import Refusal, Refused

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

NOT_KEPT: Final = (
    "The file could not be kept just now, and nothing of it was. What you typed is still here; "
    "try again in a few minutes."
)
NOT_READ: Final = "The file cannot be fetched from where it is kept just now. Try again in a few minutes."
NOT_THERE: Final = "The file is not where it was kept. Tell your administrator: `plumbline documents check`."


#: A bucket that does not answer must not hold somebody's form for minutes.
_PATIENCE: Final[ClientConfig] = {"connect_timeout": "5s", "timeout": "60s", "allow_http": True}
_AGAIN: Final[RetryConfig] = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


@dataclass(frozen=True)
class Cabinet:
    """Where documents are kept, the keys for those without a case yet, and the scanner, if there is one."""

    store: ObjectStore
    keyring: Keyring
    #: `host:port` or the path of a socket of clamd; empty where no scanner is set up.
    scanner: str = ""


def opened(url: str) -> ObjectStore:
    """The store behind the setting: a folder's path, or an address such as s3://bucket/folder.

    Raises `ValueError` or an error of the store for an address that cannot be one. A folder is made.
    """
    if not url or url == "memory://":
        return MemoryStore()
    if "://" not in url:
        Path(url).mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(Path(url))
    return from_url(url, client_options=_PATIENCE, retry_config=_AGAIN)


def put(cabinet: Cabinet, sealed: bytes) -> str:
    """Keep sealed bytes; the name they can be fetched by. Raises `Refused` when they could not be kept."""
    place = hashlib.sha256(sealed).hexdigest()
    try:
        obstore.put(cabinet.store, _path(place), sealed, mode="create", use_multipart=False)
        _to_disk(cabinet.store, place)
    except AlreadyExistsError:
        pass
    except (BaseError, OSError) as failed:
        raise Refused(Refusal("storage", NOT_KEPT, "files")) from failed
    return place


def get(cabinet: Cabinet, place: str) -> bytes:
    """The sealed bytes of a name. Raises `Refused` when they are not there, not whole, or out of reach."""
    try:
        sealed = bytes(obstore.get(cabinet.store, _path(place)).bytes())
    except (NotFoundError, FileNotFoundError) as gone:
        raise Refused(Refusal("missing", NOT_THERE)) from gone
    except (BaseError, OSError) as failed:
        raise Refused(Refusal("storage", NOT_READ)) from failed
    if hashlib.sha256(sealed).hexdigest() != place:
        raise Refused(Refusal("changed", NOT_THERE))
    return sealed


def remove(cabinet: Cabinet, *places: str) -> None:
    """Throw away what no row names any more. What cannot be reached now is left to the next tidying."""
    for place in places:
        try:
            obstore.delete(cabinet.store, _path(place))
        except (BaseError, OSError):
            continue


def places(cabinet: Cabinet) -> Iterator[tuple[str, datetime]]:
    """Every name that is kept, and since when. In chunks: a large store is never held as a whole."""
    for chunk in obstore.list(cabinet.store):
        for found in chunk:
            yield found["path"].rpartition("/")[2], found["last_modified"]


def _path(place: str) -> str:
    return f"{place[:2]}/{place}"


def _to_disk(store: ObjectStore, place: str) -> None:
    """Make a folder hold what it was given before anybody is told so; a bucket does by itself."""
    if not isinstance(store, LocalStore):
        return
    root = Path(str(store.prefix))
    for path in (root / _path(place), root / place[:2], root):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
