"""What every import of another system's records shares: lists declared, mappings, reading, batches."""
