"""Filters of lists; the same form feeds list, export and statistics."""
