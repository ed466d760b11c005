"""No write without its event, no event without its author, and nothing of the trail is ever taken back."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

import personnel.services
from hrdb.kernel.audit import NoAuditEvent, writing
from hrdb.kernel.history import history_model, tracked_models
from hrdb.kernel.models import AuditEvent
from personnel.models import Cadre, ReceivingRequest, Relative, RelativeKind, Unit
from personnel.policies import Role
from tests.factories.personnel import make, make_cadre, make_code, make_unit, make_user


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model._meta.label)
def test_every_history_row_needs_an_event(model: type[models.Model]) -> None:
    event = history_model(model)._meta.get_field("event")
    assert isinstance(event, models.ForeignKey)
    assert not event.null
    assert event.remote_field.on_delete is models.PROTECT


@pytest.mark.django_db
@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model._meta.label)
def test_the_database_refuses_to_change_or_remove_a_history_row(model: type[models.Model]) -> None:
    table = connection.ops.quote_name(history_model(model)._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'", [table])
        guards = {name for (name,) in cursor.fetchall()}
    assert guards >= {"append_only_row", "append_only_table"}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'khác'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_the_trail(statement: str) -> None:
    make_unit()
    table = connection.ops.quote_name(AuditEvent._meta.db_table)
    before = AuditEvent.objects.count()
    assert before > 0
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_a_write_outside_an_event_is_refused() -> None:
    person, unit = make_cadre(), make_unit()
    person.phone = "0912"
    relative = make(Relative, cadre=person, kind=make_code(RelativeKind, "01"), full_name="Nguyễn Văn Cha")
    for act in (person.save, relative.delete, lambda: Unit(code="NGOAI").save(), unit.save):
        with pytest.raises(NoAuditEvent), transaction.atomic():
            act()
    person.refresh_from_db()
    assert person.phone == ""


@pytest.mark.django_db
def test_history_bears_the_author_the_reason_and_the_moment_of_its_event() -> None:
    author, person = make_user(Role.PROVINCE_OFFICER), make_cadre()
    with writing(acting_user=author, reason="theo đơn") as event:
        person.phone = "0912"
        person.save()
    row: Any = history_model(Cadre).objects.filter(id=person.pk).latest("history_id")
    assert (row.event, row.history_user, row.history_change_reason) == (event, author, "theo đơn")
    assert row.history_date == event.moment


@pytest.mark.django_db
def test_what_fails_leaves_neither_rows_nor_event() -> None:
    person = make_cadre()
    before = AuditEvent.objects.count()

    def fail_half_way() -> None:
        with writing(acting_user=None, reason="dở dang"):
            person.phone = "0912"
            person.save()
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail_half_way()
    person.refresh_from_db()
    assert person.phone == ""
    assert AuditEvent.objects.count() == before


def services() -> list[tuple[str, Any]]:
    """Public functions of the services, by name."""
    found = []
    for module in pkgutil.iter_modules(personnel.services.__path__, "personnel.services."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_"):
                found.append((f"{module.name.rpartition('.')[2]}.{name}", function))
    return found


def test_every_service_that_acts_for_a_user_takes_him_by_name() -> None:
    acting = [(name, inspect.signature(function)) for name, function in services()]
    acting = [(name, signature) for name, signature in acting if "acting_user" in signature.parameters]
    assert len(acting) > 20
    wrong = [
        name
        for name, signature in acting
        if signature.parameters["acting_user"].kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    assert [name for name in wrong if name != "grants.require_administrator"] == []


@pytest.mark.django_db
def test_a_table_without_history_is_a_list_a_projection_or_a_work_paper() -> None:
    """What has no history is written down here, so that a new table of facts does not slip through."""
    from django.apps import apps

    from personnel.models import CODE_LISTS, ColumnMapping, ImportBatch, UnitUserPermission, ValueMapping

    without = {
        model
        for model in apps.get_app_config("personnel").get_models()
        if model not in tracked_models() and not model.__name__.startswith("Historical")
    }
    assert without == {*CODE_LISTS, ImportBatch, ColumnMapping, ValueMapping, UnitUserPermission}
    assert ReceivingRequest in tracked_models()
