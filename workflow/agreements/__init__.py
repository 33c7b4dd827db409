"""The life of an agreement, from application to its end."""
