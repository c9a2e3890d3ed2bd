"""Data Integrity cryptosuites, one file each."""
