"""What commands that import share: how the report is told, and the exit code that follows from it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import CommandParser

from personnel.imports.report import ImportReport
from personnel.management.acting import ActingCommand, Stop

#: Faults printed before the rest is only counted; the report file has them all.
PRINTED = 200


class ReportingCommand(ActingCommand):
    """A command that imports a file and tells its report."""

    def add_report_arguments(self, parser: CommandParser) -> None:
        """Add `--report OUT.json` and `--format text|json`."""
        parser.add_argument("--report", metavar="OUT.json", help="ghi báo cáo ra tệp JSON")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="cách in kết quả")

    def tell(self, report: ImportReport, options: dict[str, Any]) -> None:
        """Write and print the report; exit 1 when it has errors."""
        if options["report"]:
            self.write_json(report.as_json(), options["report"])
        if options["format"] == "json":
            self.write_json(report.as_json(), None)
        else:
            self._print(report)
        if report.exit_code:
            raise Stop(report.exit_code)

    def _print(self, report: ImportReport) -> None:
        for fault in report.errors[:PRINTED]:
            self.stdout.write(f"{fault.place}{fault.message} [{fault.code}]")
        if len(report.errors) > PRINTED:
            self.stdout.write(f"… và {len(report.errors) - PRINTED} lỗi khác (xem báo cáo).")
        for code, number in Counter(fault.code for fault in report.warnings).most_common():
            self.stdout.write(f"Lưu ý: {number} lần [{code}] (xem báo cáo, --report).")
        if missing := report.extra.get("missing"):
            self.stdout.write(f"{len(missing)} người đang công tác không có tên trong danh sách (xem báo cáo).")
        self.stdout.write(report.summary)
