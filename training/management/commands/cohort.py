"""`manage.py cohort --candidates FILE.csv --capacity N [quotas] --format json`: the solver alone."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from personnel.management.acting import ActingCommand
from training.statistics.cohorts.candidates import Cohort, Quotas
from training.statistics.cohorts.reading import UnreadableCandidates, read_candidates
from training.statistics.cohorts.solving import choose

USAGE = (
    "Cách dùng: cohort --candidates TỆP.csv --capacity N [--min-women N] [--min-minority N] [--min-young N] "
    "[--max-per-unit N] [--min-per-unit N] --format json."
)


def count(text: str) -> int:
    """A number of people of the command line."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"«{text}» không phải là số người (số nguyên từ 0)")
    return int(text)


class Command(ActingCommand):
    """Choose and print JSON; bad input is one sentence on standard error and exit code 2."""

    usage = USAGE
    help = "Chọn học viên cho một lớp từ tệp CSV: danh sách tối ưu dưới mọi chỉ tiêu, in JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and the quotas."""
        parser.add_argument("--candidates", required=True, metavar="FILE.csv", help="id, unit, sex, priority, ...")
        parser.add_argument("--capacity", required=True, type=count, metavar="N", help="số chỗ của lớp")
        parser.add_argument("--min-women", type=count, default=0, metavar="N", help="số nữ tối thiểu")
        parser.add_argument("--min-minority", type=count, default=0, metavar="N", help="số người DTTS tối thiểu")
        parser.add_argument("--min-young", type=count, default=0, metavar="N", help="số cán bộ trẻ tối thiểu")
        parser.add_argument("--max-per-unit", type=count, metavar="N", help="số người tối đa của một đơn vị")
        parser.add_argument("--min-per-unit", type=count, default=0, metavar="N", help="số người tối thiểu của đơn vị")
        parser.add_argument("--format", choices=("json",), default="json", help="json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, solve, print."""
        try:
            candidates = read_candidates(Path(options["candidates"]))
        except UnreadableCandidates as error:
            self.stop(str(error))
        quotas = Quotas(
            capacity=options["capacity"],
            min_women=options["min_women"],
            min_minority=options["min_minority"],
            min_young=options["min_young"],
            max_per_unit=options["max_per_unit"],
            min_per_unit=options["min_per_unit"],
        )
        self.write_json(as_json(choose(candidates, quotas)), None)


def as_json(cohort: Cohort) -> dict[str, Any]:
    """A cohort as the command prints it."""
    return {
        "status": cohort.status,
        "objective": round(cohort.objective, 6),
        "picked": list(cohort.picked),
        "reasons": dict(cohort.reasons),
        "conflicts": [
            {"quotas": list(one.quotas), "unit": one.unit or None, "missing": one.missing, "message": one.message}
            for one in cohort.conflicts
        ],
    }
