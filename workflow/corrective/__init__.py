"""Deficiencies and what was done about them."""
