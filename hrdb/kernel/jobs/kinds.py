"""The kinds of long work that the apps register."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdb.kernel.registries import Registry

if TYPE_CHECKING:
    from hrdb.kernel.jobs.progress import Progress
    from hrdb.kernel.models.job import Job


@dataclass(frozen=True)
class JobResult:
    """What long work leaves: a file in the job's own folder, and a few values for the page that waits for it."""

    file: Path | None = None
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)


JobFunction = Callable[["Job", "Progress"], JobResult | None]


@dataclass(frozen=True)
class JobKind:
    """One kind of long work: its key, its name on screens, and the function that does it."""

    key: str
    label: str
    run: JobFunction


job_kinds: Registry[JobKind] = Registry("loại việc chạy nền")


def job_kind(key: str, label: str) -> Callable[[JobFunction], JobFunction]:
    """Register a function `run(job, progress)` as a kind of long work."""

    def register(function: JobFunction) -> JobFunction:
        job_kinds.register(JobKind(key=key, label=label, run=function))
        return function

    return register
