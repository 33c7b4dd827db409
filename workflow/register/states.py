"""The states and territories of the United States by name and postal code. Nothing about offices."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_TABLE: Final = """
AL Alabama; AK Alaska; AZ Arizona; AR Arkansas; CA California; CO Colorado; CT Connecticut; DE Delaware;
DC District of Columbia; FL Florida; GA Georgia; HI Hawaii; ID Idaho; IL Illinois; IN Indiana; IA Iowa;
KS Kansas; KY Kentucky; LA Louisiana; ME Maine; MD Maryland; MA Massachusetts; MI Michigan; MN Minnesota;
MS Mississippi; MO Missouri; MT Montana; NE Nebraska; NV Nevada; NH New Hampshire; NJ New Jersey;
NM New Mexico; NY New York; NC North Carolina; ND North Dakota; OH Ohio; OK Oklahoma; OR Oregon;
PA Pennsylvania; RI Rhode Island; SC South Carolina; SD South Dakota; TN Tennessee; TX Texas; UT Utah;
VT Vermont; VA Virginia; WA Washington; WV West Virginia; WI Wisconsin; WY Wyoming;
AS American Samoa; GU Guam; MP Northern Mariana Islands; PR Puerto Rico; VI United States Virgin Islands
"""

#: Name → postal code (United States Postal Service, Publication 28, appendix B).
STATE_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {name: code for code, name in (entry.strip().split(" ", 1) for entry in _TABLE.split(";"))}
)

#: Other names in use on official lists.
_ALSO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "commonwealth of the northern mariana islands": "Northern Mariana Islands",
        "cnmi": "Northern Mariana Islands",
        "u.s. virgin islands": "United States Virgin Islands",
        "us virgin islands": "United States Virgin Islands",
        "virgin islands": "United States Virgin Islands",
        "washington, d.c.": "District of Columbia",
        "washington dc": "District of Columbia",
    }
)

_KNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name.casefold(): name for name in STATE_CODES},
        **{code.casefold(): name for name, code in STATE_CODES.items()},
        **_ALSO,
    }
)


def state_name(text: str) -> str | None:
    """The state's full name, from its name in any case or its postal code; none if there is no such state."""
    return _KNOWN.get(" ".join(text.split()).casefold())
