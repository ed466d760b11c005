"""The ground floor's own tables: accounts, the audit trail and long work."""

from hrdb.kernel.models.audit import AuditEvent
from hrdb.kernel.models.job import Job
from hrdb.kernel.models.user import User

__all__ = ["AuditEvent", "Job", "User"]
