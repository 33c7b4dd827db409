"""The form of a letter to the agency before or at a visit."""

from __future__ import annotations

from wtforms.fields import HiddenField

from workflow.messages.wording import LANGUAGES
from workflow.web.forms import NumberField, choice, text
from workflow.web.free_text import FreeTextForm


class NoticeForm(FreeTextForm):
    """What a person decides about the letter. `payload` is the hash of what the page showed."""

    seen = NumberField("", [], least=0, most=999_999_999)
    payload = HiddenField()
    language = choice("Language", LANGUAGES, radio=True)
    documents = text(
        "Documents asked for, one a line",
        most=4000,
        rows=6,
        hint="Rosters, training records, policies, logs. Nothing that names people in custody.",
    )
    paragraph = text(
        "Your paragraph",
        most=4000,
        rows=4,
        required=False,
        hint="Plain words, if there is something to add. Nothing about who complained, or whether.",
    )
