"""Records for tests: each maker writes through the database's own rules, inside one audit event."""
