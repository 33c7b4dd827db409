"""What somebody with a code can do: write, change how to reach them, withdraw, ask for a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from workflow.complaints.safe_ways import WAYS
from workflow.complaints.wizard_forms import SAFE_WAYS, PublicForm, SafeWaysForm
from workflow.web.forms import line, text, yes
from workflow.web.identifiers import looks_like_identifier
from workflow.web.language import _, lazy


class CodeForm(PublicForm):
    code = line(lazy("The code on your receipt"), most=80, autocomplete="off", spellcheck="false")


class MessageForm(PublicForm):
    heading = lazy("Write to us")
    button = lazy("Send the message")
    message = text(lazy("Your message"), most=10_000, rows=6)


class SafeContactForm(SafeWaysForm):
    heading = lazy("Change how we may reach you")
    button = lazy("Change it")
    name = line(lazy("Your name, or what we may call you"), required=False, autocomplete="off")
    reach = line(lazy("Telephone number, e-mail or address"), required=False, autocomplete="off")
    phone_safe = yes(SAFE_WAYS["phone_safe"])
    mail_safe = yes(SAFE_WAYS["mail_safe"])
    letter_safe = yes(SAFE_WAYS["letter_safe"])
    page_only = yes(SAFE_WAYS["page_only"])
    safe = line(lazy("Days and hours that are safe, and anything we must not do"), required=False, most=500)
    stop = yes(lazy("Forget all of it: do not try to reach me any more; I come back here"))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Every check of a field, then whether it says how to reach somebody, or that nobody shall."""
        is_valid: bool = super().validate(extra_validators)
        if is_valid and bool(self.reach.data) == bool(self.stop.data):
            self.reach.errors = [
                _("Write how we can reach you, or tick that nobody shall try. One of the two.")
            ]
            return False
        return is_valid

    def contact(self) -> dict[str, str]:
        """What there is to keep."""
        if self.stop.data:
            return {}
        given = {"name": self.name.data, "reach": self.reach.data, "safe": self.safe.data}
        given |= {way: "yes" if self[way].data else "" for way in WAYS}
        return {name: said for name, said in given.items() if said}


class NewCodeForm(PublicForm):
    heading = lazy("Get a new code")
    hint = lazy(
        "Do this if somebody else may have seen your code. The old one stops at once, and every page that"
        " was opened with it is closed. The new one is shown once: have something to write at hand."
    )
    button = lazy("Give me a new code")
    receipt_code = line(
        lazy("The code you have now"),
        most=80,
        autocomplete="off",
        spellcheck="false",
        hint=lazy("So that nobody changes it on a page you left open."),
    )


class WithdrawForm(PublicForm):
    heading = lazy("Take your report back")
    hint = lazy(
        "We ask you first whether you do so freely."
        " If it is about somebody's safety, we may have to go on without you."
    )
    button = lazy("Ask to take it back")
    why = text(lazy("Why? You do not have to say."), required=False, rows=3)
    freely = yes(lazy("Nobody made me do this"))


class ReviewForm(PublicForm):
    heading = lazy("Ask for a review")
    hint = lazy(
        "If you think we overlooked something or did something wrong, somebody else looks at it again."
        " Ask within 30 days after it ended; later, say why you could not ask before."
    )
    button = lazy("Ask for the review")
    grounds = text(lazy("What is new, or what was done wrong?"), rows=5)
    late = text(lazy("If it is more than 30 days: why only now?"), required=False, rows=3)


#: Where numbers are asked for.
_NUMBERS: Final = frozenset({"reach", "receipt_code"})


def holds_number(form: PublicForm) -> bool:
    """Whether what was written in it looks like a number or a birth date of a person."""
    return any(looks_like_identifier(said) for name, said in form.answers().items() if name not in _NUMBERS)


#: The forms of the page, by what they do.
ACTS: Final[dict[str, type[PublicForm]]] = {
    "message": MessageForm,
    "contact": SafeContactForm,
    "code": NewCodeForm,
    "withdraw": WithdrawForm,
    "review": ReviewForm,
}
