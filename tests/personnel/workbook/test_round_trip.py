"""Whatever a record holds: its workbook, sent back as it is, says nothing new, writes nothing and makes no history.

Rows are drawn from the models' own fields, so a new part of the record is tried as soon as it is declared: partial
dates, empty values, long names, letters taken apart, leading zeros, formulas, decimals, closed items, periods open and
over. What the tables themselves refuse is left out.
"""

from __future__ import annotations

import datetime
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdb.kernel.audit import writing
from hrdb.kernel.constraints import check_rows
from personnel.exports.workbook.cells import as_text, tidy
from personnel.exports.workbook.exporting import export_people
from personnel.exports.workbook.sheets import PERSON_SHEET, RowSheet, sheets_in_order
from personnel.imports.workbook.importing import commit_book, compare_book, new_batch, read_book
from personnel.models import (
    PARTIAL_DATES,
    Cadre,
    CodeList,
    Commune,
    Decision,
    DisciplineForm,
    JobPosition,
    Mandate,
    Province,
    QualificationLevel,
    Seat,
    Title,
    Unit,
)
from personnel.record_tables import record_parts
from personnel.services.bulk import create_many
from personnel.services.cadres import derive_keys
from tests.factories.personnel import make, make_code, make_title, make_unit
from tests.factories.record_workbooks import EditedBook
from tests.personnel.workbook.conftest import history_count

pytestmark = pytest.mark.django_db

D = datetime.date
DAYS = st.dates(D(1880, 1, 1), D(2150, 12, 31))
#: Letters that break spreadsheets or comparisons: combining marks, formulas, blanks of all kinds, XML, emoji.
ODD = "=+-@'\"<>&%_x000D_ \u00a0\u200b\u0301\u0302\u031b\u0323đĐạẬ\t{}\\/;:,.0123456789𠀀😀\u2028\ufffe"
LETTERS = st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8", exclude_characters="\x00"))
NAMES = ("Nguyễn Ngọc Quỳnh Hương", "Đặng Tuyết Ước Nguyện")
TEXTS = st.one_of(
    st.text(LETTERS, max_size=40),
    st.sampled_from(["00123", "0912 000 111", "=1+1", "Giàng Thị Ước", "  hai  dòng\n\nkhoảng trắng ", "1e5", "TRUE"]),
    st.sampled_from(["Nguyễn Ngọc Quỳnh Hương", "Đặng Tuyết Ước Nguyện"]).map(
        lambda text: unicodedata.normalize("NFD", text)
    ),
    st.text("ạửđ ", min_size=180, max_size=260),
)
#: Names of models' fields that the tables fill by themselves, or that no sheet has.
LEFT_OUT = {"id", "cadre", "search_key", "sort_key", "photo", "account", *PARTIAL_DATES.values()}


def test_every_part_of_the_record_has_a_sheet_with_headings_of_its_own() -> None:
    sheets = sheets_in_order()
    assert sheets[0] is PERSON_SHEET
    assert {sheet.key for sheet in sheets[1:]} >= {part.key for part in record_parts}
    for sheet in sheets:
        columns = sheet.columns(None, D(2026, 1, 1))
        assert len({column.label for column in columns}) == len(columns), sheet.label
        assert len(sheet.label) <= 31


@given(st.text(LETTERS, max_size=80) | TEXTS)
def test_a_text_is_tidied_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert as_text(tidy(text)) == tidy(text)


@pytest.fixture
def lists(db: None) -> dict[type[models.Model], list[Any]]:
    """Items of every list that a sheet names: two that are called the same, a closed one, one with odd letters."""
    found: dict[type[models.Model], list[Any]] = {}
    province = make_code(Province, "15", name="Tỉnh Lào Cai")
    named = {field.related_model for sheet in sheets_in_order() for field in _relations(sheet.model)}
    for model in named:
        if issubclass(model, CodeList):
            more: dict[str, Any] = {"province": province} if model is Commune else {}
            more |= {"kind": "professional"} if model is QualificationLevel else {}
            more |= {"regime": "state"} if model is DisciplineForm else {}
            names = ("Giống nhau", "Giống nhau", "Đã đóng", "=Lạ · (x) \u0323")
            found[model] = [make_code(model, f"x-{place}", name=name, **more) for place, name in enumerate(names)]
            found[model][2].valid_until = D(2000, 1, 1)
            found[model][2].save()
    unit = make_unit("DV-1", name="Đơn vị (cũ)")
    closed = make_unit("DV-2", name="Đơn vị đã giải thể", effective_until=D(2010, 1, 1))
    title = make_title("T-1", name="Phó Giám đốc")
    of = {"effective_from": D(2000, 1, 1)}
    return found | {
        Unit: [unit, closed],
        Title: [title, make_title("T-2", name="Phó Giám đốc")],
        Seat: [make(Seat, unit=unit, title=title, **of)],
        JobPosition: [make(JobPosition, unit=unit, code="VT-01", name="Vị trí", group="shared", **of)],
        Mandate: [make(Mandate, body=unit, name="2020-2025", begins_on=D(2020, 1, 1))],
        Decision: [make(Decision, number="01/QĐ-=1", signed_on=D(2019, 1, 1), issuer="Sở", effective_on=D(2019, 1, 1))],
    }


def _relations(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation and field.name not in LEFT_OUT]


@dataclass
class Pool:
    """What one example draws from: a few texts and days that many fields share, and the items of lists."""

    lists: dict[type[models.Model], list[Any]]
    texts: list[str]
    days: list[D]

    def values(self, field: Any) -> st.SearchStrategy[Any]:
        """What a field may hold."""
        nothing: st.SearchStrategy[Any] = st.none() if field.null else st.nothing()
        if isinstance(field, models.ForeignKey):
            items = self.lists[field.related_model]  # type: ignore[index]
            return nothing | st.sampled_from([item.pk for item in items])
        if field.choices:
            blank = [""] if field.blank else []
            return st.sampled_from([*blank, *(value for value, _ in field.flatchoices)])
        if isinstance(field, models.DateField):
            return nothing | st.sampled_from(self.days)
        if isinstance(field, models.BooleanField):
            return st.booleans()
        if isinstance(field, models.DecimalField):
            most = Decimal(10) ** (field.max_digits - field.decimal_places) - 1
            return nothing | st.decimals(0, most, places=field.decimal_places)
        if isinstance(field, models.PositiveSmallIntegerField):
            return nothing | st.integers(0, 32767)
        if isinstance(field, models.EmailField):
            return st.sampled_from(["", "a.b+c@example.vn"])
        assert isinstance(field, models.CharField | models.TextField), field
        texts = ["", *self.texts] if field.blank else [text for text in self.texts if text] or ["x"]
        return st.sampled_from([text[: field.max_length] for text in texts] if field.max_length else texts)

    def row(self, model: Any) -> st.SearchStrategy[dict[str, Any]]:
        """Values for a row of a model."""
        fields = [field for field in model._meta.concrete_fields if field.name not in LEFT_OUT]
        return st.fixed_dictionaries({field.attname: self.values(field) for field in fields})


def _written(model: Any, rows: Sequence[dict[str, Any]], cadre: Cadre) -> None:
    """Write those rows that the table takes, each beside the ones before it."""
    taken: list[Any] = []
    for values in rows:
        row = model(cadre=cadre, **values)
        until = getattr(row, "effective_until", None)
        if until is not None and until <= row.effective_from:
            row.effective_until = None
        if not check_rows(model, [*taken, row]):
            taken.append(row)
    create_many(model, taken)


@given(data=st.data())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_workbook_sent_back_as_it_is_changes_nothing(
    data: st.DataObject, lists: dict[type[models.Model], list[Any]], tmp_path: Path
) -> None:
    with transaction.atomic(), writing(acting_user=None, reason="thử"):
        texts, days = st.lists(TEXTS, min_size=3, max_size=5), st.lists(DAYS, min_size=3, max_size=5)
        pool = Pool(lists, data.draw(texts), data.draw(days))
        people = [_person(data, pool, number) for number in (None, "001080000001")]
        for sheet in sheets_in_order():
            if isinstance(sheet, RowSheet):
                for cadre in people:
                    _written(sheet.model, data.draw(st.lists(pool.row(sheet.model), max_size=2)), cadre)
        before = history_count()
        path = tmp_path / "so.xlsx"
        path.write_bytes(_content(people, data.draw(st.booleans())))
        read = read_book(path, user=None, reason="")
        found = compare_book(read)
        told = [one for one in found.compared.verdicts.values() if one.outcome != "same" or one.warnings]
        assert told == []
        assert (found.report.errors, found.report.warnings) == ([], [])
        assert found.report.same == found.report.rows >= len(people)
        committed = commit_book(read, batch=new_batch(path, user=None))
        assert (committed.report.committed, committed.report.same) == (True, found.report.rows)
        assert history_count() == before
        transaction.set_rollback(True)


def _content(people: Sequence[Cadre], is_saved_again: bool) -> bytes:
    """The workbook, as it left or as another program saves it."""
    if is_saved_again:
        return EditedBook.exported(people).content
    buffer = io.BytesIO()
    export_people(buffer, ids=[one.pk for one in people], day=timezone.localdate(), acting_user=None)
    return buffer.getvalue()


def _person(data: st.DataObject, pool: Pool, number: str | None) -> Cadre:
    """Somebody whom the table takes."""
    values = data.draw(pool.row(Cadre)) | {"personal_number": number, "classification": "plain"}
    values["full_name"] = values["full_name"].strip() or "Vô Danh"
    if values["enlisted_on"] and values["discharged_on"] and values["discharged_on"] < values["enlisted_on"]:
        values["discharged_on"] = None
    known = {column: data.draw(st.sampled_from(["day", "month", "year"])) for column in PARTIAL_DATES.values()}
    cadre = Cadre(**values, **known)
    derive_keys(cadre)
    if not cadre.full_name:
        cadre.full_name = "Vô Danh"
        derive_keys(cadre)
    create_many(Cadre, [cadre])
    return cadre
