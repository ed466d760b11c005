"""Closed choices of training."""

from __future__ import annotations

from django.db.models import TextChoices


class ProgrammeKind(TextChoices):
    """Loại chương trình."""

    POLITICAL_THEORY = "political_theory", "Lý luận chính trị"
    STATE_MANAGEMENT = "state_management", "Quản lý nhà nước"
    DEFENCE = "defence", "Quốc phòng và an ninh"
    LANGUAGE = "language", "Ngoại ngữ, tiếng dân tộc"
    INFORMATICS = "informatics", "Tin học, chuyển đổi số"
    POSITION = "position", "Kiến thức, kỹ năng theo vị trí việc làm"
    LEADERS = "leaders", "Cán bộ nguồn, lãnh đạo quản lý"
    PROFESSIONAL = "professional", "Chuyên môn, nghiệp vụ"
    TALENT = "talent", "Tạo nguồn cán bộ trẻ"


class StudyMode(TextChoices):
    """Hình thức tổ chức."""

    FULL_TIME = "full_time", "Tập trung"
    PART_TIME = "part_time", "Vừa làm vừa học"
    ONLINE = "online", "Trực tuyến"
    MIXED = "mixed", "Kết hợp"


class PlanState(TextChoices):
    """Trạng thái of a yearly plan."""

    DRAFT = "draft", "Đang lập"
    SUBMITTED = "submitted", "Đã trình"
    APPROVED = "approved", "Đã phê duyệt"


class ClassState(TextChoices):
    """Trạng thái of a class."""

    PLANNED = "planned", "Dự kiến"
    NOMINATING = "nominating", "Đang cử người"
    CHOSEN = "chosen", "Đã chốt danh sách"
    RUNNING = "running", "Đang học"
    FINISHED = "finished", "Đã kết thúc"
    CANCELLED = "cancelled", "Đã hủy"


class MemberState(TextChoices):
    """Trạng thái of somebody in a class."""

    NOMINATED = "nominated", "Được cử"
    RESERVE = "reserve", "Dự bị"
    CHOSEN = "chosen", "Được chọn"
    DECLINED = "declined", "Không chọn"
    WITHDRAWN = "withdrawn", "Rút"
    PASSED = "passed", "Đạt"
    FAILED = "failed", "Không đạt"


class NeedSource(TextChoices):
    """Vì sao cần."""

    POST = "post", "Tiêu chuẩn chức vụ đang giữ"
    RANK = "rank", "Tiêu chuẩn ngạch, chức danh nghề nghiệp"
    PLANNED = "planned", "Tiêu chuẩn chức danh quy hoạch"
    OFFICE = "office", "Đơn vị đề nghị"


class NeedState(TextChoices):
    """Có, thiếu, sắp hết hạn, cần trước ngày."""

    HELD = "held", "Đã có"
    MISSING = "missing", "Còn thiếu"
    EXPIRING = "expiring", "Sắp hết hạn"
    UNKNOWN = "unknown", "Chưa rõ"


class Presence(TextChoices):
    """Điểm danh of a session."""

    PRESENT = "present", "Có mặt"
    EXCUSED = "excused", "Vắng có phép"
    ABSENT = "absent", "Vắng không phép"


#: Those who were chosen for a class, whatever became of it.
ATTENDING = (MemberState.CHOSEN, MemberState.PASSED, MemberState.FAILED)
#: Classes whose list of people stands.
SETTLED_CLASSES = (ClassState.CHOSEN, ClassState.RUNNING, ClassState.FINISHED)
#: Classes that may still be changed.
OPEN_CLASSES = (ClassState.PLANNED, ClassState.NOMINATING, ClassState.CHOSEN, ClassState.RUNNING)
