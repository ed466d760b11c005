"""The address of the database, computed without touching anything."""

import hashlib
import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from hrdb.kernel.installation import var_folder

APPLICATION_ROLE = "hrdb"
DATABASE_NAME = "hrdb"
PORT = 5432
SOCKET_PARENT = Path("/tmp")
"""Not the temporary folder of the environment, which differs between processes and may be long."""


def is_embedded() -> bool:
    """Whether the project runs its own PostgreSQL, because no `DATABASE_URL` names another."""
    return not os.environ.get("DATABASE_URL")


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket: short, because a socket's path may have 107 bytes, and one per cluster."""
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return SOCKET_PARENT / f"hrdb-{digest}"


def cluster_home() -> Path:
    """The folder of the embedded cluster inside `var/`."""
    return var_folder() / "postgres"


def connection_settings() -> dict[str, Any]:
    """Django's `DATABASES["default"]` for the server in use.

    Raises ValueError when `DATABASE_URL` cannot be read.
    """
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
    if is_embedded():
        return settings | {
            "NAME": DATABASE_NAME,
            "USER": APPLICATION_ROLE,
            "HOST": str(socket_folder(cluster_home())),
            "PORT": str(PORT),
        }
    return settings | _named_server(os.environ["DATABASE_URL"])


def _named_server(url: str) -> dict[str, Any]:
    """Django's words for what a libpq address says; what Django has no word for goes on as an option."""
    try:
        parts = dict(conninfo_to_dict(url))
    except Exception as error:
        raise ValueError(f"Không đọc được DATABASE_URL: {error}") from error
    return {
        "NAME": parts.pop("dbname", DATABASE_NAME),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
    }
