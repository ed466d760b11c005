"""`manage.py open_cycle CODE [--as USER] ...`: open a cycle of ratings; a year by its number needs nothing else."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandParser

from appraisal.choices import CycleKind
from appraisal.services.cycles import open_cycle
from hrdb.kernel.dates import format_date
from personnel.management.acting import ActingCommand, iso_day

USAGE = (
    "Cách dùng: open_cycle MÃ_KỲ [--name TÊN] [--kind year|quarter|month] [--from YYYY-MM-DD --to YYYY-MM-DD] "
    "[--due YYYY-MM-DD] [--as TÀI_KHOẢN]."
)
_YEAR = re.compile(r"20\d\d")


class Command(ActingCommand):
    usage = USAGE
    help = "Mở kỳ đánh giá, xếp loại cho toàn tỉnh; mã là một năm (2026) thì tên, thời gian và hạn có sẵn."

    def add_arguments(self, parser: CommandParser) -> None:
        """Code, and what a year does not say by itself."""
        parser.add_argument("code", metavar="CODE", help="mã kỳ, ví dụ 2026 hoặc 2026-Q1")
        parser.add_argument("--name", metavar="TÊN", help="tên kỳ")
        parser.add_argument("--kind", choices=CycleKind.values, default=CycleKind.YEAR.value, help="loại kỳ")
        parser.add_argument("--from", dest="begins_on", type=iso_day, metavar="YYYY-MM-DD", help="ngày đầu kỳ")
        parser.add_argument("--to", dest="ends_on", type=iso_day, metavar="YYYY-MM-DD", help="ngày cuối kỳ")
        parser.add_argument("--due", dest="due_on", type=iso_day, metavar="YYYY-MM-DD", help="phải xong trước ngày này")
        self.add_acting_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it by the service; what it refuses ends with a sentence."""
        user, code = self.acting_user(options), options["code"]
        begins_on, ends_on = options["begins_on"], options["ends_on"]
        if _YEAR.fullmatch(code) and options["kind"] == CycleKind.YEAR:
            begins_on = begins_on or datetime.date(int(code), 1, 1)
            ends_on = ends_on or datetime.date(int(code), 12, 31)
        if begins_on is None or ends_on is None:
            self.stop("Hãy ghi ngày đầu kỳ (--from) và ngày cuối kỳ (--to).")
        try:
            cycle = open_cycle(
                code=code,
                name=options["name"] or f"Đánh giá, xếp loại {CycleKind(options['kind']).label.lower()} {code}",
                kind=options["kind"],
                begins_on=begins_on,
                ends_on=ends_on,
                due_on=options["due_on"],
                acting_user=user,
            )
        except PermissionDenied as error:
            self.stop(str(error))
        except ValidationError as error:
            self.stop(" ".join(error.messages))
        due = f", phải xong trước ngày {format_date(cycle.due_on)}" if cycle.due_on else ""
        self.stdout.write(f"Đã mở kỳ {cycle.name} (mã {cycle.code}){due}.")
