"""`manage.py structure --day D [--as USER] [--unit CODE] [--rows R] [--youth Y] --format json|xlsx|pdf [--out F]`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.management.acting import ActingCommand, iso_day
from personnel.policies import Action
from personnel.reports.structure import StructureReport
from personnel.reports.structure_workbook import structure_workbook
from personnel.rules.youth import DEFAULT_YOUTH, youth_definitions
from personnel.services.reading import log_export, log_print
from personnel.statistics import DEFAULT_POPULATION, DIMENSIONS, POPULATIONS, UnitNotFound, structure
from personnel.statistics.people import UNIT

FORMATS = ("json", "xlsx", "pdf")
USAGE = (
    "Cách dùng: structure --day YYYY-MM-DD [--as USER] [--unit CODE] [--rows unit|level|title_group|rank|category|...] "
    "[--youth under-35|under-40|under-42|under-45] [--population ...] --format json|xlsx|pdf [--out FILE]."
)


class Command(ActingCommand):
    """Count and write; bad input is one sentence on standard error and exit code 2."""

    usage = USAGE
    help = "Thống kê cơ cấu đội ngũ vào một ngày: JSON, Excel hoặc PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Day, user, unit, rows, definition of young, population, format, file."""
        parser.add_argument("--day", type=iso_day, metavar="YYYY-MM-DD", help="ngày thống kê; bỏ trống: hôm nay")
        self.add_acting_argument(parser)
        parser.add_argument("--unit", metavar="CODE", help="mã đơn vị; bỏ trống: toàn phạm vi được giao")
        parser.add_argument("--rows", default=UNIT, help="dòng của bảng: unit, level, title_group, rank, category, ...")
        parser.add_argument("--youth", default=DEFAULT_YOUTH, help="mốc tuổi trẻ: under-35, under-40, ...")
        parser.add_argument("--population", default=DEFAULT_POPULATION, help="đối tượng: present, leaders, ...")
        parser.add_argument("--format", default="json", help="dạng kết quả: json, xlsx, pdf")
        parser.add_argument("--out", type=Path, metavar="FILE", help="tệp kết quả; JSON không cần")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, log what leaves the server, write."""
        user = self.acting_user(options)
        kind, out, day = options["format"], options["out"], options["day"] or timezone.localdate()
        self._check(options, user)
        if kind != "json" and out is None:
            self.stop(f"Cần --out FILE để ghi kết quả dạng {kind}.")
        self.require_writable(out)
        self.require_scope(user, Action.VIEW)
        asked = {key: options[key] for key in ("unit", "rows", "youth", "population")}
        try:
            report = StructureReport(structure(user=user, day=day, **asked))
        except UnitNotFound:
            self.stop(f"Không có đơn vị mã «{options['unit']}» trong phạm vi được giao.")
        if kind == "pdf":
            log_print(user=user, what=report.title, day=day)
        else:
            filters = {key: value for key, value in asked.items() if value}
            log_export(user=user, what=report.title, day=day, filters=filters, file_format=kind)
        self._write(report, kind, out)

    def _check(self, options: dict[str, Any], user: User | None) -> None:
        """End with a sentence for a word that is none of those known."""
        known: dict[str, Collection[str]] = {
            "rows": (UNIT, *(one.key for one in DIMENSIONS if one.may_be_rows and one.is_open(user))),
            "youth": youth_definitions(timezone.localdate()),
            "population": [one.key for one in POPULATIONS if one.is_open(user)],
            "format": FORMATS,
        }
        for name, words in known.items():
            if options[name] not in words:
                self.stop(f"--{name} «{options[name]}» không dùng được: chọn một trong {', '.join(words)}.")

    def _write(self, report: StructureReport, kind: str, out: Path | None) -> None:
        """The result to its file, JSON without one to standard output."""
        if kind == "json":
            self.write_json(report.as_json(), str(out) if out else None)
        elif out is not None:
            self.write(out, structure_workbook(report) if kind == "xlsx" else report.pdf())
