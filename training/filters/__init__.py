"""Filters of training, by subject."""
