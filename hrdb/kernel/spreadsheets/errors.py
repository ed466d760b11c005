"""What can go wrong with a spreadsheet."""

from __future__ import annotations


class UnreadableFile(Exception):
    """A file that cannot be read; its message is a Vietnamese sentence for the user."""
