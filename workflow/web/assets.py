"""Styles, scripts and pictures: their addresses, served compressed with a long life. No building here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

PREFIX: Final = "/static/"
#: A year: the name of a built file changes with what is in it.
LONG: Final = 365 * 24 * 3600
MISSING: Final = (
    "The styles and scripts are not built: static/build/manifest.json is missing. Run `make assets`."
)


def init_assets(app: Flask, folder: Path, *, needed: bool, headers: Mapping[str, str]) -> None:
    """Serve `folder` under /static/ and give templates `asset(name)`.

    Raises `RuntimeError` with a sentence if nothing is built, unless it is not `needed` (tests).
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file() and needed:
        raise RuntimeError(MISSING)
    names: dict[str, str] = json.loads(manifest.read_text()) if manifest.is_file() else {}

    def asset(name: str) -> str:
        if name not in names and needed:
            raise RuntimeError(f"{name} is not among the built assets; run `make assets`")
        return PREFIX + names.get(name, name)

    app.jinja_env.globals["asset"] = asset
    if folder.is_dir():
        hashed = set(names.values())
        app.wsgi_app = _Static(  # type: ignore[method-assign]
            app.wsgi_app,
            root=str(folder),
            prefix=PREFIX,
            max_age=3600,
            immutable_file_test=lambda _, url: url.removeprefix(PREFIX) in hashed,
            allow_all_origins=False,
            add_headers_function=lambda given, *_: _give(given, headers),
        )


def _give(given: Any, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        given[name] = value


class _Static(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise that keeps the manifest to itself."""

    FOREVER = LONG

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if not url.endswith("/manifest.json"):
            super().add_file_to_dictionary(url, path, stat_cache)
