"""Classes on the profile: to who trains or inspects the person, and to himself once he was chosen."""

from __future__ import annotations

from typing import Any

from hrdb.kernel.accounts import reader
from personnel.record_parts import ProfileCard, profile_cards
from training.choices import ATTENDING, SETTLED_CLASSES
from training.models import ClassMember
from training.models.readers import reads_training
from training.views.class_opening import member_label
from training.views.classes import dates_of


@profile_cards.register
class ClassesCard(ProfileCard):
    """Classes of the person, the newest first."""

    key, tab, order = "classes", "training", 60
    template_name = "training/classes_card.html"

    def is_shown(self) -> bool:
        """To who trains or inspects him, and to himself of classes whose list stands."""
        opened = self.record.opened
        if opened.is_stub or (opened.is_of_a_day and not opened.is_own):
            return False
        return bool(self._rows()) if opened.is_own or reads_training(reader(self.request)) else False

    def _rows(self) -> list[ClassMember]:
        found: list[ClassMember] | None = getattr(self, "_found", None)
        if found is None:
            user, rows = reader(self.request), ClassMember.objects.filter(cadre_id=self.record.pk)
            if self.record.opened.is_own:
                rows = rows.filter(state__in=ATTENDING, training_class__state__in=SETTLED_CLASSES)
            else:
                rows = rows.visible_to(user)
            rows = rows.select_related("training_class__programme").order_by("-training_class__begins_on", "-pk")
            found = self._found = [row for row in rows if _was_known(row, self.record.opened)]
        return found

    def context(self) -> dict[str, Any]:
        """Classes with dates, state and certificate; the way to the class for who may open it."""
        may_open = reads_training(reader(self.request)) and not self.record.opened.is_own
        rows = [(row, dates_of(row.training_class), member_label(row)) for row in self._rows()]
        return {"rows": rows, "may_open": may_open}


def _was_known(row: ClassMember, opened: Any) -> bool:
    """Whether the class had begun by a past day that is asked."""
    if not opened.is_past_day:
        return True
    begins = row.training_class.begins_on
    return begins is not None and begins <= opened.day
