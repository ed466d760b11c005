"""Workbooks of appraisal."""
