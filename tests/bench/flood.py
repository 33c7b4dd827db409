"""Many people at the public door at once, over real connections, served by waitress. No test here."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from threading import Thread
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask
from waitress.server import create_server

#: From where everybody comes who floods, and from where somebody does who has something to say.
FLOODER: Final = "203.0.113.9"
HONEST: Final = "198.51.100.7"
#: As many threads as the product serves with.
THREADS: Final = 8
_TOKEN: Final = re.compile(r'name="(csrf_token|form_key)" value="([^"]*)"')
_SHOWN: Final = re.compile(r'class="reference">\s*(\S+)\s*<')


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one report: its receipt, or how it was told to wait. Seconds from first to last page."""

    who: str
    status: int
    seconds: float
    reference: str = ""
    code: str = ""
    retry_after: int = 0
    typing_kept: bool = False

    @property
    def told_to_wait(self) -> bool:
        return self.retry_after > 0


def overload(app: Flask, *, together: int, each: int) -> list[Sent]:
    """So many people who report so often, at once, from one network; and one from elsewhere in the middle."""
    with served(app) as port, ThreadPoolExecutor(together + 1) as pool:
        flooding = [pool.submit(_reports, port, FLOODER, n, each) for n in range(together)]
        honest = pool.submit(_reports, port, HONEST, together, 1)
        return [one for work in (*flooding, honest) for one in work.result()]


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The application behind waitress; a header of ours says which network a request comes from."""

    def told(environ: dict[str, Any], start: Any) -> Any:
        return app.wsgi_app({**environ, "REMOTE_ADDR": environ["HTTP_X_FROM"]}, start)

    server: Any = create_server(
        told, host="127.0.0.1", port=0, threads=THREADS, ident=None, clear_untrusted_proxy_headers=False
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that somebody waits is the point
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(10)


def _reports(port: int, who: str, number: int, each: int) -> list[Sent]:
    return [_report(Browser(port, who), f"What happened, {number}-{n}.") for n in range(each)]


def _report(browser: Browser, said: str) -> Sent:
    """From the first question to the receipt, as a person goes."""
    began = perf_counter()
    status, page, wait = browser.fill("/report/questions/1", {"narrative": said})
    if status == 302:
        status, page, wait = browser.fill("/report/check", {})
    if status == 302:
        status, page, wait = browser.get("/report/received")
    took = perf_counter() - began
    if status == 200 and len(found := _SHOWN.findall(page)) == 2:
        return Sent(browser.who, status, took, reference=found[0], code=found[1])
    return Sent(browser.who, status, took, retry_after=wait, typing_kept=said in unescape(page))


class Browser:
    """A browser without script: it keeps cookies and sends forms as they were shown."""

    def __init__(self, port: int, who: str) -> None:
        self.who = who
        self._port = port
        self._cookies: dict[str, str] = {}

    def fill(self, path: str, answers: dict[str, str]) -> tuple[int, str, int]:
        """Open a page and send its form; status, text and seconds to wait."""
        status, page, wait = self.get(path)
        if status != 200:
            return status, page, wait
        return self._ask("POST", path, urlencode({**dict(_TOKEN.findall(page)), **answers}))

    def get(self, path: str) -> tuple[int, str, int]:
        return self._ask("GET", path, None)

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, int]:
        headers = {"X-From": self.who, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: kept.value for name, kept in SimpleCookie(line).items()}
        return answer.status, page, int(answer.headers.get("Retry-After", 0))
