"""Cycles, ratings, caps and confidence votes (đánh giá, xếp loại)."""
