"""What every kind of case shares: event, task, clock, and perform(), the only writer of a state."""
