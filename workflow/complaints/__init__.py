"""Complaints and their allegations, from receipt to answer."""
