"""Where one installation keeps what it writes: the folder `var/` and its secret key.

`HRDB_VAR` moves the folder, so that a second, empty installation can stand beside the first.
"""

import os
import secrets
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def var_folder() -> Path:
    """The folder that holds database, uploads, results and the secret key; nothing is created by asking."""
    return Path(os.environ.get("HRDB_VAR") or BASE_DIR / "var").expanduser().resolve()


def ensure_var() -> Path:
    """Create `var/`, its folders and the secret key where they are missing."""
    folder = var_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("assets", "media", "results", "static"):
        (folder / name).mkdir(exist_ok=True)
    for name in ("media", "results"):
        (folder / name).chmod(0o700)
    _ensure_secret_key(folder / "secret_key")
    return folder


def read_secret_key() -> str:
    """The key that signs sessions: `HRDB_SECRET_KEY`, else the one in `var/`; empty when neither is there yet."""
    given = os.environ.get("HRDB_SECRET_KEY", "")
    if given:
        return given
    path = var_folder() / "secret_key"
    return path.read_text().strip() if path.is_file() else ""


def _ensure_secret_key(path: Path) -> None:
    """Write a new key once, readable by its owner only; of two processes that start together one wins."""
    if os.environ.get("HRDB_SECRET_KEY") or path.exists():
        return
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}", dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
