"""Sheets of training, read back."""
