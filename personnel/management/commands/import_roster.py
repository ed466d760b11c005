"""`manage.py import_roster FILE --as USER [--commit] ...`: a roster from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from xlsxwriter.exceptions import FileCreateError

from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.imports.roster.importing import (
    RosterOptions,
    commit_roster,
    compare_roster,
    new_batch,
    read_roster,
)
from personnel.imports.roster.rejected import write_rejected
from personnel.management.acting import iso_day, unwritten
from personnel.management.reporting import ReportingCommand
from personnel.policies import Action

USAGE = (
    "Cách dùng: import_roster TỆP [--as TÀI_KHOẢN] [--unit MÃ_ĐƠN_VỊ] [--day YYYY-MM-DD] [--dates as-is|swap] "
    "[--accept-corrections] [--commit] [--skip-bad-rows] [--rejected TỆP.xlsx] [--report TỆP.json] "
    "[--format text|json]."
)


class Command(ReportingCommand):
    usage = USAGE
    help = "Kiểm tra danh sách trích ngang và, khi có --commit và không có lỗi, ghi vào hồ sơ."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, user, unit, day, and what to do with doubtful dates, corrections and bad rows."""
        parser.add_argument("file", type=Path)
        self.add_acting_argument(parser)
        parser.add_argument("--unit", metavar="CODE", help="đơn vị của những dòng không ghi đơn vị")
        parser.add_argument("--day", type=iso_day, metavar="YYYY-MM-DD", help="ngày mà danh sách phản ánh")
        parser.add_argument("--dates", choices=["as-is", "swap"], help="ngày tháng trong cột bị nghi đảo: giữ hay đổi")
        parser.add_argument("--accept-corrections", action="store_true", help="nhận các đính chính về nhân thân")
        parser.add_argument("--commit", action="store_true", help="ghi khi không có lỗi")
        parser.add_argument("--skip-bad-rows", action="store_true", help="ghi các dòng đúng, bỏ các dòng lỗi")
        parser.add_argument("--rejected", type=Path, metavar="OUT.xlsx", help="xuất các dòng lỗi kèm lý do")
        self.add_report_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Understand, compare, write; exit 0 fine, 1 rows with errors, 2 unreadable."""
        path: Path = options["file"]
        user = self.acting_user(options)
        if not path.is_file():
            self.stop(f"Không có tệp «{path}».")
        self.require_writable(options["rejected"], options["report"])
        self.require_scope(user, Action.EDIT)
        chosen = RosterOptions(
            unit=self.unit_in_scope(options["unit"], user, Action.EDIT),
            day=options["day"],
            dates=options["dates"] or "ask",
            accept_corrections=options["accept_corrections"],
            skip_bad_rows=options["skip_bad_rows"],
        )
        try:
            read = read_roster(path, user=user, options=chosen)
        except UnreadableFile as error:
            self.stop(str(error))
        if options["commit"]:
            batch = new_batch(path, user=user, unit=chosen.unit)
            compared = commit_roster(read, batch=batch)
            if not compared.report.committed:  # its file is not kept: nothing could be decided about it later
                batch.delete()
        else:
            compared = compare_roster(read)
        if options["rejected"]:
            try:
                write_rejected(compared, options["rejected"])
            except (OSError, FileCreateError) as error:
                self.stop(unwritten(options["rejected"], getattr(error, "errno", None)))
        self.tell(compared.report, options)
