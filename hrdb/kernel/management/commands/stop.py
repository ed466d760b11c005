"""End what this installation runs."""

from typing import Any

from django.core.management.base import BaseCommand

from hrdb.kernel import database
from hrdb.kernel.serving import stop_served


class Command(BaseCommand):
    """Stop the served sites of this installation, then its embedded database."""

    help = "Dừng trang web, tiến trình nền và cơ sở dữ liệu đi kèm."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was stopped."""
        for port in stop_served():
            self.stdout.write(f"Đã dừng trang web ở cổng {port}.")
        if database.stop():
            self.stdout.write("Đã dừng cơ sở dữ liệu.")
        else:
            self.stdout.write("Không có cơ sở dữ liệu đi kèm nào đang chạy.")
