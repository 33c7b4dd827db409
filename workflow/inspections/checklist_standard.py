"""The checklist as delivered: the first version, reviewed like code. Data only.

The office makes later versions on the page Checklists; this one stays for whatever was begun under it.
"""

from __future__ import annotations

from typing import Final

from workflow.inspections.checklist import Area, Checklist, Item
from workflow.inspections.checklist_items import (
    CUSTODY,
    DESIGNATION,
    FUNCTIONS,
    JEM,
    OFFICERS,
    RECORDS,
    REVIEW,
    SUPERVISION,
    WORK,
    WSO,
)

_AREAS: Final = (
    Area("officers", "Officers and authorisations"),
    Area("training", "Training"),
    Area("functions", "Delegated functions"),
    Area("supervision", "Supervision and review"),
    Area("custody", "Custody and claims of citizenship"),
    Area("language", "Interpreters"),
    Area("complaints", "Complaints and notices"),
    Area("information", "Contacts, media, access"),
    Area("processing", "Processing"),
    Area("warrants", "Warrants"),
    Area("files", "Sampled files"),
)

_JAIL: Final = (
    Item(
        "J1",
        "processing",
        "The sampled files are complete and correct.",
        RECORDS,
        guidance="The sample below says which do not conform.",
        evidence="Sampled files, by number.",
        models=JEM,
    ),
    Item(
        "J2",
        "processing",
        "Charging documents were put before a federal officer to sign.",
        SUPERVISION,
        guidance="Look at who signed, and when, in the sample.",
        evidence="Sampled files, by number.",
        models=JEM,
    ),
    Item(
        "J3",
        "processing",
        "Detainers were notified within about 24 hours.",
        CUSTODY,
        guidance="Compare the hour of the form with that of the notice.",
        evidence="Sampled files, by number.",
        models=JEM,
    ),
    Item(
        "J4",
        "processing",
        "The record checks of the sampled files were made.",
        RECORDS,
        guidance="A print or an entry of the check is in the file.",
        evidence="Sampled files, by number.",
        models=JEM,
    ),
    Item(
        "J5",
        "processing",
        "Files are kept as federal records, under lock.",
        RECORDS,
        guidance="See the place, and who has the key.",
        evidence="Photograph of the closed cabinet.",
        models=JEM,
    ),
    Item(
        "J6",
        "processing",
        "Only listed officers have access to federal systems.",
        RECORDS,
        guidance="Hold the list of accounts against the roster.",
        evidence="List of accounts with the day of their last use.",
        models=JEM,
    ),
)
_WARRANTS: Final = (
    Item(
        "W1",
        "warrants",
        "Every sampled file has a warrant signed before it was served.",
        FUNCTIONS,
        guidance="The sample below says which do not.",
        evidence="Sampled files, by number.",
        models=WSO,
        critical=True,
    ),
    Item(
        "W2",
        "warrants",
        "The federal office was told at once after each service.",
        CUSTODY,
        guidance="Compare the hour of service with that of the message.",
        evidence="Sampled files, by number.",
        models=WSO,
    ),
    Item(
        "W3",
        "warrants",
        "About ten files were sampled, by number only.",
        REVIEW,
        guidance="Choose them yourself, spread over the time since the last visit.",
        evidence="The sample below.",
        models=WSO,
    ),
)


def _of_file(code: str, words: str, clause: str, guidance: str, models: tuple[str, ...]) -> Item:
    return Item(
        code,
        "files",
        words,
        clause,
        guidance=guidance,
        evidence="The file itself; nothing of it is copied or photographed.",
        models=models,
        of_file=True,
    )


_FILES: Final = (
    _of_file("S1", "The warrant was signed before it was served.", FUNCTIONS, "Compare both hours.", WSO),
    _of_file("S2", "It was served in the jail.", FUNCTIONS, "The form says where.", WSO),
    _of_file("S3", "It was served at the time of release.", FUNCTIONS, "Compare both hours.", WSO),
    _of_file(
        "S4",
        "The officer who served it was authorised on that day.",
        DESIGNATION,
        "Hold the signature against the roster.",
        WSO,
    ),
    _of_file(
        "S5", "The federal office was told at once.", CUSTODY, "The message has an hour in the file.", WSO
    ),
    _of_file("S6", "The file has every form it needs.", RECORDS, "By the list of the agreement.", JEM),
    _of_file("S7", "A federal officer signed the charging documents.", SUPERVISION, "With a day.", JEM),
    _of_file("S8", "The record checks were made.", RECORDS, "A print or an entry is in the file.", JEM),
    _of_file(
        "S9",
        "The notice of a detainer went out within about 24 hours.",
        CUSTODY,
        "Compare both hours.",
        JEM,
    ),
)

STANDARD: Final = Checklist("2026-1", _AREAS, (*OFFICERS, *WORK, *_JAIL, *_WARRANTS, *_FILES))
