"""Complaints of another system, brought in from a file: mapping, reading, entering."""
