"""Comparisons that `make bench` runs and prints as ratios."""
