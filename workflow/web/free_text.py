"""The form of free text by people of the office and of agencies: it is looked through before it is taken.

A complainant's own words are never refused; their door tells them afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.fields import Field, HiddenField, PasswordField, StringField

from workflow.web.forms import BaseForm, yes
from workflow.web.identifiers import HOLDS_NUMBER, looks_like_identifier


class FreeTextForm(BaseForm):
    """What looks like a number or a birth date of a person is pointed out at its field, and not saved.

    Whoever typed it takes it out, or ticks that it is none: nine digits may be a number of a file.
    """

    no_person = yes("What is pointed out is no number and no birth date of a person")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        box = self._fields.pop("no_person")
        if self._pointed_out():
            self._fields["no_person"] = box

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check of the fields, then a look through what was typed."""
        is_valid: bool = super().validate(extra_validators)
        pointed_out = [] if self.no_person.data else self._pointed_out()
        for field in pointed_out:
            field.errors = [*field.errors, HOLDS_NUMBER]
        return is_valid and not pointed_out

    def _pointed_out(self) -> list[Field]:
        return [
            field
            for field in self
            if isinstance(field, StringField)
            and not isinstance(field, HiddenField | PasswordField)
            and isinstance(field.data, str)
            and looks_like_identifier(field.data)
        ]
