"""Questions about ratings, asked for many at once."""
