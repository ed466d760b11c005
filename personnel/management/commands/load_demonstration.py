"""`manage.py load_demonstration [--size N] [--seed N] [--day D]`: the fictional province and its accounts, once."""

from __future__ import annotations

import datetime
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from personnel.demonstration.generator import SMALLEST
from personnel.services.demonstration import PASSWORD, Loaded, NotEmpty, load_demonstration

DEFAULT_SIZE = 2000
REFORM = datetime.date(2025, 9, 1)


class Command(BaseCommand):
    """Progress goes to standard error; standard output says what stands in the database and who may sign in."""

    help = "Nạp tỉnh trình diễn (dữ liệu hư cấu) và các tài khoản trình diễn; chạy lại thì không ghi gì thêm."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many people, which draw, on which day."""
        parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="số cán bộ, công chức, viên chức")
        parser.add_argument("--seed", type=int, default=1, help="số gieo: cùng số thì cùng một tỉnh")
        parser.add_argument(
            "--day", type=datetime.date.fromisoformat, help="ngày của dữ liệu, YYYY-MM-DD (mặc định: hôm nay)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or find what was loaded."""
        size, day = options["size"], options["day"] or timezone.localdate()
        if size < SMALLEST:
            raise CommandError(f"Số người phải từ {SMALLEST} trở lên.")
        if day < REFORM:
            raise CommandError(f"Ngày của dữ liệu phải từ {REFORM:%d/%m/%Y}, sau khi bỏ cấp huyện.")
        begun = time.monotonic()
        try:
            loaded = load_demonstration(size=size, seed=options["seed"], day=day, progress=self._progress)
        except NotEmpty as refusal:
            raise CommandError(str(refusal), returncode=3) from refusal
        if loaded.is_new:
            self.stderr.write(
                f"Đã ghi {loaded.rows:,} dòng trong {time.monotonic() - begun:.0f} giây.".replace(",", ".")
            )
        self.stdout.write(self._summary(loaded))

    def _progress(self, written: int, total: int) -> None:
        self.stderr.write(f"Đã ghi {written}/{total} hồ sơ")

    def _summary(self, loaded: Loaded) -> str:
        """What there is and who may sign in."""
        begin = "Đã nạp tỉnh trình diễn" if loaded.is_new else "Tỉnh trình diễn đã có"
        width = max((len(account.username) for account in loaded.accounts), default=0)
        lines = [f"{begin}: {loaded.size} hồ sơ hư cấu. Tài khoản, mật khẩu chung «{PASSWORD}»:"]
        for account in loaded.accounts:
            place = f" ({account.place})" if account.place else ""
            lines.append(f"  {account.username:<{width}}  {account.role}{place}")
        return "\n".join(lines)
