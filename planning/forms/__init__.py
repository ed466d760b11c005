"""Forms of succession planning."""
