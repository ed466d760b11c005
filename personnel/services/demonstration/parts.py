"""What upper apps add to the demonstration province: each registers a part, which writes when the people stand."""

from __future__ import annotations

import datetime
from typing import Protocol

from hrdb.kernel.registries import Registry


class DemonstrationPart(Protocol):
    """A part of the demonstration; parts are written in their `order`, each in an audit event of its own."""

    key: str
    order: int

    def write(self, *, day: datetime.date) -> int:
        """Write it set-wise, inside the open event; answers the number of rows."""
        ...


demonstration_parts: Registry[DemonstrationPart] = Registry("phần của tỉnh trình diễn")
