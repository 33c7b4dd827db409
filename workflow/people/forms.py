"""Forms about accounts. What may be done with them is in `service`."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from wtforms.fields import EmailField, Field, HiddenField

from workflow.engine.actors import Role
from workflow.web.forms import (
    AtMost,
    BaseForm,
    Needed,
    choice,
    choices,
    day,
    line,
    number,
    offer,
    one_line,
    password,
    text,
    yes,
)

#: What roles are called on pages.
ROLE_NAMES = {
    Role.INTAKE: "Intake",
    Role.REVIEWER: "Complaint reviewer",
    Role.FIELD_SUPERVISOR: "Field supervisor",
    Role.INSPECTOR: "Inspector",
    Role.MANAGER: "Manager",
    Role.PROGRAMME_MANAGER: "Programme manager",
    Role.LIAISON: "Liaison",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
    Role.AGENCY_CONTACT: "Agency contact (outside the office)",
}
ROLES = [(role.value, name) for role, name in ROLE_NAMES.items()]

#: United States zones first: nearly everybody's.
US_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
)


def zones() -> list[tuple[str, str]]:
    """Every zone by its name, those of the United States first."""
    others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in US_ZONES)
    return [(zone, zone.replace("_", " ")) for zone in (*US_ZONES, *others)]


def email(label: str = "E-mail address") -> Field:
    return EmailField(
        label,
        [Needed(), AtMost(254)],
        filters=[one_line],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


class SignInForm(BaseForm):
    email = email()
    password = password("Password")
    next = HiddenField()


class NewPasswordForm(BaseForm):
    """Two times the same, so that a slip of the finger locks nobody out."""

    new_password = password(
        "New password", new=True, hint="At least 12 characters. A few words in a row are easy to remember."
    )
    again = password("The same again", new=True)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.new_password.data != self.again.data:
            self.again.errors = ["The two are not the same."]
            return False
        return True


class ChangePasswordForm(NewPasswordForm):
    password = password("Present password")


class AccountForm(BaseForm):
    name = line("Name", most=120, autocomplete="name")
    zone = choice("Time zone in which you are shown moments", [], required=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self.zone, zones(), none="The office's own")


class LeaveForm(BaseForm):
    """Both days included."""

    from_on = day("First day away")
    until_on = day("Last day away")


class WeekForm(BaseForm):
    visit_days = number(
        "Days a week",
        most=5,
        required=False,
        hint="From 0 to 5. Left empty, what the policy says.",
    )


class InviteForm(BaseForm):
    email = email()
    name = line("Name", most=120, hint="As colleagues know them.")
    roles = choices("Roles", ROLES)
    offices = choices("Home offices", [])
    agencies = line(
        "Agencies they answer for",
        required=False,
        most=600,
        hint="For agency contacts only: the short names from the agencies' addresses, separated by commas.",
    )

    def __init__(self, *, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self.offices, offices)


class InviteContactForm(BaseForm):
    """A contact of an agency, by the liaison."""

    email = email()
    name = line("Name", most=120)
    until = day("Last day as its contact", required=False, hint="Leave it open if there is none.")


class InviteManyForm(BaseForm):
    rows = text(
        "People, one a line",
        most=200_000,
        rows=12,
        hint="Comma-separated, with this first line: email,name,roles,offices. Several roles or offices are"
        " separated by semicolons.",
    )


class RoleForm(BaseForm):
    role = choice("Role", ROLES)


class OfficesForm(BaseForm):
    home = choices("Home offices", [])
    cover = choices("Offices covered", [])
    until = day(
        "Cover until", required=False, hint="The last day, as 2026-01-31. Empty: until it is changed."
    )

    def __init__(self, *, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self.home, offices)
        offer(self.cover, offices)


class SwitchOffForm(BaseForm):
    successor = choice(
        "Who takes over their open work", [], required=False, hint="None: it waits for anybody."
    )
    sure = yes("I know that this account cannot be used again")

    def __init__(self, *, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer(self.successor, colleagues, none="Nobody in particular")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.sure.data:
            self.sure.errors = ["Tick this first: switching off is for good."]
            return False
        return True
