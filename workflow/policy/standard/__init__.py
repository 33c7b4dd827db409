"""The book as delivered: version 1, put into every new database. Later ones live there alone."""

from __future__ import annotations

from datetime import date

from workflow.policy.book import Book
from workflow.policy.standard import (
    agreements,
    allegations,
    complaints,
    corrective,
    inspections,
    models,
    tasks,
)

BOOK = Book(
    version=1,
    effective_on=date(2019, 1, 1),
    limits=(
        *complaints.LIMITS,
        *inspections.LIMITS,
        *corrective.LIMITS,
        *agreements.LIMITS,
        *tasks.LIMITS,
    ),
    models=models.MODELS,
    templates=models.TEMPLATES,
    cadences=models.CADENCES,
    duties=models.DUTIES,
    scales=models.SCALES,
    allegation_types=allegations.TYPES,
    note="As delivered.",
)
