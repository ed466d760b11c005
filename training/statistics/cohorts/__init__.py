"""Choosing a cohort (chọn học viên): the best list under all quotas at once, proven, with a sentence for everybody.

`candidates` are plain values, `solving` makes the list, `explaining` says why, `reading` reads the command's file.
"""
