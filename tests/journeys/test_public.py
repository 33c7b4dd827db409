"""An anonymous complainant on a telephone, in Spanish, without script: from the first page to the outcome."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.browser import DESK, PHONE, Screen
from tests.cast import ANN, MONDAY, RUTH
from tests.complaints.walk import WAYS, complaint, go
from tests.journeys.conftest import Desk, Desks
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.complaints import wizard
from workflow.complaints.allegations import allege
from workflow.complaints.facts import State
from workflow.complaints.wizard_forms import FORMS
from workflow.db.session import session
from workflow.engine.actors import SYSTEM

pytestmark = pytest.mark.journey
REFERENCE = re.compile(r"C-\d{4}-[0-9A-Z]{8}-[0-9A-Z]")


def receipt_of(somebody: Desk) -> tuple[str, str]:
    """The number and the code of the receipt on the page."""
    reference, code = somebody.page.locator("main dd.reference").all_inner_texts()
    return reference.strip(), code.strip()


def report_in_spanish(ana: Desk) -> tuple[str, str]:
    """Ana tells what happened, one question at a time, and goes back once."""
    ana.open("/")
    ana.send("Español")
    assert "No tiene que dar su nombre" in ana.said()
    ana.page.get_by_role("link", name="Cuéntenos qué pasó").click()
    ana.look()
    ana.keep("report-start-es-390")
    ana.page.get_by_role("link", name="Empezar").click()
    ana.look()

    ana.send("Continuar")
    assert "hace falta una respuesta" in ana.said()
    ana.fill(narrative="No le dieron un intérprete aunque lo pidió dos veces.")
    ana.keep("report-what-es")
    ana.send("Continuar")
    ana.fill(month="12", year="2025", about="un viernes por la noche")
    ana.send("Continuar")
    ana.fill(place="En la cárcel del condado")
    ana.send("Continuar")
    ana.fill(agency="alder")
    ana.send("Continuar")
    assert "¿Es una de estas?" in ana.said()
    ana.fill(agency_id="1")
    ana.keep("report-agency-es-390")
    ana.send("Continuar")
    ana.send("Atrás")
    assert ana.page.locator("main [name='agency']").input_value() == "alder"
    ana.send("Continuar")
    ana.send("Continuar")  # officers
    ana.send("Continuar")  # witnesses
    ana.fill(reprisal="no")
    ana.send("Continuar")
    ana.fill(remedy="Que haya intérpretes.")
    ana.send("Continuar")
    ana.send("Agregarlos, o seguir sin ellos")
    ana.fill(reachable="no")
    ana.send("Continuar")
    ana.fill(language="es")
    ana.send("Continuar")

    assert ana.page.url.endswith("/report/check")
    assert "diciembre de 2025" in ana.said()
    ana.keep("report-check-es-390")
    ana.send("Enviar")
    assert "Su recibo" in ana.said()
    ana.keep("report-receipt-es")
    return receipt_of(ana)


def settle(house: House, reference: str) -> None:
    """The complaint goes its usual way to the notice of its outcome."""
    allege(house, reference, RUTH, "interpreter", "unknown", seen=complaint(reference).version, now=MONDAY)
    go(house, reference, *WAYS[State.NOTIFIED])
    session().remove()


def come_back(ana: Desk, code: str) -> None:
    ana.open("/report/status")
    ana.fill(code=code.lower())
    ana.send("Abrir")
    assert ana.page.url.endswith("/report/status")


def test_an_anonymous_spanish_speaker_reports_answers_a_question_and_is_told_the_outcome(
    desks: Desks, app: Flask
):
    ana, ann, ruth = desks(None, PHONE, scripts=False), desks(ANN), desks(RUTH)
    reference, code = report_in_spanish(ana)
    assert REFERENCE.fullmatch(reference)
    ana.send("Ya lo apunté")

    ruth.open(f"/complaints/{reference}")
    assert "En la cárcel del condado" in ruth.said()
    ruth.open(f"/complaints/{reference}/messages")
    ruth.fill(message="¿Qué viernes fue?")
    ruth.send("Send")

    come_back(ana, code)
    assert "¿Qué viernes fue?" in ana.said()
    assert reference in ana.said()
    assert reference not in ana.page.url
    ana.fill(message="El doce de diciembre.")
    ana.keep("report-status-es")
    ana.send("Enviar el mensaje")
    assert "Su mensaje se envió." in ana.said()
    ana.page.reload()
    assert ana.page.get_by_text("El doce de diciembre.").count() == 1
    ana.send("Cerrar esta página")

    ruth.open("/queue")
    assert "Read the message of the complainant" in ruth.said()
    ruth.open(f"/complaints/{reference}/messages")
    assert "El doce de diciembre." in ruth.said()
    ruth.keep("messages")
    ruth.send("Mark as read")
    with app.app_context():
        settle(app.extensions["house"], reference)
    ann.open(f"/complaints/{reference}/messages")
    ann.fill(message="Confirmada: se debe llamar a un intérprete.")
    ann.send("Send")

    come_back(ana, code)
    assert "Se tomó una decisión." in ana.said()
    assert "Confirmada: se debe llamar a un intérprete." in ana.said()
    ana.keep("status-outcome-es-390")
    with app.app_context():
        assert case_for(SYSTEM, reference).state == State.NOTIFIED
        assert verify().breaks == ()


def test_leaving_at_once_works_without_script_and_forgets(desks: Desks):
    ana = desks(None, PHONE, scripts=False)
    ana.open("/report/questions/1")
    ana.fill(narrative="Something they must not see.")
    ana.send("Continue")
    ana.page.route("https://**", lambda route: route.fulfill(body="<title>Elsewhere</title>"))

    ana.page.get_by_role("link", name="Leave this site now").click()
    ana.page.wait_for_url("https://**")
    ana.open("/report/questions/1")

    assert "must not see" not in ana.page.content()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["390", "1280"])
def test_every_question_is_answered_by_keyboard_alone_without_script(desks: Desks, screen: Screen):
    ana = desks(None, screen, scripts=False)
    asked = {str(form.heading) for form in FORMS.values()}
    ana.open("/report/questions/1")
    ana.tab_to("narrative")
    ana.page.keyboard.type("They laughed.")
    if screen is PHONE:
        ana.keep("report-what")
    for number in range(1, wizard.LAST + 1):
        if "/questions/" not in ana.page.url and "/documents" not in ana.page.url:
            break
        assert ana.page.locator("main h1").inner_text() in asked, number
        ana.press("Continue", "Add them, or continue without")
    assert ana.page.url.endswith("/report/check")
    ana.press("Send it")
    if screen is PHONE:
        ana.keep("report-receipt")
    _, code = receipt_of(ana)

    ana.open("/report/status")
    ana.tab_to("code")
    ana.page.keyboard.type(code)
    ana.press("Open it")
    assert "You told us on" in ana.said()
    if screen is PHONE:
        ana.keep("report-status")
    ana.tab_to("message")
    ana.page.keyboard.type("It was on a Friday.")
    ana.press("Send the message")

    assert "It was on a Friday." in ana.said()
