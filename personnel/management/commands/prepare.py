"""`manage.py prepare`: migrations, code lists, titles, fonts and the root unit; no demonstration data; repeatable."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from hrdb.kernel.screens.assets import fonts_folder
from hrdb.kernel.screens.fonts import build_fonts
from personnel.services.delegations import load_default_delegations
from personnel.services.grants import project_grants
from personnel.services.reference import load_reference


class Command(BaseCommand):
    help = "Chuẩn bị cơ sở dữ liệu: cấu trúc bảng, danh mục, chức danh, đơn vị gốc UBND. Chạy lại được."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare an empty or an existing installation."""
        call_command("migrate", interactive=False, verbosity=0)
        loaded = load_reference()
        load_default_delegations()
        project_grants()
        build_fonts(fonts_folder())
        added, changed = sum(loaded.added.values()), sum(loaded.changed.values())
        self.stdout.write(f"Danh mục: thêm {added} mục, sửa {changed} mục. Đơn vị gốc: UBND.")
