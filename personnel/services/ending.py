"""Ending rows of access that hold for a period: from a day on they no longer hold."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError

from personnel.services.records import save_checked


def end_from(row: Any, first_day_without: datetime.date, *, too_late: str) -> None:
    """End a locked row of a period, inside an open event; one that has not begun by then is taken away.

    Raises ValidationError with the sentence `too_late` when it had ended before.
    """
    if row.effective_until is not None and row.effective_until <= first_day_without:
        raise ValidationError(too_late, code="period-order")
    if first_day_without <= row.effective_from:
        row.delete()
        return
    row.effective_until = first_day_without
    save_checked(row)
