"""Papers and summaries of succession planning."""
