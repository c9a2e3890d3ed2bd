"""Whether a credential still counts: status lists."""
