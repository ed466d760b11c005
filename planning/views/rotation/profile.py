"""Rotation on the profile: a card beside the planning of a person, for who plans or approves; never one's own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from hrdb.kernel.accounts import reader
from personnel.record_parts import ProfileCard, profile_cards
from planning.choices import RotationState
from planning.models import RotationItem
from planning.statistics.names import unit_names
from planning.views.rotation.opening import ITEM_TONES


@profile_cards.register
class RotationCard(ProfileCard):
    """Rotations of the person that the reader sees; their reading is logged with the tab."""

    key, tab, order = "rotation", "planning", 20
    template_name = "planning/rotation_card.html"

    @cached_property
    def items(self) -> list[RotationItem]:
        """The rotations, the latest first."""
        rows = RotationItem.objects.all().visible_to(reader(self.request)).filter(cadre=self.record.pk)
        return list(
            rows.select_related("plan", "title").defer("findings", "plan__content").order_by("-plan__year", "-pk")
        )

    def is_shown(self) -> bool:
        """Where there is one."""
        return bool(self.items)

    def context(self) -> dict[str, Any]:
        """With places by name."""
        day = self.record.opened.day
        names = unit_names({pk for item in self.items for pk in (item.from_unit_id, item.to_unit_id)}, day)
        return {
            "rows": [
                (
                    item,
                    names.get(item.from_unit_id, ""),
                    names.get(item.to_unit_id, ""),
                    ITEM_TONES[RotationState(item.state)],
                )
                for item in self.items
            ]
        }
