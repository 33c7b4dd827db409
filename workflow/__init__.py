"""Plumbline: the case system of an oversight office. The rooms are described in CONTRIBUTING.md."""
