"""Spreadsheets in and out: bounded reading of what people send, writing of what they download."""
