"""Readers of what publishers publish: files in, typed values out. No database."""
