"""Agencies, agreements' records, field offices, officers' training, importers of the real lists."""
