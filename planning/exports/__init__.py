"""Workbooks of succession planning."""
