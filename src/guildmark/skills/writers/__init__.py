"""Frameworks written in the formats that others read; no database, no web framework."""
