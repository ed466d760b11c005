"""Writing: keyword-only functions, one transaction and one audit event each."""
