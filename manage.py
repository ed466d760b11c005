#!/usr/bin/env python
"""The command line of hrdb: starts the database that it needs, then runs a Django command."""

import os
import sys

COMMANDS_WITHOUT_DATABASE = {"", "help", "version", "--help", "--version", "-h", "stop", "retirement"}


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrdb.settings")
    from hrdb.kernel.database import DatabaseUnavailable, ensure_running
    from hrdb.kernel.installation import ensure_var

    ensure_var()
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS_WITHOUT_DATABASE and not {"-h", "--help"} & set(sys.argv):
        try:
            ensure_running()
        except DatabaseUnavailable as error:
            sys.exit(str(error))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
