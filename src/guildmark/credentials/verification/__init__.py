"""Verifying a credential: a report, check by check."""
