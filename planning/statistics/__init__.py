"""Questions about who may be planned, asked for many at once."""
