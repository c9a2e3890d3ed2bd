"""Documents: reading bytes within bounds, and building Open Badges 3.0."""
