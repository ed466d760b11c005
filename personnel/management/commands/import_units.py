"""`manage.py import_units FILE.xlsx --as USER [--commit] [--report OUT.json]`: the list of units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.imports.units import import_units
from personnel.management.acting import ActingCommand, Stop
from personnel.policies import Action

USAGE = "Cách dùng: import_units TỆP [--as TÀI_KHOẢN] [--commit] [--report TỆP.json]."


class Command(ActingCommand):
    usage = USAGE
    help = "Kiểm tra danh sách đơn vị và, khi có --commit và không có lỗi, ghi vào cơ sở dữ liệu."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, user, commit, report."""
        parser.add_argument("file", type=Path)
        self.add_acting_argument(parser)
        parser.add_argument("--commit", action="store_true", help="ghi khi không có lỗi")
        parser.add_argument("--report", metavar="OUT.json", help="ghi báo cáo ra tệp JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, write, report; exit 0 fine, 1 rows with errors, 2 unreadable."""
        user = self.acting_user(options)
        if not options["file"].is_file():
            self.stop(f"Không có tệp «{options['file']}».")
        self.require_writable(options["report"])
        self.require_scope(user, Action.EDIT)
        try:
            report = import_units(options["file"], acting_user=user, commit=options["commit"])
        except UnreadableFile as error:
            self.stop(str(error))
        if options["report"]:
            self.write_json(report.as_json(), options["report"])
        for fault in report.errors:
            self.stdout.write(f"{fault.place}{fault.message} [{fault.code}]")
        self.stdout.write(report.summary)
        if report.exit_code:
            raise Stop(report.exit_code)
