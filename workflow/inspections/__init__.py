"""Compliance inspections of an agreement, from plan to close-out."""
