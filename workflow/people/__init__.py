"""Accounts, roles, offices, absence, recusals and sign-in."""
