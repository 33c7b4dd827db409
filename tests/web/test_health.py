"""Probes and files: what a machine asks."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from workflow.web.assets import init_assets


def test_the_process_is_alive(client):
    answer = client.get("/health")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_database_without_its_migrations_is_not_ready_and_strangers_learn_no_more(client):
    answer = client.get("/ready")

    assert answer.text in ("ready\n", "not ready\n")
    assert answer.status_code == (200 if answer.text == "ready\n" else 503)


def test_missing_assets_stop_the_start_with_a_sentence(tmp_path):
    with pytest.raises(RuntimeError, match="make assets"):
        init_assets(Flask("x"), tmp_path / "build", needed=True, headers={})


def test_a_built_file_is_kept_a_year_and_guarded(tmp_path):
    (tmp_path / "plumbline.abc123.css").write_text("a { color: red }")
    (tmp_path / "manifest.json").write_text(json.dumps({"plumbline.css": "plumbline.abc123.css"}))
    app = Flask("x", static_folder=None)
    init_assets(app, tmp_path, needed=True, headers={"X-Content-Type-Options": "nosniff"})
    address = app.jinja_env.from_string("{{ asset(name) }}").render(name="plumbline.css")

    answer = app.test_client().get(address, buffered=True)

    assert address == "/static/plumbline.abc123.css"
    assert "max-age=31" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get("/static/manifest.json").status_code == 404


def test_a_name_that_was_not_built_is_a_mistake(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    app = Flask("x", static_folder=None)
    init_assets(app, tmp_path, needed=True, headers={})

    with pytest.raises(RuntimeError, match=r"other\.css"):
        app.jinja_env.from_string("{{ asset(name) }}").render(name="other.css")
