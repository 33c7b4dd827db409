"""Forms about letters of a complaint."""

from __future__ import annotations

from wtforms.fields import HiddenField

from workflow.complaints.letter_kinds import BY_HAND
from workflow.messages.wording import LANGUAGES
from workflow.web.forms import BaseForm, NumberField, choice, day, text, yes
from workflow.web.free_text import FreeTextForm


class LetterForm(FreeTextForm):
    """What a person decides about a letter. `payload` is the hash of what the page showed."""

    seen = NumberField("", [], least=0, most=999_999_999)
    payload = HiddenField()
    language = choice("Language", LANGUAGES, radio=True)
    paragraph = text(
        "Your paragraph",
        most=4000,
        required=False,
        hint="Plain words. An empty line begins a new paragraph. It stands where the letter leaves room.",
    )
    addressed = yes(
        "Print name and address for the window of an envelope",
        hint="For the post. The look at the contact is recorded.",
    )


class AskLetterForm(BaseForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    name = choice("Which letter", BY_HAND, radio=True)


class PostedForm(BaseForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    posted_on = day("Posted on")


class AsideForm(FreeTextForm):
    """Why a letter is not sent."""

    seen = NumberField("", [], least=0, most=999_999_999)
    reason = text("Why it is not sent", rows=3)
