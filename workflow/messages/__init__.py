"""Letters, notifications and the outbox."""
