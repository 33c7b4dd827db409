"""The hash chain of events and its verification. Arithmetic only: it knows bytes, not cases."""
