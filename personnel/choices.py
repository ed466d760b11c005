"""Closed choices of the record: kinds, states, tiers. Open lists are dated code lists in models/code_lists.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices


class Sex(TextChoices):
    """Giới tính."""

    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class DatePrecision(TextChoices):
    """How much of a date is known."""

    DAY = "day", "ngày, tháng, năm"
    MONTH = "month", "tháng, năm"
    YEAR = "year", "năm"


class Bloc(TextChoices):
    """Khối of a unit: who owns its organisation work."""

    GOVERNMENT = "government", "Khối chính quyền"
    PARTY = "party", "Khối Đảng"
    FRONT = "front", "Khối Mặt trận, đoàn thể"
    COUNCIL = "council", "Hội đồng nhân dân"


class UnitLevel(TextChoices):
    """Cấp of a unit; the district level is history since 01/07/2025."""

    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện (đã kết thúc)"
    COMMUNE = "commune", "Cấp xã"


class UnitSuccessionKind(TextChoices):
    """How one unit follows another."""

    MERGE = "merge", "Sáp nhập, hợp nhất"
    SPLIT = "split", "Chia, tách"
    RENAME = "rename", "Đổi tên"
    TRANSFER = "transfer", "Chuyển giao nhiệm vụ"


class EmploymentCategory(TextChoices):
    """Đối tượng: what a person is to the law of service."""

    CADRE = "cadre", "Cán bộ"
    CIVIL_SERVANT = "civil_servant", "Công chức"
    PUBLIC_EMPLOYEE = "public_employee", "Viên chức"
    CONTRACT_111 = "contract_111", "Hợp đồng theo NĐ 111/2022/NĐ-CP"
    CONTRACT_OTHER = "contract_other", "Hợp đồng khác"
    COMMUNE_PART_TIME = "commune_part_time", "Người hoạt động không chuyên trách cấp xã"
    OUTSIDE = "outside", "Ngoài diện quản lý (lực lượng vũ trang, ngành dọc)"


class EmploymentState(TextChoices):
    """Tình trạng: whether and how a person works now."""

    WORKING = "working", "Đang làm việc"
    SECONDED = "seconded", "Biệt phái"
    MATERNITY = "maternity", "Nghỉ thai sản"
    UNPAID_LEAVE = "unpaid_leave", "Nghỉ không hưởng lương"
    LONG_STUDY = "long_study", "Đi học dài hạn"
    ABROAD = "abroad", "Công tác ở nước ngoài"
    SUSPENDED = "suspended", "Tạm đình chỉ công tác"
    AWAITING_RETIREMENT = "awaiting_retirement", "Chờ nghỉ hưu"
    AWAITING_POSTING = "awaiting_posting", "Chờ bố trí công tác"
    RETIRED = "retired", "Đã nghỉ hưu"
    LEFT = "left", "Đã thôi việc"
    DIED = "died", "Đã mất"


#: States in which a person belongs to the workforce (lists and statistics count them).
PRESENT_STATES = (
    EmploymentState.WORKING,
    EmploymentState.SECONDED,
    EmploymentState.MATERNITY,
    EmploymentState.UNPAID_LEAVE,
    EmploymentState.LONG_STUDY,
    EmploymentState.ABROAD,
    EmploymentState.SUSPENDED,
    EmploymentState.AWAITING_RETIREMENT,
    EmploymentState.AWAITING_POSTING,
)

#: States in which a person has left the workforce for good.
ENDED_STATES = (EmploymentState.RETIRED, EmploymentState.LEFT, EmploymentState.DIED)


class AssignmentKind(TextChoices):
    """Loại of an assignment; one main assignment holds at a time."""

    MAIN = "main", "Chính"
    CONCURRENT = "concurrent", "Kiêm nhiệm"
    PARTY = "party", "Chức vụ Đảng"
    SECONDMENT = "secondment", "Biệt phái"
    ACTING = "acting", "Giao quyền, phụ trách"


class TitleBranch(TextChoices):
    """Nhánh of a title."""

    GOVERNMENT = "government", "Chính quyền"
    PARTY = "party", "Đảng"
    FRONT = "front", "Mặt trận, đoàn thể"
    COUNCIL = "council", "Hội đồng nhân dân"
    PUBLIC_SERVICE = "public_service", "Đơn vị sự nghiệp"


class ManagingLevel(TextChoices):
    """Diện quản lý: who decides on the holder of a title."""

    CENTRAL = "central", "Diện Trung ương quản lý"
    PROVINCIAL_STANDING = "provincial_standing", "Diện Ban Thường vụ Tỉnh ủy quản lý"
    PROVINCIAL_COMMITTEE = "provincial_committee", "Diện Đảng ủy UBND tỉnh quản lý"
    UNIT = "unit", "Diện sở, ban, ngành, xã, phường quản lý"


class TitleGroup(TextChoices):
    """Nhóm chức danh used by statistics."""

    HEAD = "head", "Cấp trưởng"
    DEPUTY = "deputy", "Cấp phó"
    DIVISION_HEAD = "division_head", "Trưởng phòng và tương đương"
    DIVISION_DEPUTY = "division_deputy", "Phó trưởng phòng và tương đương"
    SPECIALIST = "specialist", "Chuyên môn, nghiệp vụ"
    SUPPORT = "support", "Hỗ trợ, phục vụ"


class JobGroup(TextChoices):
    """Nhóm vị trí việc làm."""

    LEADERSHIP = "leadership", "Lãnh đạo, quản lý"
    PROFESSIONAL = "professional", "Nghiệp vụ chuyên ngành"
    SHARED = "shared", "Nghiệp vụ chuyên môn dùng chung"
    SUPPORT = "support", "Hỗ trợ, phục vụ"


class QualificationKind(TextChoices):
    """Loại trình độ."""

    PROFESSIONAL = "professional", "Chuyên môn"
    POLITICAL_THEORY = "political_theory", "Lý luận chính trị"
    STATE_MANAGEMENT = "state_management", "Quản lý nhà nước, chức danh nghề nghiệp, nghiệp vụ"
    FOREIGN_LANGUAGE = "foreign_language", "Ngoại ngữ"
    ETHNIC_LANGUAGE = "ethnic_language", "Tiếng dân tộc"
    INFORMATICS = "informatics", "Tin học"
    DEFENCE = "defence", "An ninh, quốc phòng"


#: Requirements of a title that ask for a level, with the kind of qualification that they compare.
KIND_OF_REQUIREMENT: Final[Mapping[str, QualificationKind]] = {
    "professional_level": QualificationKind.PROFESSIONAL,
    "political_theory": QualificationKind.POLITICAL_THEORY,
    "state_management": QualificationKind.STATE_MANAGEMENT,
    "foreign_language": QualificationKind.FOREIGN_LANGUAGE,
    "ethnic_language": QualificationKind.ETHNIC_LANGUAGE,
    "informatics": QualificationKind.INFORMATICS,
    "defence": QualificationKind.DEFENCE,
}


class PayScheme(TextChoices):
    """Which pay table a step belongs to (rows 30.1 and 30.3 of the unified form)."""

    RANK = "rank", "Theo ngạch, chức danh nghề nghiệp"
    POSITION = "position", "Theo vị trí việc làm"


class RankGroup(TextChoices):
    """Nhóm ngạch used by statistics (BM01)."""

    SENIOR = "senior", "Chuyên viên cao cấp và tương đương"
    PRINCIPAL = "principal", "Chuyên viên chính và tương đương"
    SPECIALIST = "specialist", "Chuyên viên và tương đương"
    ASSISTANT = "assistant", "Cán sự và tương đương"
    STAFF = "staff", "Nhân viên"


class DisciplineRegime(TextChoices):
    """Kỷ luật về Đảng hay hành chính."""

    STATE = "state", "Hành chính"
    PARTY = "party", "Đảng"


class RelativeSide(TextChoices):
    """Bên of a relative (items 36.1 and 36.2)."""

    OWN = "own", "Bản thân"
    SPOUSE = "spouse", "Bên vợ hoặc chồng"


class LifeHistoryKind(TextChoices):
    """Đặc điểm lịch sử bản thân (items 34.1 to 34.3)."""

    ARREST = "arrest", "Bị bắt, bị tù"
    OLD_REGIME = "old_regime", "Làm việc cho chế độ cũ"
    FOREIGN_ORGANISATION = "foreign_organisation", "Quan hệ với tổ chức nước ngoài"
    FOREIGN_RELATIVE = "foreign_relative", "Có thân nhân ở nước ngoài"


class AssetKind(TextChoices):
    """Item 37.3: sources of income, houses and land of the family."""

    INCOME_SALARY = "income_salary", "Thu nhập từ lương"
    INCOME_OTHER = "income_other", "Các nguồn thu nhập khác"
    HOUSE_GRANTED = "house_granted", "Nhà ở được cấp, được thuê"
    HOUSE_BOUGHT = "house_bought", "Nhà tự mua, tự xây"
    LAND_GRANTED = "land_granted", "Đất được cấp"
    LAND_BOUGHT = "land_bought", "Đất tự mua"
    LAND_BUSINESS = "land_business", "Đất sản xuất, kinh doanh"


class BloodGroup(TextChoices):
    """Nhóm máu."""

    A = "A", "A"
    B = "B", "B"
    AB = "AB", "AB"
    O = "O", "O"  # noqa: E741


class PoliticalReviewResult(TextChoices):
    """Kết luận tiêu chuẩn chính trị: only the result; the content stays on paper."""

    MET = "met", "Bảo đảm tiêu chuẩn chính trị"
    MET_WITH_NOTE = "met_with_note", "Có vấn đề nhưng không ảnh hưởng"
    NOT_MET = "not_met", "Không bảo đảm tiêu chuẩn chính trị"


class Classification(TextChoices):
    """Độ mật; from «tối mật» only a stub with a pointer to the paper is kept."""

    PLAIN = "plain", "Thường"
    SECRET = "secret", "Mật"
    HIGHLY_SECRET = "highly_secret", "Tối mật"
    TOP_SECRET = "top_secret", "Tuyệt mật"


#: Classifications of which only a stub with a pointer to the paper is kept and printed.
STUB_CLASSIFICATIONS = (Classification.HIGHLY_SECRET, Classification.TOP_SECRET)


class Confidence(TextChoices):
    """How well a fact of reference is confirmed."""

    CONFIRMED = "confirmed", "Đã đối chiếu"
    ONE_SOURCE = "one_source", "Một nguồn"
    UNCONFIRMED = "unconfirmed", "Chưa kiểm chứng"


class BatchState(TextChoices):
    """Trạng thái of an import batch."""

    UPLOADED = "uploaded", "Đã tải lên"
    CHECKED = "checked", "Đã kiểm tra"
    COMMITTED = "committed", "Đã ghi"
    UNDONE = "undone", "Đã hoàn tác"
    FAILED = "failed", "Không đọc được"


class ReceivingState(TextChoices):
    """Trạng thái of a receiving request."""

    PENDING = "pending", "Chờ tỉnh xử lý"
    ACCEPTED = "accepted", "Đã đồng ý"
    REFUSED = "refused", "Không đồng ý"


class DecisionState(TextChoices):
    """Trạng thái of a decision; a signed one is in effect from its effective day."""

    DRAFT = "draft", "Dự thảo"
    CHECKED = "checked", "Đã kiểm tra"
    SUBMITTED = "submitted", "Đã trình ký"
    SIGNED = "signed", "Đã ký"
    WITHDRAWN = "withdrawn", "Đã thu hồi"
    ANNULLED = "annulled", "Đã hủy bỏ"
    REPLACED = "replaced", "Đã được thay thế"


class ReorganisationState(TextChoices):
    """Trạng thái of a case of reorganisation."""

    DRAFT = "draft", "Đang lập"
    REHEARSED = "rehearsed", "Đã chạy thử"
    APPLIED = "applied", "Đã thực hiện"
    UNDONE = "undone", "Đã hoàn tác"


class StepKind(TextChoices):
    """What one step of a reorganisation does to units."""

    CREATE = "create", "Thành lập"
    RENAME = "rename", "Đổi tên"
    MOVE = "move", "Chuyển đơn vị cấp trên"
    MERGE = "merge", "Sáp nhập, hợp nhất"
    SPLIT = "split", "Chia, tách"
    DISSOLVE = "dissolve", "Giải thể"


class PlacementOutcome(TextChoices):
    """What a case says of one person by name."""

    HEAD = "head", "Giữ chức cấp trưởng"
    DEPUTY = "deputy", "Giữ chức cấp phó"
    OTHER = "other", "Bố trí công tác khác"
    AWAITING = "awaiting", "Chờ bố trí công tác"
    FOLLOW = "follow", "Theo về đơn vị"


#: The kind of units that belong to the office above them (phòng), an item of the list of kinds.
DIVISION_KIND: Final = "x-phong"
