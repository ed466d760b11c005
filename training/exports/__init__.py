"""Workbooks of training, by subject."""
