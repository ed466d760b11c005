"""Rows that are not yet written, put beside a table: which of them its constraints would refuse.

The rows travel once, as JSON, and become rows of the table's own type; every rule is a SELECT over them, and all rules
are asked in one statement. Many rows go through a temporary table, so that the planner knows how many they are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from hrdb.kernel.columns import column_field, quoted_column, quoted_table

Rule = models.BaseConstraint | models.Field[Any, Any]

#: What PostgreSQL supposes a JSON array to hold: more rows than that go through a table that it can measure.
SUPPOSED_ROWS = 100
#: The column that says where a row stands among the candidates.
PLACE = "candidate_place"


def violations(
    model: type[models.Model], rows: Sequence[models.Model], rules: Sequence[Rule]
) -> Iterator[tuple[Rule, list[int]]]:
    """The rules (constraints, or fields that are unique) that rows would break, with the places of those rows."""
    asked = [(rule, sql) for rule in rules if (sql := _question(model, rule))]
    if not rows or not asked:
        return
    questions = [f"SELECT {number}, {PLACE} FROM ({sql}) AS q{number}" for number, (_, sql) in enumerate(asked)]
    found: dict[int, list[int]] = defaultdict(list)
    with _candidates(model, rows) as (beginning, parameters), connection.cursor() as cursor:
        cursor.execute(beginning + " UNION ".join(questions), parameters)
        for number, place in cursor.fetchall():
            found[number].append(int(place))
    for number in sorted(found):
        yield asked[number][0], sorted(found[number])


@contextmanager
def _candidates(model: type[models.Model], rows: Sequence[models.Model]) -> Iterator[tuple[str, list[str]]]:
    """Makes the rows known to SQL as `candidate`: how a statement about them begins, and its parameters."""
    columns = ", ".join(quoted_column(field) for field in model._meta.concrete_fields)
    source = (
        f"SELECT {columns}, ordinality - 1 AS {PLACE} "
        f"FROM jsonb_populate_recordset(NULL::{quoted_table(model)}, %s::jsonb) WITH ORDINALITY"
    )
    payload = [_as_json(model, rows)]
    if len(rows) <= SUPPOSED_ROWS:
        yield f"WITH candidate AS MATERIALIZED ({source}) ", payload
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE candidate AS {source}", payload)
        cursor.execute("ANALYZE candidate")
        yield "", []
        cursor.execute("DROP TABLE candidate")


def _as_json(model: type[models.Model], rows: Sequence[models.Model]) -> str:
    fields = [
        field for field in model._meta.concrete_fields if not isinstance(field, models.JSONField | models.BinaryField)
    ]
    records = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    return json.dumps(records, cls=DjangoJSONEncoder)


def _question(model: type[models.Model], rule: Rule) -> str:
    """A SELECT of the places that break a rule; empty for a rule that cannot be asked."""
    if isinstance(rule, models.Field):
        return _pairs(model, [_equal(rule)], None)
    if isinstance(rule, CheckConstraint):
        return f"SELECT {PLACE} FROM candidate WHERE NOT ({_condition(model, rule)})"
    if isinstance(rule, ExclusionConstraint):
        return _pairs(model, [_excluding(model, *pair) for pair in rule.expressions], rule.condition)
    if isinstance(rule, UniqueConstraint) and rule.fields:
        return _pairs(model, [_equal(column_field(model, name)) for name in rule.fields], rule.condition)
    return ""


def _pairs(model: type[models.Model], matches: Sequence[str], condition: Q | None) -> str:
    """Candidates that match (`matches` joins l and r) a stored row or a candidate before them."""
    where = "true" if condition is None else _condition(model, CheckConstraint(name="probe", condition=condition))
    on = " AND ".join(matches)
    among = on.replace(_STORED_PERIOD, _period("r"))
    candidates, stored = (f"(SELECT * FROM {table} WHERE {where})" for table in ("candidate", quoted_table(model)))
    return (
        f"SELECT l.{PLACE} FROM {candidates} AS l JOIN {stored} AS r ON {on} "
        "WHERE NOT EXISTS (SELECT FROM candidate AS c WHERE c.id = r.id) "
        f"UNION SELECT l.{PLACE} FROM {candidates} AS l JOIN {candidates} AS r ON {among} AND l.{PLACE} > r.{PLACE}"
    )


def _condition(model: type[models.Model], constraint: CheckConstraint) -> str:
    """The constraint's own condition as SQL on bare column names, ready for a statement with parameters."""
    with connection.schema_editor(collect_sql=True) as editor:
        written = str(constraint._get_check_sql(model, editor) or "true")  # type: ignore[attr-defined]
    return written.replace("%", "%%")


def _equal(field: models.Field[Any, Any]) -> str:
    return f"l.{quoted_column(field)} = r.{quoted_column(field)}"


def _excluding(model: type[models.Model], expression: object, operator: str) -> str:
    """One part of an exclusion: a column with its operator, or the period."""
    if isinstance(expression, str | F):
        named = F(expression) if isinstance(expression, str) else expression
        column = quoted_column(column_field(model, named.name))  # type: ignore[attr-defined]
        return f"l.{column} {operator} r.{column}"
    return f"{_period('l')} && {_STORED_PERIOD}"


#: As the index of the constraint has it.
_STORED_PERIOD = "daterange(r.effective_from, r.effective_until)"


def _period(row: str) -> str:
    """The period of a candidate; one that ends before it begins is empty here, another rule refuses it."""
    start, end = f"{row}.effective_from", f"{row}.effective_until"
    return f"daterange({start}, CASE WHEN {end} < {start} THEN {start} ELSE {end} END)"
