"""Printing the sơ yếu lý lịch, beside bare WeasyPrint on the same HTML, and a hundred of them on every core.

Ours: from the record in the database to the logged PDF. Bare: WeasyPrint as its manual shows it, given the very HTML
that ours made, with the same stylesheets and the same installed face. The batch runs as the job does, log and merging
included.
"""

from __future__ import annotations

import datetime
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from weasyprint import CSS, HTML

from hrdb.kernel.faces import paper_face
from hrdb.kernel.models import Job, User
from hrdb.kernel.pdf import Sheet, print_sheets
from hrdb.kernel.press import PAPER_CSS, press
from personnel.models import Cadre
from personnel.reports.batch import KIND, Order, print_selection
from personnel.reports.curriculum import STYLESHEETS, curriculum_html, forms, print_curriculum
from personnel.reports.snapshot import record_snapshot, record_snapshots
from tests.personnel.reports.records import full_record, province

PEOPLE = 100
ALONE = 25
ROUNDS = 9
DAY = datetime.date(2026, 6, 30)


class Quiet:
    """Stands for the progress of a job: only the folder of its results matters here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def phase(self, name: str, *, total: int | None = None) -> None:
        """Say nothing."""

    def report(self, done: int, total: int | None = None) -> None:
        """Say nothing."""

    def result_path(self, name: str) -> Path:
        """A file of the result."""
        return self.folder / name


def run(people: int = PEOPLE, rounds: int = ROUNDS) -> list[str]:
    """Measure and answer the lines to print; everything is rolled back."""
    with transaction.atomic():
        units = province()
        cadres = [full_record(units, name=f"Nguyễn Thị Hồng Nhưỡng {number}") for number in range(people)]
        lines = _one(cadres[0], rounds) + _many(cadres)
        transaction.set_rollback(True)
    return lines


def _one(cadre: Cadre, rounds: int) -> list[str]:
    """One unified form, three ways in turns, so that what else the machine does falls on all alike."""
    form = forms["unified"]
    html = curriculum_html(record_snapshot(cadre, DAY, user=None), form)
    family = f"html, @page {{ font-family: '{paper_face().family}' }}"

    def bare() -> Any:
        styles = [CSS(string=family), CSS(filename=PAPER_CSS), *(CSS(filename=path) for path in STYLESHEETS)]
        return HTML(string=html).write_pdf(stylesheets=styles)

    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: print_curriculum(cadre, form=form, day=DAY, acting_user=None),
        "bare": bare,
        "press": lambda: press().print(html, STYLESHEETS),
    }
    for way in ways.values():
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    median = {name: statistics.median(values) for name, values in times.items()}
    ratio = statistics.median(ours / other for ours, other in zip(times["ours"], times["bare"], strict=True))
    return [
        "Một sơ yếu lý lịch đầy đủ (mẫu thống nhất)",
        f"  của ta, từ hồ sơ đến tệp PDF đã ghi nhật ký: {median['ours']:.3f} s",
        f"  WeasyPrint trần, cùng HTML và kiểu trang: {median['bare']:.3f} s",
        f"  riêng phần dàn trang của ta: {median['press']:.3f} s",
        f"  tỷ lệ của ta / trần: {ratio:.2f} (mục tiêu tối đa 1,2)",
    ]


def _many(cadres: list[Cadre]) -> list[str]:
    """A batch as the job runs it: wall time, cores in use, and how much faster than with one printing process."""
    user = User.objects.create(username="bench-in", is_active=True)
    _give_scope(user)
    order = Order(tuple(cadre.pk for cadre in cadres), "unified", DAY, False)
    job = Job.objects.create(kind=KIND, owner=user, parameters=order.as_json())
    with tempfile.TemporaryDirectory() as folder:
        spent, start = _processor_seconds(), time.perf_counter()
        result = print_selection(job, Quiet(Path(folder)))  # type: ignore[arg-type]
        wall, spent = time.perf_counter() - start, _processor_seconds() - spent
        size = result.file.stat().st_size if result.file else 0
        alone = _with_one_printer(cadres[:ALONE], Path(folder)) / min(ALONE, len(cadres))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    used = f"dùng {spent / wall:.2f} lõi trong {len(os.sched_getaffinity(0))}"
    return [
        f"{len(cadres)} hồ sơ trong một việc chạy nền, ghép thành một tệp {size / 2**20:.1f} MB",
        f"  {wall:.1f} s, {used}; tiến trình in lớn nhất {peak:.0f} MB",
        f"  nhanh gấp {alone * len(cadres) / wall:.2f} lần một tiến trình in",
    ]


def _with_one_printer(cadres: list[Cadre], folder: Path) -> float:
    """Seconds that one printing process takes for some of the same people."""
    start = time.perf_counter()
    records = record_snapshots(cadres, DAY, None)
    sheets = (
        Sheet(curriculum_html(record, forms["unified"]), folder / f"{record.cadre_id}.pdf", STYLESHEETS)
        for record in records
    )
    for _ in print_sheets(sheets, printers=1):
        pass
    return time.perf_counter() - start


def _give_scope(user: User) -> None:
    """The whole province."""
    from personnel.models import Grant
    from personnel.policies import Role
    from tests.factories.personnel import make

    make(Grant, user=user, role=Role.PROVINCE_OFFICER, effective_from=datetime.date(2000, 1, 1))


def _processor_seconds() -> float:
    """Processor time of this process and of those that it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print("\n".join(run()))
