"""Read-only pages that show several kinds of case at once."""
