"""The substrate of every kind of case: case, event, task, clock, and perform(), the only writer of a state."""
