"""`manage.py import_ratings FILE --cycle CODE --as USER [--commit] ...`: a sheet of ratings from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from appraisal.imports.importing import ComparedRatings, import_ratings
from appraisal.models import RatingCycle
from appraisal.services.batches import KIND
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.imports.roster.importing import new_batch
from personnel.management.reporting import ReportingCommand
from personnel.policies import Action

USAGE = (
    "Cách dùng: import_ratings TỆP.xlsx --cycle MÃ_KỲ [--as TÀI_KHOẢN] [--unit MÃ_ĐƠN_VỊ] [--commit] "
    "[--report TỆP.json] [--format text|json]."
)


class Command(ReportingCommand):
    usage = USAGE
    help = (
        "Kiểm tra bảng đánh giá, xếp loại và, khi có --commit và không có lỗi, ghi vào kỳ. Mã thoát: 0 tốt, 1 có dòng "
        "lỗi (không ghi gì), 2 không đọc được tệp hoặc gọi sai. Nhóm vượt tỷ lệ xuất sắc không phải là lỗi của dòng: "
        "vẫn ghi được (chỉ khi trình đơn vị mới bị chặn), mã thoát vẫn là 0; báo cáo ghi từng nhóm ở «groups» và số "
        "nhóm vượt ở «caps_exceeded»."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """File, cycle, user, unit."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--cycle", required=True, metavar="CODE", help="mã kỳ đánh giá")
        self.add_acting_argument(parser)
        parser.add_argument("--unit", metavar="CODE", help="đơn vị của những dòng không ghi đơn vị")
        parser.add_argument("--commit", action="store_true", help="ghi khi không có lỗi")
        self.add_report_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, write, tell; exit 0 fine (caps may be exceeded), 1 rows with errors, 2 unreadable."""
        path: Path = options["file"]
        user = self.acting_user(options)
        if not path.is_file():
            self.stop(f"Không có tệp «{path}».")
        self.require_writable(options["report"])
        self.require_scope(user, Action.APPRAISE)
        cycle = RatingCycle.objects.filter(code=options["cycle"]).first()
        if cycle is None:
            self.stop(f"Không có kỳ đánh giá mã «{options['cycle']}». Mở kỳ trên trang hoặc bằng lệnh open_cycle.")
        unit = self.unit_in_scope(options["unit"], user, Action.APPRAISE)
        batch = new_batch(path, user=user, unit=unit, kind=KIND) if options["commit"] else None
        try:
            compared = import_ratings(path, cycle=cycle, acting_user=user, unit=unit, batch=batch)
        except UnreadableFile as error:
            if batch is not None:
                batch.delete()
            self.stop(str(error))
        if batch is not None and batch.event is None:  # nothing was written: its file is not kept
            batch.delete()
        self._print_groups(compared, options)
        self.tell(compared.report, options)

    def _print_groups(self, compared: ComparedRatings, options: dict[str, Any]) -> None:
        if options["format"] != "text":
            return
        for group in compared.groups:
            if group["too_many"]:
                self.stdout.write(
                    f"Vượt tỷ lệ: {group['unit_name']}, nhóm {group['label']}: {group['excellent']} xuất sắc, tối đa "
                    f"{group['allowed']} trên {group['good']} hoàn thành tốt, vượt {group['too_many']} người "
                    f"({group['citation']})."
                )
