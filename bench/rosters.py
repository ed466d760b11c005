"""Importing a roster of many rows, beside what a user would otherwise have and beside the floor.

Ours: the whole way from the .xlsx to the record, checked, compared, with history, in one transaction. The floor: the very
same rows sent by COPY into the same tables with their constraints on, and their history by INSERT..SELECT. What a user
would otherwise have: django-import-export, default and bulk, into one model with history.
"""

from __future__ import annotations

import datetime
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model, write_history
from personnel.imports.roster.importing import RosterOptions, commit_roster, new_batch, read_roster
from personnel.models import (
    Assignment,
    Cadre,
    Custody,
    Employment,
    PartyMembership,
    PayStep,
    Qualification,
    Unit,
)
from personnel.services.bulk import copy_rows
from tests.factories.personnel import make_unit

ROWS = 20_000
#: Tables that a row writes, parents first.
WRITTEN: tuple[type[Any], ...] = (Cadre, Custody, Employment, Assignment, Qualification, PayStep, PartyMembership)

HEAD = [
    "TT", "Họ và tên", "Giới tính", "Ngày sinh", "Dân tộc", "Số CCCD", "Đơn vị công tác", "Chức vụ", "Ngày tuyển dụng",
    "Ngày vào Đảng", "Trình độ chuyên môn", "Lý luận chính trị", "Quản lý nhà nước", "Ngoại ngữ", "Mã ngạch", "Bậc",
    "Hệ số", "Quê quán",
]  # fmt: skip
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Lò", "Vàng", "Giàng", "Tẩn", "Nông"]
MIDDLE = ["Văn", "Thị", "Đức", "Minh", "Thu", "Quang", "Ngọc", "Hữu"]
GIVEN = ["Hòa", "Mai", "Tuấn", "Lan", "Ước", "Đông", "Hằng", "Khoa", "Oanh", "Páo", "Ân", "Thủy"]


def make_roster(path: Path, rows: int, units: list[str], seed: int = 1) -> None:
    """Write a roster of made-up people."""
    draw = random.Random(seed)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Danh sách")
        sheet.write_string(0, 0, "DANH SÁCH TRÍCH NGANG (Tính đến ngày 31/12/2025)")
        sheet.write_row(2, 0, HEAD)
        for number in range(rows):
            for column, value in enumerate(_person(draw, number, units)):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number + 3, column, value, day)
                else:
                    sheet.write(number + 3, column, value)


def _person(draw: random.Random, number: int, units: list[str]) -> list[Any]:
    is_woman = draw.random() < 0.6
    born = datetime.date(1966, 1, 1) + datetime.timedelta(days=draw.randrange(35 * 365))
    recruited = born + datetime.timedelta(days=22 * 366 + draw.randrange(900))
    century = 0 if born.year < 2000 else 2
    joined = recruited + datetime.timedelta(days=500 + draw.randrange(1500))
    step = draw.randint(1, 6)
    return [
        number + 1,
        f"{draw.choice(FAMILY)} {draw.choice(MIDDLE)} {draw.choice(GIVEN)}",
        "Nữ" if is_woman else "Nam",
        born,
        draw.choice(["Kinh", "Tày", "Mông", "Thái", "Dao"]),
        f"010{century + is_woman}{born.year % 100:02d}{number:06d}",
        draw.choice(units),
        draw.choice(["Chuyên viên", "Giáo viên", "Văn thư viên"]),
        min(recruited, datetime.date(2025, 12, 1)),
        joined if joined < datetime.date(2025, 12, 1) and draw.random() < 0.7 else "",
        draw.choice(["Đại học", "Thạc sĩ", "Cao đẳng"]),
        draw.choice(["Sơ cấp", "Trung cấp", "Cao cấp", ""]),
        draw.choice(["Chuyên viên", "Chuyên viên chính", ""]),
        draw.choice(["Tiếng Anh B1", ""]),
        "01.003",
        step,
        round(2.34 + 0.33 * (step - 1), 2),
        "Lào Cai",
    ]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that some work takes, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def run(rows: int = ROWS) -> list[str]:
    """Measure and answer the lines to print; everything is rolled back."""
    lines = [f"Nhập danh sách {rows:,} dòng x {len(HEAD)} cột"]
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        units = []
        for number in range(40):
            make_unit(f"BENCH.{number}", name=f"Sở Đo lường số {number}")
            units.append(f"Sở Đo lường số {number}")
        path = Path(folder) / "danh-sach.xlsx"
        make_roster(path, rows, units)
        ours, queries, report = _ours(path)
        floor, written = _floor()
        lines += [
            f"  của ta, từ tệp đến hồ sơ: {ours:.2f} s ({rows / ours:,.0f} dòng/s), {written:,} dòng dữ liệu, "
            f"{queries} truy vấn ({queries / rows:.4f} mỗi dòng), {report}",
            f"  sàn, COPY và INSERT..SELECT lịch sử cùng các dòng: {floor:.2f} s",
            f"  tỷ lệ của ta / sàn: {ours / floor:.2f} (mục tiêu tối đa 2,5)",
        ]
        lines += _import_export(floor)
        transaction.set_rollback(True)
    return lines


def _ours(path: Path) -> tuple[float, int, str]:
    def work() -> Any:
        read = read_roster(path, user=None, options=RosterOptions())
        return commit_roster(read, batch=new_batch(path, user=None))

    with CaptureQueriesContext(connection) as queries:
        seconds, compared = timed(work)
    report = compared.report
    assert report.committed, report.errors[:3]
    return seconds, len(queries), f"{report.created:,} hồ sơ mới"


def _floor() -> tuple[float, int]:
    """Send the same rows again by COPY, with history; the rows and their history are taken out first, untimed."""
    rows = {model: list(model.objects.filter(pk__in=_of_bench(model))) for model in WRITTEN}
    with connection.cursor() as cursor:
        for model in reversed(WRITTEN):
            table = history_model(model)._meta.db_table
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'DELETE FROM "{table}"')
            model.objects.filter(pk__in=[row.pk for row in rows[model]])._raw_delete(connection.alias)
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    keys: dict[int, int] = {}

    def work() -> None:
        with writing(acting_user=None, reason="sàn"):
            for model in WRITTEN:
                old = [row.pk for row in rows[model]] if model is Cadre else []
                if model is not Cadre:
                    for row in rows[model]:
                        row.cadre_id = keys[row.cadre_id]
                copy_rows(model, rows[model])
                keys.update(zip(old, (row.pk for row in rows[model]), strict=True) if old else {})
                write_history(model, [row.pk for row in rows[model]])

    seconds, _ = timed(work)
    return seconds, sum(map(len, rows.values()))


def _of_bench(model: type[Any]) -> Any:
    units = Unit.objects.filter(code__startswith="BENCH.")
    people = Custody.objects.filter(unit__in=units).values("cadre_id")
    return model.objects.filter(**({"pk__in": people} if model is Cadre else {"cadre_id__in": people})).values("pk")


def _import_export(floor: float) -> list[str]:
    try:
        from bench.import_export import measure
    except ImportError as error:
        return [f"  django-import-export: không đo ({error})"]
    return measure()


if __name__ == "__main__":
    print("\n".join(run()))
