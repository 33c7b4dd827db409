"""Pure: machines, effects, proofs, calendars, clocks. Standard library only; no Flask, no database."""
