"""What units were called and where they stood on the days that a record speaks of."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from personnel.choices import AssignmentKind
from personnel.models import Assignment, Custody, UnitVersion


@dataclass(frozen=True)
class UnitNames:
    """Versions of the units that records name, and of the units above them; read in two queries."""

    versions: dict[int, list[UnitVersion]]

    @classmethod
    def read(cls, unit_ids: Iterable[int | None]) -> UnitNames:
        """Read the versions of the units and of their parents."""
        versions: dict[int, list[UnitVersion]] = defaultdict(list)
        wanted = {pk for pk in unit_ids if pk is not None}
        for _ in range(2):
            for version in UnitVersion.objects.filter(unit__in=wanted).order_by("unit_id", "effective_from"):
                versions[version.unit_id].append(version)
            above = {v.parent_id for group in versions.values() for v in group if v.parent_id is not None}
            wanted = above - versions.keys()
        return cls(dict(versions))

    def version(self, unit_id: int | None, day: datetime.date) -> UnitVersion | None:
        """What the unit was on the day; after its end its last version, before its beginning its first."""
        known = self.versions.get(unit_id, []) if unit_id is not None else []
        begun = [version for version in known if version.effective_from <= day]
        return begun[-1] if begun else (known[0] if known else None)

    def short(self, unit_id: int | None, day: datetime.date) -> str:
        """The unit's own name on the day."""
        version = self.version(unit_id, day)
        return version.name if version else ""

    def full(self, unit_id: int | None, day: datetime.date) -> str:
        """The name as a career needs it: a part of an agency is followed by the agency's name."""
        version = self.version(unit_id, day)
        if version is None:
            return ""
        above = self.version(version.parent_id, day)
        return f"{version.name}, {above.name}" if above and above.parent_id is not None else version.name

    def agencies(
        self, custodies: Sequence[Custody], assignments: Sequence[Assignment], day: datetime.date
    ) -> tuple[str, str]:
        """Managing agency and employing unit on the day.

        Who keeps the record manages; where the same unit employs, the unit above it manages.
        """
        keeper = next((custody.unit_id for custody in custodies), None)
        post = next((row for row in assignments if row.kind == AssignmentKind.MAIN and row.holds_on(day)), None)
        employer = (post.unit_id if post else None) or keeper
        if keeper is not None and keeper == employer:
            version = self.version(keeper, day)
            keeper = version.parent_id if version and version.parent_id is not None else keeper
        employing = self.short(employer, day) if employer else (post.organisation if post else "")
        return self.short(keeper, day), employing
