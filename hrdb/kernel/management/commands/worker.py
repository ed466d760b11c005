"""The process that does long work."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from hrdb.kernel.jobs import fail_stale_jobs, remove_old_results


class Command(BaseCommand):
    """Fail what a dead worker left, clear old results, then take jobs until told to stop."""

    help = "Chạy tiến trình xử lý việc nền."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal."""
        failed = fail_stale_jobs()
        if failed:
            self.stderr.write(f"{failed} việc dở dang được ghi là không thành công.")
        remove_old_results(now=timezone.now())
        call_command("db_worker", interval=0.5, reload=False, startup_delay=False, verbosity=options["verbosity"])
