"""The declarative base, the session and the set-up of both databases. No model lives here."""
