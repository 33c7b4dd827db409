"""What people enclose: taken in, looked at, kept sealed, given out. A case is an id and a key here."""
