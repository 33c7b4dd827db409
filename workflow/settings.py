"""What the surroundings decide, read once and refused when unsafe. Nothing about the office itself."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

SHORTEST_SECRET: Final = 32
#: Pieces of secrets that stand in examples; a secret with one of them is nobody's secret.
PLACEHOLDERS: Final = ("changeme", "change-me", "change_me", "example", "insecure", "default", "your-secret")


class Unsafe(Exception):
    """The surroundings do not allow a safe start. The text says what to set."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One set of decisions for one process."""

    root: Path
    database_url: str
    secret_key: str = field(repr=False)
    #: Keyed commitments and look-ups are made with it; kept outside the database.
    pepper: bytes = field(repr=False)
    #: Keys by name for encrypted columns; the last one encrypts, every one decrypts.
    keys: Mapping[str, bytes] = field(repr=False)
    mail_url: str
    documents_url: str
    jobs_url: str
    #: The public address, without a slash at the end; links in letters begin with it.
    base_url: str
    trusted_hosts: tuple[str, ...]
    #: What to do when a caller says that somebody is in danger now, in the office's own words.
    danger_words: str = ""
    #: Where somebody goes who has to leave the public pages at once: a page about nothing.
    exit_url: str = "https://www.wikipedia.org/"
    #: How many proxies in front of us add to the X-Forwarded headers.
    proxies: int = 0
    host: str = "127.0.0.1"
    port: int = 5000
    #: Where clamd listens, `host:port` or the path of its socket; without one documents stay unscanned.
    scanner: str = ""
    #: Cheap password hashes, no durable disk, no built assets needed. Tests alone.
    testing: bool = False

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def instance(self) -> Path:
        return self.root / "instance"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], root: Path) -> Settings:
        """Read the environment; see docs for the names. Raises `Unsafe` with a sentence.

        Without `PLUMBLINE_DATABASE_URL` everything lies under `instance/`, and what must be secret is
        made there on first use. With it, the secret has to be given; pepper and keys as well, unless
        the database is SQLite, which one machine has for itself.
        """
        instance = root / "instance"
        own = not environ.get("PLUMBLINE_DATABASE_URL")
        alone = own or environ["PLUMBLINE_DATABASE_URL"].startswith("sqlite")
        if alone:
            instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        host = environ.get("HOST") or "127.0.0.1"
        port = _port(environ.get("PORT") or "5000")
        base_url = _base_url(environ.get("PLUMBLINE_BASE_URL") or "", host, port)
        return cls(
            root=root,
            database_url=environ.get("PLUMBLINE_DATABASE_URL")
            or f"sqlite:///{instance / 'plumbline.sqlite'}",
            secret_key=_secret(environ, instance / "secret-key" if own else None),
            pepper=_pepper(_file(environ, "PLUMBLINE_PEPPER_FILE", instance / "pepper", alone)),
            keys=_keys(_file(environ, "PLUMBLINE_KEYS_FILE", instance / "keys", alone)),
            mail_url=environ.get("PLUMBLINE_MAIL_URL") or f"file://{instance / 'mail'}",
            documents_url=environ.get("PLUMBLINE_DOCUMENTS_URL") or str(instance / "documents"),
            jobs_url=environ.get("PLUMBLINE_JOBS_URL") or f"sqlite:///{instance / 'jobs.sqlite'}",
            base_url=base_url,
            trusted_hosts=_trusted(base_url, host, environ.get("PLUMBLINE_TRUSTED_HOSTS") or ""),
            danger_words=(environ.get("PLUMBLINE_IN_DANGER") or "").strip()[:2000],
            exit_url=_exit(environ.get("PLUMBLINE_EXIT_URL") or ""),
            proxies=_count(environ.get("PLUMBLINE_PROXIES") or "0", "PLUMBLINE_PROXIES", most=10),
            host=host,
            port=port,
            scanner=_scanner(environ.get("PLUMBLINE_CLAMD") or ""),
        )


def _secret(environ: Mapping[str, str], kept: Path | None) -> str:
    given = environ.get("PLUMBLINE_SECRET_KEY") or ""
    if not given:
        if kept is None:
            raise Unsafe("Set PLUMBLINE_SECRET_KEY: at least 32 random characters.")
        given = _made_once(kept, lambda: secrets.token_urlsafe(48))
    if len(given.encode()) < SHORTEST_SECRET or len(set(given)) < 8:
        raise Unsafe("PLUMBLINE_SECRET_KEY is too short: at least 32 random characters.")
    if any(word in given.casefold() for word in PLACEHOLDERS):
        raise Unsafe("PLUMBLINE_SECRET_KEY is still the one of an example: make your own.")
    return given


def _file(environ: Mapping[str, str], name: str, kept: Path, alone: bool) -> Path:
    given = environ.get(name)
    if given:
        path = Path(given)
        if not path.is_file():
            raise Unsafe(f"{name} names {path}, which is not there.")
        return path
    if not alone and not kept.exists():
        raise Unsafe(f"Set {name}: a file that every process of this application reads, and nobody else.")
    prefix = "1:" if name == "PLUMBLINE_KEYS_FILE" else ""
    _made_once(kept, lambda: prefix + base64.b64encode(secrets.token_bytes(32)).decode())
    return kept


def _made_once(path: Path, make: Callable[[], str]) -> str:
    """The text kept at `path`; made on first use, readable by us alone, never half written."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, path)  # whoever comes second keeps what the first one made
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def _pepper(path: Path) -> bytes:
    return _decoded(path, path.read_text().strip())


def _keys(path: Path) -> Mapping[str, bytes]:
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    keys = {name: _decoded(path, value) for name, _, value in (line.partition(":") for line in lines if line)}
    if not keys:
        raise Unsafe(f"{path} holds no key: one `name:base64` a line.")
    return keys


def _decoded(path: Path, value: str) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        raise Unsafe(f"{path} has to hold base64.") from None
    if len(raw) < SHORTEST_SECRET:
        raise Unsafe(f"{path} is too short: at least 32 random bytes.")
    return raw


def _port(text: str) -> int:
    return _count(text, "PORT", most=65535)


def _count(text: str, name: str, *, most: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise Unsafe(f"{name} is {text!r}: a whole number from 0 to {most} is needed.")
    return int(text)


def _scanner(given: str) -> str:
    if given and not given.startswith("/"):
        host, _, port = given.rpartition(":")
        if not host or not port:
            raise Unsafe("PLUMBLINE_CLAMD has to be host:port, or the path of clamd's socket.")
        _count(port, "PLUMBLINE_CLAMD", most=65535)
    return given


def _base_url(given: str, host: str, port: int) -> str:
    if not given:
        shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Unsafe("PLUMBLINE_BASE_URL has to look like https://plumbline.office.test.")
    if parts.path.strip("/"):
        raise Unsafe("PLUMBLINE_BASE_URL must not have a path: Plumbline wants a host of its own.")
    return given.rstrip("/")


def _exit(given: str) -> str:
    if not given:
        return Settings.exit_url
    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.hostname:
        raise Unsafe("PLUMBLINE_EXIT_URL has to look like https://www.wikipedia.org/.")
    return given


def _trusted(base_url: str, host: str, more: str) -> tuple[str, ...]:
    own = urlsplit(base_url).hostname or ""
    names = ["localhost", "127.0.0.1", "[::1]", f"[{own}]" if ":" in own else own, *more.split(",")]
    if ":" not in host and host != "0.0.0.0":  # noqa: S104
        names.append(host)
    return tuple(dict.fromkeys(name.strip().casefold() for name in names if name.strip()))
