"""The public door speaks two languages, and can be left at once without a trace."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.complaints.door import EVERYTHING, answer, page_of, write
from tests.pages import PageClient


def test_the_browsers_language_is_spoken_until_another_is_chosen(client: PageClient):
    spanish = client.get("/report", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    english = client.get("/report", headers={"Accept-Language": "fr"})

    assert '<html lang="es">' in spanish.text
    assert "Cuéntenos qué pasó" in spanish.text
    assert '<html lang="en">' in english.text


def test_changing_the_language_keeps_what_is_on_the_page(client: PageClient, ctx: Flask):
    answer(client, "what", {"narrative": "Se rieron."})

    switched = client.send(page_of("remedy"), {"remedy": "Una disculpa", "speak": "es"})
    shown = client.get(switched.location)

    assert '<html lang="es">' in shown.text
    assert "Una disculpa" in shown.text
    assert "¿Qué le gustaría que pasara?" in shown.text
    assert 'lang="en"' in shown.text  # the way back


@pytest.mark.parametrize(
    "to", ["//evil.test", "https://evil.test", "/login", "/report/../login", "", "/report//x"]
)
def test_changing_the_language_leads_nowhere_else(client: PageClient, to: str):
    page = client.get("/report")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token

    answered = client.post("/report/language", data={"csrf_token": token[1], "speak": "es", "to": to})

    assert answered.location == "/report"


def test_errors_are_in_the_language_of_the_page(client: PageClient, ctx: Flask):
    client.get("/report", headers={"Accept-Language": "es"})
    wrong = client.send(page_of("what"), {"narrative": "", "speak": "es"})
    shown = client.submit(client.get(wrong.location), {"narrative": ""}, to=page_of("what"))
    lost = client.get("/report/nowhere")

    assert "hace falta una respuesta" in shown.text
    assert "Esto todavía no se pudo guardar" in shown.text
    assert "Aquí no hay nada" in lost.text


def test_leaving_forgets_everything_without_a_script_and_without_a_trace(client: PageClient, ctx: Flask):
    write(client, **EVERYTHING)

    away = client.get("/report/leave")

    assert away.status_code == 302
    assert away.location.startswith("https://")
    assert away.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "laughed" not in client.get(page_of("what")).text


def test_another_site_cannot_have_a_report_forgotten(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")

    client.get("/report/leave", headers={"Sec-Fetch-Site": "cross-site"})

    assert "They laughed." in client.get(page_of("what")).text


@pytest.mark.parametrize(
    "path", ["/", "/report", "/report/questions/1", "/report/documents", "/report/status"]
)
def test_every_public_page_can_be_left_at_once_and_is_not_kept(client: PageClient, path: str):
    page = client.get(path)

    assert 'href="/report/leave"' in page.text
    assert "<script" not in page.text
    if path != "/":
        assert page.headers["Cache-Control"] == "no-store"


def test_a_page_is_named_by_its_question_and_by_nothing_that_was_answered(client: PageClient, ctx: Flask):
    write(client, **EVERYTHING)

    titles = {n: re.search(r"<title>([^<]*)", client.get(f"/report/questions/{n}").text) for n in (1, 2, 5)}

    assert {n: t[1] for n, t in titles.items() if t} == {
        1: "What happened? · 1 of 12 · Plumbline",
        2: "When did it happen? · 2 of 12 · Plumbline",
        5: "Which officers were there? · 5 of 12 · Plumbline",
    }
