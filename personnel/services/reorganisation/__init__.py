"""Reorganisation of units (sắp xếp tổ chức): cases and their steps, what they would change, and changing it.

`cases` keeps what a case says, `tree` and `steps` what becomes of the units, `planning` what becomes of everything that
stands in them, `applying` rehearses, writes and undoes.
"""
