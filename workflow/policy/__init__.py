"""Versioned rule tables: time limits, cadences, templates, rating scales, and where each comes from."""
