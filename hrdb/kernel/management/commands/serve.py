"""Serve the site on this machine."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from whitenoise.storage import MissingFileError

from hrdb.kernel.serving import PortTaken, Supervisor


class Command(BaseCommand):
    """Run the web processes and the worker together, and end both on a signal."""

    help = "Chạy trang web và tiến trình nền; Ctrl+C để dừng cả hai."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("HRDB_PORT") or 8000))
        parser.add_argument("--host", default=os.environ.get("HRDB_HOST") or "127.0.0.1")
        parser.add_argument("--web-workers", type=int, default=int(os.environ.get("HRDB_WEB_WORKERS") or 2))

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until a signal comes."""
        supervisor = Supervisor(options["host"], options["port"], options["web_workers"], say=self.stdout.write)
        try:
            status = supervisor.run(prepare=self._collect_static)
        except PortTaken as error:
            raise CommandError(str(error)) from error
        if status:
            raise CommandError("Trang web dừng ngoài ý muốn; xem các dòng phía trên.", returncode=status)

    def _collect_static(self) -> None:
        """Lay out styles, scripts and fonts under names that change with their content; again only when one changed."""
        mark = Path(settings.STATIC_ROOT) / ".collected"
        state = _static_state()
        if mark.is_file() and mark.read_text() == state:
            return
        try:
            call_command("collectstatic", interactive=False, verbosity=0)
        except MissingFileError as error:
            missing = str(error).partition("The file '")[2].partition("'")[0]
            raise CommandError(f"Thiếu tệp {missing}; hãy chạy manage.py prepare trước.") from error
        mark.write_text(state)


def _static_state() -> str:
    """A digest of all static files by name, size and time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {storage.location} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
