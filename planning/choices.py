"""Closed choices of succession planning and rotation."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class RoundKind(TextChoices):
    """Loại đợt."""

    FIRST = "first", "Xây dựng lần đầu"
    REVIEW = "review", "Rà soát, bổ sung hằng năm"


class RoundState(TextChoices):
    """Trạng thái of a round."""

    DRAFT = "draft", "Chuẩn bị"
    OPEN = "open", "Đang giới thiệu nhân sự"
    VOTING = "voting", "Lấy phiếu"
    SUBMITTED = "submitted", "Đã trình"
    APPROVED = "approved", "Đã phê duyệt"
    SUPERSEDED = "superseded", "Đã thay bằng đợt sau"


#: States in which candidates may be put on and taken off.
OPEN_ROUNDS = (RoundState.OPEN, RoundState.VOTING)

#: States in which the list stands as it was approved.
FROZEN_ROUNDS = (RoundState.APPROVED, RoundState.SUPERSEDED)

#: States in which who approves reads a round: what is still being put together is the planners' business.
READ_BY_APPROVERS = (RoundState.SUBMITTED, *FROZEN_ROUNDS)


class CandidateObject(IntegerChoices):
    """Đối tượng quy hoạch."""

    FIRST = 1, "Đối tượng 1"
    SECOND = 2, "Đối tượng 2"


class CandidateSource(TextChoices):
    """Nguồn."""

    ON_SITE = "on_site", "Tại chỗ"
    ELSEWHERE = "elsewhere", "Nơi khác"


class CandidateState(TextChoices):
    """Trạng thái of a candidate."""

    PROPOSED = "proposed", "Được giới thiệu"
    KEPT = "kept", "Tiếp tục quy hoạch"
    APPROVED = "approved", "Đã phê duyệt"
    REJECTED = "rejected", "Không đưa vào"
    REMOVED = "removed", "Đưa ra khỏi quy hoạch"


#: States in which somebody stands on the list of a round.
STANDING = (CandidateState.PROPOSED, CandidateState.KEPT, CandidateState.APPROVED)


class TieRule(TextChoices):
    """Cách xử lý when the share is exactly the one that must be passed."""

    HEAD = "head", "Người đứng đầu quyết định"
    REVOTE = "revote", "Lấy phiếu lại"
    NONE = "none", "Không đạt"


class RotationState(TextChoices):
    """Trạng thái of one rotation of a yearly plan."""

    PROPOSED = "proposed", "Đề xuất"
    APPROVED = "approved", "Đã duyệt"
    DECIDED = "decided", "Đã có quyết định"
    ENDED = "ended", "Đã kết thúc"
    DROPPED = "dropped", "Không thực hiện"


class RotationDirection(TextChoices):
    """Hướng luân chuyển (biểu 11)."""

    CENTRAL_DOWN = "central_down", "Trung ương về địa phương"
    CENTRAL_UP = "central_up", "Địa phương lên Trung ương"
    DOWN = "down", "Cấp trên xuống cấp dưới"
    UP = "up", "Cấp dưới lên cấp trên"
    ACROSS = "across", "Giữa các địa phương"
    SECTOR = "sector", "Giữa các ngành cùng cấp"
    DIVISION = "division", "Giữa các phòng của một cơ quan"


class RotationPurpose(TextChoices):
    """Mục đích luân chuyển."""

    PLANNED = "planned", "Đào tạo cán bộ trong quy hoạch"
    TWO_TERMS = "two_terms", "Đã đủ hai nhiệm kỳ liên tiếp"
    NON_LOCAL = "non_local", "Bố trí người không là người địa phương"


#: Purposes for which the time left needs only be enough for the term of the appointment.
TERM_IS_ENOUGH = (RotationPurpose.TWO_TERMS, RotationPurpose.NON_LOCAL)

#: States of a rotation that its decision has made known.
CARRIED_OUT = (RotationState.DECIDED, RotationState.ENDED)


class RotationPlanState(TextChoices):
    """Trạng thái of a yearly plan, told by its days."""

    DRAFT = "draft", "Đang lập"
    SUBMITTED = "submitted", "Đã trình"
    APPROVED = "approved", "Đã phê duyệt"


class RotationOutcome(TextChoices):
    """Bố trí sau luân chuyển."""

    RETURN = "return", "Trở về nơi đi"
    STAY = "stay", "Giữ lại lâu dài tại nơi đến"
    APPOINTED = "appointed", "Bổ nhiệm, giới thiệu chức vụ khác"
    EARLY = "early", "Kết thúc trước thời hạn"


class RotationRuleKind(TextChoices):
    """Loại quy định của tỉnh about rotation."""

    BENEFIT = "benefit", "Chế độ, chính sách khi luân chuyển"
    TWO_TERMS = "two_terms", "Chức danh không giữ quá hai nhiệm kỳ liên tiếp"
    NON_LOCAL = "non_local", "Chức danh bố trí người không là người địa phương"
    PERIODIC = "periodic", "Vị trí định kỳ chuyển đổi"


#: Kinds of rules that name a title.
RULES_OF_TITLES = (RotationRuleKind.TWO_TERMS, RotationRuleKind.NON_LOCAL, RotationRuleKind.PERIODIC)


class SlateState(TextChoices):
    """Trạng thái of a slate."""

    DRAFT = "draft", "Phương án"
    CHOSEN = "chosen", "Đã chọn, lập quyết định"
    DROPPED = "dropped", "Đã bỏ"
