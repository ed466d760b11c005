"""Loading the project's own data files (danh mục) into the code lists, repeatably: only what differs is written."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db import models

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.registries import Registry
from hrdb.kernel.text import fold
from personnel.choices import Bloc, UnitLevel
from personnel.models import CODE_LISTS, Title, Unit, UnitKind, UnitVersion

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"

#: The root unit that `prepare` creates, older than any career that a record may tell of.
ROOT_CODE = "UBND"
ROOT_NAME = "Ủy ban nhân dân tỉnh"
ROOT_FROM = datetime.date(1945, 9, 2)


@dataclass
class Loaded:
    """How many items of each list were added or changed."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def count(self, label: str, *, added: int, changed: int) -> None:
        """Add to the tally of a list."""
        self.added[label] = self.added.get(label, 0) + added
        self.changed[label] = self.changed.get(label, 0) + changed


class ReferencePart(Protocol):
    """What an upper app ships beside the code lists: it writes what is missing, and leaves what offices changed."""

    key: str
    label: str

    def load(self) -> int:
        """Write it inside the open event; answers how many rows were added."""
        ...


reference_parts: Registry[ReferencePart] = Registry("danh mục của phần mềm kèm theo")


def load_reference(*, acting_user: User | None = None) -> Loaded:
    """Load every code list and the titles, and create the root unit; a second run writes nothing."""
    loaded = Loaded()
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA_FOLDER / "lists").glob("*.json"))]
    order = {model.__name__: place for place, model in enumerate(CODE_LISTS)}
    with writing(acting_user=acting_user, reason="Nạp danh mục", action=AuditEvent.Action.SYSTEM):
        for content in sorted(files, key=lambda item: order[item["model"]]):
            model = apps.get_model("personnel", content["model"])
            _load_items(model, content["items"], loaded)
        titles = DATA_FOLDER / "titles.json"
        if titles.exists():
            _load_items(Title, json.loads(titles.read_text(encoding="utf-8"))["items"], loaded)
        _ensure_root()
        for part in reference_parts:
            loaded.count(part.label, added=part.load(), changed=0)
    return loaded


def _load_items(model: type[models.Model], items: list[dict[str, Any]], loaded: Loaded) -> None:
    """Add what is new, change what differs; parents of the same list are tied in a second pass."""
    fields = {item.name: item for item in model._meta.concrete_fields if not item.primary_key}
    relations = {name for name, item in fields.items() if isinstance(item, models.ForeignKey)}
    key = ("kind", "code") if "kind" in fields and model.__name__ == "QualificationLevel" else ("code",)
    stored = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    others = {name: _rows_by_code(fields[name].related_model) for name in relations - _self_relations(model)}
    added: list[models.Model] = []
    changed: list[models.Model] = []
    for item in items:
        values = {name: _value(fields[name], item[name]) for name in fields if name in item and name not in relations}
        row = stored.get(tuple(item[name] for name in key))
        if row is None:
            outer = {name: rows.get(item.get(name) or "") for name, rows in others.items()}
            added.append(model(**values, **outer))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    _write(model, added, changed)
    _tie(model, items)
    loaded.count(str(model._meta.verbose_name), added=len(added), changed=len(changed))


def _write(model: type[models.Model], added: list[models.Model], changed: list[models.Model]) -> None:
    if hasattr(model._meta, "simple_history_manager_attribute"):
        for row in (*added, *changed):
            row.save()
        return
    model._default_manager.bulk_create(added, batch_size=1000)
    for row in changed:
        row.save()


def _self_relations(model: type[models.Model]) -> set[str]:
    return {
        item.name
        for item in model._meta.concrete_fields
        if isinstance(item, models.ForeignKey) and item.related_model is model
    }


def _tie(model: type[models.Model], items: list[dict[str, Any]]) -> None:
    """Set relations inside one list (a closed province and its successor)."""
    for name in _self_relations(model):
        rows: dict[str, Any] = _rows_by_code(model)
        for item in items:
            target = rows.get(item.get(name) or "")
            row = rows.get(item["code"])
            if row is not None and getattr(row, f"{name}_id") != (target.pk if target else None):
                setattr(row, name, target)
                row.save(update_fields=[name])


def _rows_by_code(model: Any) -> dict[str, models.Model]:
    return {row.code: row for row in model._default_manager.all()}


def _value(item: models.Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None if item.null else item.get_default()
    if isinstance(item, models.DateField):
        return datetime.date.fromisoformat(value)
    return item.to_python(value)


def _ensure_root() -> None:
    """The root unit `UBND`, once."""
    root, is_new = Unit.objects.get_or_create(code=ROOT_CODE)
    if is_new or not root.versions.exists():
        UnitVersion.objects.create(
            unit=root,
            name=ROOT_NAME,
            search_key=fold(ROOT_NAME),
            kind=UnitKind.objects.filter(name="Ủy ban nhân dân").first(),
            bloc=Bloc.GOVERNMENT,
            level=UnitLevel.PROVINCE,
            effective_from=ROOT_FROM,
        )
