"""The form every form extends, and fields that refuse what no database should see. No domain form here.

CSRF is checked for every unsafe request before any view runs (`security.init_security`); the form
macro prints the token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from flask import request
from wtforms import Form
from wtforms.fields import (
    BooleanField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from workflow.engine.machine import Refusal
from workflow.web.errors import shown
from workflow.web.language import _, lazy

#: Said when somebody else was quicker.
OUTDATED: Final = (
    "Somebody changed this after your page was drawn. Nothing is saved yet; what you typed is still here. "
    "Look at how it stands now, then send it again."
)
#: Marks that turn the direction of what follows: a name must not lie about itself.
_BIDI: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
#: What looks like nothing at the ends of a text: white space, and marks without width.
_BLANKS: Final = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u2060\ufeff"
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_US_DAY: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


class BaseForm(Form):
    """A form of ours: reads the request it is in, and shows refusals at their fields."""

    def __init__(self, *, fresh: bool = False, **kwargs: Any) -> None:
        """`fresh`: ignore what was sent, for a page with several forms of which another one was."""
        super().__init__(request.form if request.method == "POST" and not fresh else None, **kwargs)
        for field in self:
            if isinstance(field.data, str) and not isinstance(field, PasswordField):
                field.data = shown(field.data)
            if field.raw_data and field.process_errors:
                field.raw_data = [shown(str(raw)) for raw in field.raw_data]

    def show(self, refusals: Iterable[Refusal]) -> list[str]:
        """Put each refusal at its field; return (and keep for the summary) those that belong to none."""
        for refusal in refusals:
            field = self._fields.get(refusal.field or "")
            if field is None:
                self.form_errors.append(refusal.text)
            else:
                field.errors = [*field.errors, refusal.text]
        return list(self.form_errors)

    def outdated(self, version: int) -> None:
        """What the page showed has changed since: keep what was typed, to be looked at and sent again."""
        seen = self._fields["seen"]
        seen.data, seen.raw_data = version, None
        self.form_errors.append(OUTDATED)


def clean(text: str | None, *, lines: bool = False) -> str | None:
    """Text as it is stored: NFC, trimmed, with nothing in it that hides or breaks.

    Raises `ValueError` with a sentence for control characters (line breaks and tabs pass with
    `lines`), lone surrogates and marks that turn the writing direction.
    """
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip(_BLANKS):
        return ""
    for character in text:
        if lines and character in "\n\t":
            continue
        kind = unicodedata.category(character)
        if kind == "Cc":
            raise ValueError(
                _("This contains a control character, which cannot be kept. Please type it again.")
            )
        if kind == "Cs":
            raise ValueError(_("This contains half a character, which cannot be kept. Please type it again."))
        if character in _BIDI:
            raise ValueError(
                _("This contains a mark that turns the writing direction. Please type it again.")
            )
    return unicodedata.normalize("NFC", text).strip(_BLANKS)


def looked_for(typed: str | None, *, most: int = 100) -> str:
    """Words of a search box, as they can be shown in it again: a blank in place of what no page can hold."""
    words = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Cn") else c for c in typed or "")
    return words.strip()[:most]


def one_line(text: str | None) -> str | None:
    """`clean` for a field of one line."""
    return clean(text)


def _text(text: str | None) -> str | None:
    return clean(text, lines=True)


class AtMost:
    """A length limit said in words."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: object, field: Field) -> None:
        if field.data and len(field.data) > self.most:
            raise ValidationError(
                _(
                    "At most %(most)s characters fit here; this has %(have)s.",
                    most=f"{self.most:,}",
                    have=f"{len(field.data):,}",
                )
            )


class Needed(InputRequired):
    """An answer is needed; nothing but blanks is not one."""

    def __init__(self, says: str | None = None) -> None:
        super().__init__()
        self.says = says

    def __call__(self, form: object, field: Field) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip(_BLANKS):
            field.errors = [*field.errors]
            raise StopValidation(
                self.says or _("%(label)s: an answer is needed.", label=str(field.label.text))
            )


def _asked(required: bool, *more: Callable[..., None]) -> list[Any]:
    return [Needed() if required else Optional(), *more]


def line(label: str, *, most: int = 200, required: bool = True, hint: str = "", **render: Any) -> Field:
    """One line of text."""
    checks = _asked(required, AtMost(most))
    return StringField(label, checks, filters=[one_line], description=hint, render_kw=render or None)


def text(
    label: str, *, most: int = 5000, required: bool = True, hint: str = "", rows: int = 6, key: str = ""
) -> Field:
    """Several lines of text; a single `key` of the page leads to it."""
    checks = _asked(required, AtMost(most))
    render = {"rows": rows, **({"data-key": key} if key else {})}
    return TextAreaField(label, checks, filters=[_text], description=hint, render_kw=render)


def password(label: str, *, hint: str = "", new: bool = False) -> Field:
    """A password, untouched (blanks at its ends count), short enough that hashing stays cheap."""
    render = {"autocomplete": "new-password" if new else "current-password"}
    return PasswordField(label, [Needed(), AtMost(1024), _no_nul], description=hint, render_kw=render)


def yes(label: str, *, hint: str = "") -> BooleanField:
    """A box to tick."""
    return BooleanField(label, description=hint)


def choice(
    label: str,
    choices: Iterable[tuple[str, str]],
    *,
    required: bool = True,
    hint: str = "",
    radio: bool = False,
) -> SelectField:
    """One of several; as a drop-down (with an empty first line) or as radio buttons."""
    options = [SelectChoice(value, name) for value, name in choices]
    if radio:
        return _Radios(label, _asked(required), choices=options, description=hint)
    empty = [SelectChoice("", lazy("Choose…") if required else lazy("None"))]
    return _Select(label, _asked(required), choices=[*empty, *options], description=hint)


def choices(
    label: str, options: Iterable[tuple[str, str]], *, required: bool = False, hint: str = ""
) -> Field:
    """Several of several, as boxes."""
    listed = [SelectChoice(value, name) for value, name in options]
    return _Boxes(label, [Needed()] if required else [], choices=listed, description=hint)


def offer(field: Any, options: Iterable[tuple[str, str]], *, none: str | None = None) -> None:
    """Give a field of a form its choices, where they are known only when the page is made.

    `none` is the first line of a drop-down for "no answer"; without one it says "Choose…".
    """
    listed = [SelectChoice(value, name) for value, name in options]
    if isinstance(field, SelectMultipleField | RadioField):
        field.choices = listed
    else:
        field.choices = [SelectChoice("", none or _("Choose…")), *listed]


def number(
    label: str, *, least: int = 0, most: int = 999_999_999, required: bool = True, hint: str = ""
) -> Field:
    """A whole number written in plain digits."""
    return NumberField(label, _asked(required), least=least, most=most, description=hint)


def day(label: str, *, required: bool = True, hint: str = "") -> Field:
    """A calendar day, as 2026-01-31 or 01/31/2026."""
    return DayField(label, _asked(required), description=hint)


def _no_nul(form: object, field: Field) -> None:
    if "\0" in (field.data or ""):
        raise ValidationError("This contains a control character, which cannot be used.")


def _values(field: Any) -> set[str]:
    return {str(option.value) for option in field.choices or ()}


class _Select(SelectField):
    def pre_validate(self, form: Any) -> None:
        if self.data and str(self.data) not in _values(self):
            raise ValidationError(_("Choose one of the list."))


class _Radios(RadioField):
    def pre_validate(self, form: Any) -> None:
        if self.data and str(self.data) not in _values(self):
            raise ValidationError(_("Choose one of the list."))


class _Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= _values(self):
            raise ValidationError("Choose from the list.")


class NumberField(StringField):
    """A whole number in plain digits; nothing Python would also take as one."""

    data: Any

    def __init__(self, label: str, validators: list[Any], *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most = least, most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        written = valuelist[0].strip() if valuelist else ""
        if not written:
            return
        if not _NUMBER.fullmatch(written):
            raise ValueError("Write a whole number in digits, such as 12.")
        if not self.least <= int(written) <= self.most:
            raise ValueError(f"Write a number from {self.least:,} to {self.most:,}.")
        self.data = int(written)


class DayField(StringField):
    """A calendar day. A date that does not exist is refused, not moved."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.data.isoformat()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        written = valuelist[0].strip() if valuelist else ""
        if written:
            self.data = read_day(written)


def read_day(written: str) -> date:
    """A day from 1900 to 2199, as 2026-01-31 or 01/31/2026. Raises `ValueError` with a sentence."""
    if found := _ISO_DAY.fullmatch(written):
        year, month, number = (int(piece) for piece in found.groups())
    elif found := _US_DAY.fullmatch(written):
        month, number, year = (int(piece) for piece in found.groups())
    else:
        raise ValueError("Write the date as 2026-01-31 or 01/31/2026.")
    if not 1900 <= year <= 2199:
        raise ValueError("Write a year between 1900 and 2199.")
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError("There is no such day in the calendar.") from None
