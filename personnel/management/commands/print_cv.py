"""`manage.py print_cv NUMBER --form unified|2c2008 --day D --out F.pdf [--as USER]`: one sơ yếu lý lịch as PDF."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from hrdb.kernel.dates import BadDate, PartialDate
from hrdb.kernel.models import User
from personnel.management.acting import RefusingCommand

NOT_FOUND = "Không tìm thấy hồ sơ nào với số này trong phạm vi của bạn."
USAGE = "Cách dùng: print_cv SỐ_ĐỊNH_DANH --form unified|2c2008 [--day YYYY-MM-DD] --out TỆP.pdf [--as TÀI_KHOẢN]."


class Command(RefusingCommand):
    """Print and log; what is unknown or out of scope gets one and the same sentence and exit code 2."""

    help = "In sơ yếu lý lịch của một người ra tệp PDF (mẫu thống nhất 2023 hoặc 2C-BNV/2008), tại một ngày."
    usage = USAGE

    def add_arguments(self, parser: CommandParser) -> None:
        """Number, form, day, file, and as whom."""
        parser.add_argument("number", help="số định danh cá nhân, hoặc số hiệu cán bộ")
        parser.add_argument("--form", default="unified", help="mẫu: unified (TT 06/2023) hoặc 2c2008")
        parser.add_argument("--day", help="tại ngày YYYY-MM-DD (mặc định: hôm nay)")
        parser.add_argument("--out", help="tệp PDF ghi ra")
        parser.add_argument("--as", dest="username", help="tài khoản thực hiện (mặc định: người vận hành máy chủ)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find within scope, print, write the file."""
        from personnel.reports.curriculum import forms, print_curriculum, printable

        form = forms.get(options["form"])
        if form is None or not options["out"]:
            self.refuse(USAGE)
        self.require_writable(options["out"])
        day = self._day(options["day"])
        user = self._user(options["username"])
        number = options["number"].strip()
        found = printable(user, day)
        open_numbers = found.with_tier_1(user).filter(is_tier_1_open=True, personal_number=number)
        matches = list(open_numbers[:2]) or list(found.filter(officer_code__iexact=number)[:2])
        if len(matches) != 1:
            self.refuse(NOT_FOUND)
        record, content = print_curriculum(matches[0], form=form, day=day, acting_user=user)
        self.write(options["out"], content)
        self.stdout.write(f"Đã in {form.label} của {record.full_name} ra {options['out']}.")

    def _day(self, text: str | None) -> Any:
        """The asked day, today when none is."""
        if not text:
            return timezone.localdate()
        try:
            told = PartialDate.parse(text)
        except BadDate as error:
            self.refuse(str(error))
        if told.precision != "day":
            self.refuse(f"«{text}» chưa đủ ngày, tháng, năm: cần viết YYYY-MM-DD.")
        return told.value

    def _user(self, username: str | None) -> User | None:
        """The account that prints; the operator when none is named."""
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            self.refuse(f"Không có tài khoản «{username}» đang hoạt động.")
        return user
