"""Filters of the lists of succession planning."""
