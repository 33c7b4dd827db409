"""The storage as a bucket: what is asked of it, and what happens when it is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from workflow.db.seal import Keyring
from workflow.documents import storage
from workflow.documents.storage import Cabinet
from workflow.engine.machine import Refused


class Bucket(BaseHTTPRequestHandler):
    kept: dict[str, bytes]
    asked: list[tuple[str, str | None]]

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.command, self.headers["If-None-Match"]))
        if self.path in self.kept:
            return self._say(412)
        self.kept[self.path] = content
        return self._say(200)

    def do_GET(self) -> None:
        self._say(200 if self.path in self.kept else 404, self.kept.get(self.path, b""))

    def _say(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 05 Jan 2026 14:00:00 GMT")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Bucket]]:
    handler = type("Handler", (Bucket,), {"kept": {}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.setenv(name, "of-a-test")
    yield handler
    server.shutdown()
    server.server_close()


def cabinet() -> Cabinet:
    return Cabinet(storage.opened("s3://office/documents"), Keyring((bytes(32),)))


def test_a_bucket_keeps_what_it_was_given_and_is_asked_never_to_change_it(bucket: type[Bucket]):
    sealed = b"sealed" * 2_000_000  # larger than what would be sent in parts

    place = storage.put(cabinet(), sealed)
    again = storage.put(cabinet(), sealed)

    assert storage.get(cabinet(), place) == sealed
    assert place == again
    assert bucket.asked == [("PUT", "*"), ("PUT", "*")]
    assert list(bucket.kept) == [f"/office/documents/{place[:2]}/{place}"]


def test_a_bucket_that_is_away_is_an_error_in_words_and_soon(
    bucket: type[Bucket], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    began = time.monotonic()

    with pytest.raises(Refused, match="could not be kept just now"):
        storage.put(cabinet(), b"sealed")
    with pytest.raises(Refused, match="cannot be fetched"):
        storage.get(cabinet(), "0" * 64)

    assert time.monotonic() - began < 20
