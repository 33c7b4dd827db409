"""The two forms by which an agreement is opened by hand. Every later step draws its own."""

from __future__ import annotations

from typing import Any

from workflow.web.forms import choice, day, line, offer
from workflow.web.free_text import FreeTextForm


class ApplyForm(FreeTextForm):
    """An agency's application; the contact is somebody of the agency, in its office."""

    model = choice("Model", ())
    facility = line("Facility", hint="The jail or unit the agreement is for.")
    contact = line("Contact at the agency")

    def __init__(self, models: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self.model, models)


class RegisterForm(FreeTextForm):
    """An agreement that is in force already."""

    model = choice("Model", ())
    signed_on = day("Signed on")
    template = choice(
        "Template of the memorandum",
        (),
        required=False,
        hint="As the document says. Left open, it is inferred from model and date, and marked so.",
    )
    source = line("Where this is from", hint="Such as the memorandum itself, or a letter.")

    def __init__(
        self, models: list[tuple[str, str]], templates: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        offer(self.model, models)
        offer(self.template, templates, none="Infer it")
