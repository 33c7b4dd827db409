"""From cadence to obligations: what each agreement is owed, and when."""
