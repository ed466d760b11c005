"""The to-map queue (hàng đợi khớp danh mục): texts kept as written are tied to a code once, for all rows in scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from hrdb.kernel.text import same_text_key
from personnel.choices import QualificationKind
from personnel.models import Assignment, Qualification, QualificationLevel, Title
from personnel.policies import Action
from personnel.services.batches import remember_values
from personnel.services.bulk import update_many


@dataclass(frozen=True)
class Queue:
    """One kind of text that waits: where it stands, what it may be tied to, and how rosters call the list."""

    key: str
    label: str
    model: type[Any]
    text: str
    target: str
    list_name: str
    kind: str = ""

    def rows(self, user: User | None) -> QuerySet[Any]:
        """Rows in the user's scope whose text is tied to nothing."""
        waiting: QuerySet[Any] = self.model.objects.visible_to(user, Action.EDIT).filter(
            **{f"{self.target}__isnull": True}
        )
        waiting = waiting.exclude(**{self.text: ""})
        if self.model is Assignment:
            waiting = waiting.filter(unit__isnull=False)  # a title of an outside organisation has no code here
        return waiting.filter(kind=self.kind) if self.kind else waiting

    def targets(self) -> QuerySet[Any]:
        """What a text may be tied to."""
        if self.model is Assignment:
            return Title.objects.all()
        return QualificationLevel.objects.filter(kind=self.kind)


def _learning(key: str, kind: QualificationKind, list_name: str) -> Queue:
    return Queue(key, kind.label, Qualification, "level_text", "level", list_name, kind)


QUEUES: tuple[Queue, ...] = (
    Queue("title", "Chức vụ, chức danh", Assignment, "title_text", "title", "titles"),
    _learning("degree", QualificationKind.PROFESSIONAL, "degree_levels"),
    _learning("theory", QualificationKind.POLITICAL_THEORY, "political_theory_levels"),
    _learning("management", QualificationKind.STATE_MANAGEMENT, "state_management_levels"),
    _learning("language", QualificationKind.FOREIGN_LANGUAGE, "language_levels"),
    _learning("informatics", QualificationKind.INFORMATICS, "informatics_levels"),
    _learning("defence", QualificationKind.DEFENCE, "defence_levels"),
)


def waiting_texts(queue: Queue, user: User | None) -> list[tuple[str, int]]:
    """Texts of a queue with the number of rows, the most frequent first; one query."""
    rows = queue.rows(user).order_by().values_list(queue.text).annotate(number=Count("pk"))
    return [(text, number) for text, number in rows.order_by("-number", queue.text)]


def tie_text(*, queue: Queue, text: str, code: str, acting_user: User | None) -> int:
    """Tie every row in scope that says `text` to the item of `code`, and remember it for the office.

    Returns the number of rows; the text as written is kept where it says more than the item's name.
    Raises ValidationError for an unknown code.
    """
    target: Model | None = queue.targets().filter(code=code).first()
    if target is None:
        raise ValidationError({"code": f"Không có mã «{code}» trong danh mục."}, code="unknown-value")
    reason = f"Khớp danh mục: «{text}» là «{target}»"
    with writing(acting_user=acting_user, reason=reason):
        rows = list(queue.rows(acting_user).filter(**{queue.text: text}).select_for_update(of=("self",)).order_by("pk"))
        for row in rows:
            setattr(row, queue.target, target)
            if same_text_key(text) == same_text_key(str(target)):
                setattr(row, queue.text, "")
        update_many(queue.model, rows, [queue.target, queue.text])
        remember_values(unit=None, values={queue.list_name: {text: code}}, acting_user=acting_user)
    return len(rows)
