"""The operating-system account that the embedded server runs under.

PostgreSQL refuses to run as root. Started by root, the server drops to an account without rights; folders above
are never opened for it: what that account cannot reach is kept in `/var/lib/hrdb` instead.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ACCOUNT_NAME = "hrdb"
SHARED_FOLDER = Path("/var/lib/hrdb")


@dataclass(frozen=True)
class Account:
    """One account and how programs are run under it."""

    uid: int
    gid: int
    is_other: bool

    def run(self, command: Sequence[str | Path], *, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program under the account, away from the caller's folder and terminal; never raises on its exit code.

        Output goes through a file: a server started by the program would keep a pipe open.
        """
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        switch = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        with tempfile.TemporaryFile("w+") as output:
            finished = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                timeout=timeout,
                check=False,
                **switch,  # type: ignore[call-overload]
            )
            output.seek(0)
            return subprocess.CompletedProcess(finished.args, finished.returncode, output.read(), "")

    def may_enter(self, folder: Path) -> bool:
        """Whether the account can reach `folder`, asked of the system itself."""
        if not self.is_other:
            return os.access(folder, os.X_OK)
        return self.run(["/usr/bin/test", "-x", folder]).returncode == 0

    def take(self, path: Path) -> None:
        """Give one file or folder to the account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def server_account(data: Path) -> Account:
    """The account for a cluster: the owner of its data, else the caller; for root an account without rights."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    if data.exists() and data.stat().st_uid != 0:
        status = data.stat()
        return Account(status.st_uid, status.st_gid, is_other=True)
    entry = _unprivileged_entry()
    return Account(entry.pw_uid, entry.pw_gid, is_other=True)


def _unprivileged_entry() -> pwd.struct_passwd:
    """The account `hrdb`, created when the system lets us, else `nobody`."""
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd:
        options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, *options, ACCOUNT_NAME], capture_output=True, check=False)
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        return pwd.getpwnam("nobody")
