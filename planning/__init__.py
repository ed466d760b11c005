"""Succession rounds, candidates, coverage, rotation and targets (quy hoạch, luân chuyển)."""
