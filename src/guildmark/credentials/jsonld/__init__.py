"""JSON-LD 1.1 read with the bundled contexts only, and its canonical form (RDFC-1.0)."""
