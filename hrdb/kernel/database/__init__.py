"""The PostgreSQL server behind the project: the embedded one, or the one that `DATABASE_URL` names.

Settings only compute an address; whoever needs the server (manage.py, wsgi, worker, tests) calls
`ensure_running()`, which is cheap when it runs already.
"""

from hrdb.kernel.database.address import connection_settings, is_embedded
from hrdb.kernel.database.server import Cluster, DatabaseUnavailable, default_cluster, ensure_running, stop

__all__ = [
    "Cluster",
    "DatabaseUnavailable",
    "connection_settings",
    "default_cluster",
    "ensure_running",
    "is_embedded",
    "stop",
]
