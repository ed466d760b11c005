"""`manage.py reorganise FILE.xlsx --day D --as USER [--commit] [--report OUT.json]`: a workbook carried out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandParser

from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.exports.reorganisation import template
from personnel.imports.reorganisation.importing import reorganise
from personnel.imports.report import ImportReport
from personnel.management.acting import ActingCommand, Stop, iso_day
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.reorganisation.difference import PARTS

USAGE = (
    "Cách dùng: reorganise TỆP.xlsx --day NĂM-THÁNG-NGÀY [--as TÀI_KHOẢN] [--unit MÃ] [--title TÊN] [--commit] "
    "[--report TỆP.json]; reorganise TỆP.xlsx --template ghi tệp mẫu."
)
#: Warnings printed before the rest is only counted; the report file has them all.
PRINTED = 50


class Command(ActingCommand):
    usage = USAGE
    help = "Chạy thử phương án sắp xếp đơn vị theo tệp và, khi có --commit và không có lỗi, thực hiện."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, day, user, reach, commit, report."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--day", type=iso_day, metavar="YYYY-MM-DD", help="ngày đầu tiên của tổ chức mới")
        self.add_acting_argument(parser)
        parser.add_argument("--unit", metavar="CODE", help="phạm vi: mọi bước ở trong đơn vị này")
        parser.add_argument("--title", default="", help="tên phương án; bỏ trống: tên tệp")
        parser.add_argument("--commit", action="store_true", help="thực hiện khi không có lỗi")
        parser.add_argument("--report", metavar="OUT.json", help="ghi báo cáo ra tệp JSON")
        parser.add_argument("--template", action="store_true", help="ghi tệp mẫu để điền")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, rehearse or carry out, report; exit 0 fine, 1 rows with errors, 2 unreadable."""
        path: Path = options["file"]
        if options["template"]:
            self.write(path, template())
            return
        user = self.acting_user(options)
        if options["day"] is None:
            self.stop(USAGE)
        if not path.is_file():
            self.stop(f"Không có tệp «{path}».")
        self.require_writable(options["report"])
        self.require_scope(user, Action.EDIT)
        unit = self.unit_in_scope(options["unit"], user, Action.EDIT)
        try:
            report = reorganise(
                path,
                day=options["day"],
                acting_user=user,
                commit=options["commit"],
                title=options["title"],
                unit=unit,
            )
        except (UnreadableFile, PermissionDenied, ServiceRefusal) as error:
            self.stop(str(error))
        except ValidationError as error:
            self.stop("; ".join(error.messages))
        if options["report"]:
            self.write_json(report.as_json(), options["report"])
        self._tell(report)
        if report.exit_code:
            raise Stop(report.exit_code)

    def _tell(self, report: ImportReport) -> None:
        for fault in report.errors:
            self.stdout.write(f"{fault.place}{fault.message} [{fault.code}]")
        for fault in report.warnings[:PRINTED]:
            self.stdout.write(f"Lưu ý: {fault.place}{fault.message} [{fault.code}]")
        if len(report.warnings) > PRINTED:
            self.stdout.write(f"… và {len(report.warnings) - PRINTED} lưu ý khác (xem báo cáo).")
        for key, part in report.extra.get("difference", {}).items():
            if part["lines"]:
                self.stdout.write(f"{PARTS[key]}: {part['lines']} dòng; trước {part['before']}, sau {part['after']}.")
        self.stdout.write(report.summary)
