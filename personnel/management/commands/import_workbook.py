"""`manage.py import_workbook F.xlsx --as USER [--commit] [--reason R] [--report OUT.json]`: take a workbook back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.imports.workbook.importing import commit_book, compare_book, new_batch, read_book
from personnel.management.reporting import ReportingCommand
from personnel.policies import Action

USAGE = (
    "Cách dùng: import_workbook TỆP.xlsx [--as TÀI_KHOẢN] [--commit] [--reason LÝ_DO] [--report TỆP.json] "
    "[--format text|json]."
)


class Command(ReportingCommand):
    usage = USAGE
    help = "Kiểm tra sổ hồ sơ và, khi có --commit và không có lỗi, ghi tất cả vào hồ sơ."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, user, whether to write, and why."""
        parser.add_argument("file", type=Path)
        self.add_acting_argument(parser)
        parser.add_argument("--commit", action="store_true", help="ghi khi không có lỗi")
        parser.add_argument("--reason", default="", metavar="LÝ DO", help="lý do đính chính, xóa; bắt buộc khi có")
        self.add_report_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare, write; exit 0 fine, 1 lines with errors, 2 unreadable."""
        path: Path = options["file"]
        user = self.acting_user(options)
        if not path.is_file():
            self.stop(f"Không có tệp «{path}».")
        self.require_writable(options["report"])
        self.require_scope(user, Action.EDIT)
        try:
            read = read_book(path, user=user, reason=options["reason"])
        except UnreadableFile as error:
            self.stop(str(error))
        if options["commit"]:
            batch = new_batch(path, user=user)
            book = commit_book(read, batch=batch)
            if not book.report.committed:  # its file is not kept: nothing could be decided about it later
                batch.delete()
        else:
            book = compare_book(read)
        self.tell(book.report, options)
