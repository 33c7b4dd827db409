from __future__ import annotations

from urllib.parse import quote

import pytest

from workflow.register.links import clean_link
from workflow.register.names import Unfit

SAFE = "https://gcc02.safelinks.protection.outlook.com"
PLAIN = "https://www.example.gov/doc/Alder_MOA%2001.pdf"


@pytest.mark.parametrize(
    "written",
    [
        PLAIN,
        f" {PLAIN}\n",
        "https:/www.example.gov/doc/Alder_MOA%2001.pdf",
        "https://www.example.gov/doc/Alder_MOA 01.pdf",
        "www.example.gov/doc/Alder_MOA%2001.pdf",
        f"{SAFE}/?url=https%3A%2F%2Fwww.example.gov%2Fdoc%2FAlder_MOA%252001.pdf&data=05%7C02&reserved=0",
        "https://urldefense.com/v3/__https:/www.example.gov/doc/Alder_MOA*2001.pdf__;JQ!!abc$",
        "https://urldefense.com/v3/__https://www.example.gov/doc/Alder_MOA%2001.pdf__;!!abc$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.gov_doc_Alder-5FMOA-252001.pdf&d=Dw",
        "https://urldefense.proofpoint.com/v1/url?u=https://www.example.gov/doc/Alder_MOA%252001.pdf&k=x",
        "chrome-extension://abcdefgh/https:/www.example.gov/doc/Alder_MOA%2001.pdf",
    ],
)
def test_an_address_is_unwrapped_and_repaired(written):
    assert clean_link(written) == PLAIN


def test_an_address_wrapped_twice_is_unwrapped_twice():
    once = f"{SAFE}/?url={quote('https://example.gov/a', safe='')}"

    assert clean_link(f"{SAFE}/?url={quote(once, safe='')}") == "https://example.gov/a"


def test_an_archived_copy_stays_where_it_is():
    archived = "https://archive.example.org/web/2021/https://www.example.gov/a.pdf"

    assert clean_link(archived) == archived


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:someone@example.gov",
        "https://",
        "https://[broken",
        "https://user:secret@example.gov/",
        "https://example.gov/\0",
        "https://x.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://example.gov/" + "a" * 2000,
        "chrome-extension://abcdefgh/",
        "just words",
    ],
)
def test_what_is_no_web_address_is_refused(written):
    with pytest.raises(Unfit):
        clean_link(written)


@pytest.mark.parametrize(
    "written",
    [
        "https://urldefense.com/v3/__https:/example.gov/a*b__;!!abc$",
        "https://urldefense.com/v3/__https:/example.gov/a**Ab__;I\u20ac!!abc$",
        "https://urldefense.com/other",
        "https://x.safelinks.protection.outlook.com/?data=1",
    ],
)
def test_a_wrapping_that_can_not_be_undone_never_fails(written):
    assert clean_link(written).startswith("https://")
