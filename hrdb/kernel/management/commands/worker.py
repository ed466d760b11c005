"""The process that does long work."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from hrdb.kernel.daily import Calendar, do_daily_works
from hrdb.kernel.jobs import fail_stale_jobs


class Command(BaseCommand):
    """Fail what a dead worker left, do the works of the day, then take jobs until told to stop."""

    help = "Chạy tiến trình xử lý việc nền."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal."""
        failed = fail_stale_jobs()
        if failed:
            self.stderr.write(f"{failed} việc dở dang được ghi là không thành công.")
        today = timezone.localdate()
        do_daily_works(today)
        calendar = Calendar(done_for=today)
        calendar.start()
        try:
            call_command("db_worker", interval=0.5, reload=False, startup_delay=False, verbosity=options["verbosity"])
        finally:
            calendar.end()
