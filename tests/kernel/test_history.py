"""Record time: append-only tables, one event per write, and what was known at a moment."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import DatabaseError

from hrdb.kernel.audit import NoAuditEvent, writing
from hrdb.kernel.history import as_of, history_model, tracked_models, version_of, write_history
from hrdb.kernel.models import AuditEvent
from personnel.models import Decision
from tests.factories.personnel import make, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = datetime.date(2026, 1, 5)


def _decision(**values: object) -> Decision:
    return make(Decision, **{"number": "1/QĐ", "signed_on": DAY, "effective_on": DAY, "issuer": "UBND tỉnh", **values})


def test_every_history_table_and_the_audit_trail_refuse_changes() -> None:
    tables = [history_model(model)._meta.db_table for model in tracked_models()] + [AuditEvent._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname IN "
            "('append_only_row', 'append_only_table') AND tgenabled = 'O' GROUP BY 1"
        )
        guarded = dict(cursor.fetchall())
    assert {table: guarded.get(table) for table in tables} == dict.fromkeys(tables, 2)


@pytest.mark.parametrize("statement", ["UPDATE {} SET number = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_rows_cannot_be_changed(statement: str) -> None:
    _decision()
    refused = pytest.raises((InternalError, IntegrityError, DatabaseError))
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(history_model(Decision)._meta.db_table))
    assert history_model(Decision).objects.count() == 1


def test_a_tracked_row_is_never_written_outside_an_event() -> None:
    with pytest.raises(NoAuditEvent):
        Decision.objects.create(number="2/QĐ", signed_on=DAY, effective_on=DAY, issuer="UBND tỉnh")


def test_history_carries_user_reason_and_event() -> None:
    user = make_user()
    with writing(acting_user=user, reason="nhập quyết định") as event:
        decision = Decision(number="3/QĐ", signed_on=DAY, effective_on=DAY, issuer="UBND tỉnh")
        decision.save()
    row = history_model(Decision).objects.get(id=decision.pk)
    assert (row.history_user_id, row.history_change_reason, row.event_id) == (user.pk, "nhập quyết định", event.pk)


def test_services_inside_services_share_one_event() -> None:
    before = AuditEvent.objects.count()
    with writing(acting_user=None, reason="ngoài"), writing(acting_user=None, reason="trong") as inner:
        assert inner.reason == "ngoài"
    assert AuditEvent.objects.count() == before + 1


def test_as_of_returns_one_row_when_two_writes_share_a_moment() -> None:
    with writing(acting_user=None, reason="hai lần ghi") as event:
        decision = Decision(number="4/QĐ", signed_on=DAY, effective_on=DAY, issuer="UBND tỉnh")
        decision.save()
        decision.signer = "Người ký"
        decision.save()
    assert [row.signer for row in as_of(Decision, event.moment, id=decision.pk)] == ["Người ký"]


def test_as_of_leaves_out_what_was_deleted_and_what_came_later() -> None:
    decision = _decision()
    first = history_model(Decision).objects.get(id=decision.pk).history_date
    with writing(acting_user=None, reason="xóa") as event:
        decision_id = decision.pk
        decision.delete()
    assert as_of(Decision, first, id=decision_id).count() == 1
    assert as_of(Decision, event.moment, id=decision_id).count() == 0
    assert as_of(Decision, first - datetime.timedelta(seconds=1), id=decision_id).count() == 0


def test_set_wise_history_equals_the_history_of_saves() -> None:
    with writing(acting_user=None, reason="theo lô"):
        rows = Decision.objects.bulk_create(
            Decision(number=f"{n}/QĐ", signed_on=DAY, effective_on=DAY, issuer="UBND tỉnh") for n in range(10, 13)
        )
        assert write_history(Decision, [row.pk for row in rows]) == 3
    one = make(Decision, number="99/QĐ", signed_on=DAY, effective_on=DAY, issuer="UBND tỉnh")
    many, single = history_model(Decision).objects.get(id=rows[0].pk), history_model(Decision).objects.get(id=one.pk)
    ignored = {"history_id", "id", "number", "history_date", "event_id", "history_change_reason"}
    fields = [field.attname for field in history_model(Decision)._meta.concrete_fields if field.attname not in ignored]
    assert [getattr(many, name) for name in fields] == [getattr(single, name) for name in fields]


def test_the_version_of_a_row_grows_with_each_write() -> None:
    decision = _decision()
    first = version_of(decision)
    with writing(acting_user=None, reason="sửa"):
        decision.signer = "Người ký"
        decision.save()
    assert version_of(decision) > first > 0
