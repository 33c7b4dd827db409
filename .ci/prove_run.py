"""Prove the promise of the README: a clean clone, `make run`, and a page one can sign in to.

Clones what is committed into a temporary folder, starts it on a free port, signs in over HTTP with an
account that the start printed, opens the queue, stops, and starts again: the second start has to be quick.
Standard library only.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST, SECOND = (
    240.0,
    15.0,
)  # seconds until the page; the README promises 60 and 5 on a machine with nothing else to do
ACCOUNT = re.compile(r"(?P<email>[\w.+-]+@[\w.-]+\w)")
PASSWORD = re.compile(r"[Pp]assword(?: is)?:?\s+[`'\"]?(?P<password>[^\s`'\"]*\w)")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


class Office:
    """One `make run` in its own folder: what it said, and how long it took to answer."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.said: list[str] = []
        self.started = time.monotonic()
        left_out = ("VIRTUAL_ENV", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHONPATH", "TEST_DATABASES")
        surroundings = {
            name: value
            for name, value in os.environ.items()
            if name not in left_out and not name.startswith("PLUMBLINE_")
        }
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env=surroundings | {"PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            sys.stdout.write(f"    {line}")
            sys.stdout.flush()

    def wait(self, seconds: float) -> float:
        """Wait until /health answers; the value is how long that took since the start."""
        while time.monotonic() - self.started < seconds:
            if self.process.poll() is not None:
                time.sleep(0.5)
                raise SystemExit(f"`make run` ended with {self.process.returncode} before a page was there")
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=2) as answer:
                    if answer.status == 200:
                        return time.monotonic() - self.started
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"no page after {seconds:.0f} seconds")

    def account(self) -> tuple[str, str]:
        """A demonstration account as it was printed: somebody with a queue, and the password of all."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            lines = [line for line in self.said if ACCOUNT.search(line)]
            password = PASSWORD.search("".join(self.said))
            if lines and password:
                workers = [line for line in lines if re.search("reviewer|supervisor", line, re.IGNORECASE)]
                email = ACCOUNT.search((workers or lines)[0])
                assert email is not None
                return email["email"], password["password"]
            time.sleep(0.5)
        raise SystemExit("`make run` printed no account to sign in with")

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=10)


def sign_in(address: str, email: str, password: str) -> str:
    """Sign in with the form's own token and open the queue; the value is the queue's heading."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(f"{address}/login", timeout=30) as page:
        found = TOKEN.search(page.read().decode())
    if not found:
        raise SystemExit("the sign-in form carries no token")
    form = {"csrf_token": found[1] or found[2], "email": email, "password": password}
    data = urllib.parse.urlencode(form).encode()
    asked = urllib.request.Request(f"{address}/login", data, {"Referer": f"{address}/login"})
    with browser.open(asked, timeout=30) as answer:
        answer.read()
    with browser.open(f"{address}/queue", timeout=30) as page:
        if not page.url.endswith("/queue"):
            raise SystemExit(f"{email} could not sign in: the queue led to {page.url}")
        text = page.read().decode()
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    if not heading:
        raise SystemExit("the queue has no heading")
    return re.sub(r"<[^>]+>", "", heading[1]).strip()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def start_once(folder: Path, seconds: float) -> float:
    office = Office(folder, free_port())
    try:
        took = office.wait(seconds)
        email, password = office.account()
        heading = sign_in(office.address, email, password)
        sys.stdout.write(f"  page after {took:.1f} s; {email} signed in and saw “{heading}”\n")
        return took
    finally:
        office.stop()


def main() -> int:
    base = Path(tempfile.mkdtemp(prefix="plumbline-clone-"))
    try:
        folder = base / "plumbline"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
        sys.stdout.write("A clean clone, `make run`:\n")
        start_once(folder, FIRST)
        sys.stdout.write("The same again:\n")
        start_once(folder, SECOND)
        sys.stdout.write("Proved: a clean clone serves a page one can sign in to.\n")
        return 0
    except urllib.error.HTTPError as problem:
        sys.stderr.write(f"{problem.url} answered {problem.code}\n{problem.read().decode()[:2000]}\n")
        return 1
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
