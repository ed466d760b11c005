"""Slates (phương án nhân sự): drawing them up, judging them as a whole, turning a chosen one into draft decisions."""
