"""Sheets of ratings: reading, judging, writing."""
