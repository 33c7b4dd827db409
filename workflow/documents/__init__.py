"""Evidence: quarantine, checks, storage, custody."""
