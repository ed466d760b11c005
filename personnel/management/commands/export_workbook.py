"""`manage.py export_workbook --out F.xlsx [--unit CODE] [--day D] [--template] --as USER`: whole records as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from hrdb.kernel.many import collection_paused
from personnel.exports.workbook.exporting import NOBODY, export_people, export_template, people_for, too_many
from personnel.management.acting import ActingCommand, iso_day
from personnel.models import Cadre

USAGE = "Cách dùng: export_workbook --out TỆP.xlsx [--as TÀI_KHOẢN] [--unit MÃ_ĐƠN_VỊ] [--day YYYY-MM-DD] [--template]."


class Command(ActingCommand):
    usage = USAGE
    help = "Xuất cả hồ sơ của nhiều người ra một sổ Excel, mỗi phần của hồ sơ một trang; --template: sổ mẫu để điền."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, user, unit, day, template."""
        parser.add_argument("--out", type=Path, required=True, metavar="F.xlsx", help="tệp sẽ ghi")
        self.add_acting_argument(parser)
        parser.add_argument("--unit", metavar="CODE", help="chỉ đơn vị này và đơn vị trực thuộc")
        parser.add_argument("--day", type=iso_day, metavar="YYYY-MM-DD", help="ngày xem; bỏ trống: hôm nay")
        parser.add_argument("--template", action="store_true", help="sổ mẫu, không có dữ liệu của ai")

    @collection_paused()
    def handle(self, *args: Any, **options: Any) -> None:
        """Write the workbook; exit 2 when there is nobody to export or the file cannot be written."""
        user = self.acting_user(options)
        day = options["day"] or timezone.localdate()
        unit = self.unit_in_scope(options["unit"], user)
        out: Path = options["out"]
        self.require_writable(out)
        if options["template"]:
            export_template(out, acting_user=user, day=day)
            self.stdout.write(f"Đã ghi sổ mẫu: {out}")
            return
        people = people_for(user, day).filter(pk__in=Cadre.objects.held_on(user, day).values("pk"))
        if unit is not None:
            people = people.filter(pk__in=Cadre.objects.in_units([unit.pk], day).values("pk"))
        ids = list(people.values_list("pk", flat=True))
        if not ids:
            self.stop(NOBODY)
        if sentence := too_many(len(ids)):
            self.stop(sentence)
        count = export_people(out, ids=ids, day=day, acting_user=user)
        self.stdout.write(f"Đã ghi {count} hồ sơ: {out}")
