"""The built-in wording of each kind of paper (nội dung mẫu), by the `template` that a kind of decision names.

A kind is one `TextKind`: its subject and its articles in phrases. Upper apps register theirs; an office may put its own
Word template in place of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hrdb.kernel.registries import Registry

#: An article: its paragraphs, of which those in brackets fall away without their facts.
Article = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKind:
    """How a kind of paper is worded.

    `verbs` are the words of kinds of decisions that share it, by their keys, else their labels; `columns` the facts of
    the appended list; `needs` facts that stand as dots when the decision does not say them; `is_notice` has no
    articles; a letter (`is_letter`, also a notice) says first to whom it goes.
    """

    key: str
    label: str
    subject: str
    articles: tuple[Article, ...]
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    verbs: Mapping[str, str] = field(default_factory=dict)
    is_notice: bool = False
    is_letter: bool = False


text_kinds: Registry[TextKind] = Registry("văn bản quyết định")

_BENEFITS: Final = "{name_first} được hưởng lương, phụ cấp và các chế độ khác theo quy định hiện hành."
_TERM: Final = "[Thời hạn giữ chức vụ đến ngày {term_ends_on}.]"
_CAUSE: Final = "[Lý do: {cause}.]"

#: The last article of every decision.
EXECUTION: Final[Article] = (
    "Quyết định này có hiệu lực kể từ ngày {day}.",
    "Thủ trưởng các cơ quan, đơn vị có liên quan[ và {executors}] chịu trách nhiệm thi hành Quyết định này.",
)


def _kind(key: str, label: str, subject: str, *articles: Article, **more: object) -> None:
    text_kinds.register(TextKind(key=key, label=label, subject=subject, articles=articles, **more))  # type: ignore[arg-type]


# Chức vụ
_kind(
    "appointment",
    "Bổ nhiệm",
    "bổ nhiệm {name}[ giữ chức vụ {title}]",
    ("Bổ nhiệm {who}[, giữ chức vụ {title}][, {unit}], kể từ ngày {day}.", _TERM),
    (_BENEFITS,),
    columns=("title", "unit", "term_ends_on"),
    needs=("title",),
)
_kind(
    "reappointment",
    "Bổ nhiệm lại",
    "bổ nhiệm lại {name}[ giữ chức vụ {title}]",
    ("Bổ nhiệm lại {who}[, giữ chức vụ {title}][, {unit}], kể từ ngày {day}.", _TERM),
    (_BENEFITS,),
    columns=("title", "unit", "term_ends_on"),
    needs=("title",),
)
_kind(
    "extension",
    "Kéo dài thời gian giữ chức vụ",
    "kéo dài thời gian giữ chức vụ đối với {name}",
    ("Kéo dài thời gian giữ chức vụ[ {title}][, {unit}] đối với {who}, kể từ ngày {day}[ đến ngày {term_ends_on}].",),
    (_BENEFITS,),
    columns=("title", "unit", "term_ends_on"),
)
_kind(
    "post",
    "Bầu, phê chuẩn chức vụ",
    "{act} {name}[ giữ chức vụ {title}]",
    ("{act} {who}[, giữ chức vụ {title}][, {unit}][, nhiệm kỳ {mandate}], kể từ ngày {day}.",),
    (_BENEFITS,),
    columns=("title", "unit", "mandate"),
    needs=("title",),
    verbs={"election": "Công nhận kết quả bầu"},
)
_kind(
    "designation",
    "Chỉ định",
    "chỉ định {name}[ giữ chức vụ {title}]",
    ("Chỉ định {who}[, giữ chức vụ {title}][, {unit}][, nhiệm kỳ {mandate}], kể từ ngày {day}.",),
    (_BENEFITS,),
    columns=("title", "unit", "mandate"),
    needs=("title",),
)
_kind(
    "nomination",
    "Giới thiệu ứng cử",
    "giới thiệu {name} ứng cử[ chức danh {title}]",
    ("Giới thiệu {who}, ứng cử[ chức danh {title}][, {unit}][, nhiệm kỳ {mandate}].",),
    columns=("title", "unit", "mandate"),
    needs=("title",),
)
_kind(
    "concurrent",
    "Kiêm nhiệm",
    "giao {name} kiêm nhiệm[ chức vụ {title}]",
    ("Giao {who}, kiêm nhiệm[ chức vụ {title}][, {unit}], kể từ ngày {day}[ đến hết ngày {until}].",),
    (_BENEFITS,),
    columns=("title", "unit", "until"),
    needs=("title", "unit"),
)
_kind(
    "acting",
    "Giao quyền, phụ trách",
    "giao quyền (phụ trách)[ {title}] đối với {name}",
    ("Giao {who}, giữ quyền (phụ trách)[ {title}][, {unit}], kể từ ngày {day}[ đến hết ngày {until}].",),
    (_BENEFITS,),
    columns=("title", "unit", "until"),
    needs=("title", "unit"),
)
# Di chuyển
_kind(
    "transfer",
    "Điều động",
    "điều động {name}[ đến công tác tại {unit}]",
    ("Điều động {who}[, đến công tác tại {unit}][, giữ chức vụ {title}], kể từ ngày {day}.", _TERM),
    (_BENEFITS,),
    columns=("unit", "title"),
    needs=("unit",),
)
_kind(
    "rotation",
    "Luân chuyển",
    "luân chuyển {name}[ đến công tác tại {unit}]",
    (
        (
            "Luân chuyển {who}[, đến công tác tại {unit}][, giữ chức vụ {title}], kể từ ngày {day}"
            "[ đến ngày {term_ends_on}]."
        ),
    ),
    (_BENEFITS,),
    columns=("unit", "title", "term_ends_on"),
    needs=("unit", "title"),
)
_kind(
    "rotation_end",
    "Kết thúc luân chuyển",
    "kết thúc luân chuyển đối với {name}",
    (
        "Kết thúc luân chuyển đối với {who}[; bố trí công tác tại {unit}][, giữ chức vụ {title}], kể từ ngày {day}.",
        _TERM,
    ),
    (_BENEFITS,),
    columns=("unit", "title", "term_ends_on"),
    needs=("unit", "title"),
)
_kind(
    "secondment",
    "Biệt phái",
    "biệt phái {name}[ đến công tác tại {destination}]",
    (
        (
            "Biệt phái {who}[, đến công tác tại {destination}][, đảm nhiệm {title}], kể từ ngày {day}"
            "[ đến hết ngày {until}]."
        ),
    ),
    (
        (
            "Trong thời gian biệt phái, {name} chịu sự phân công công tác của nơi đến biệt phái; biên chế, tiền lương "
            "do cơ quan, đơn vị cử biệt phái quản lý, chi trả."
        ),
    ),
    columns=("destination", "title", "until"),
    needs=("destination", "until"),
)
_kind(
    "secondment_end",
    "Kết thúc biệt phái",
    "kết thúc biệt phái đối với {name}",
    ("Kết thúc biệt phái đối với {who} và bố trí trở lại công tác tại cơ quan, đơn vị cử biệt phái, từ ngày {day}.",),
    (_BENEFITS,),
)
_kind(
    "study",
    "Cử đi đào tạo, bồi dưỡng",
    "cử {name} tham dự {course}",
    ("Cử {who} tham dự {course}[ tại {organisation}], kể từ ngày {day}[ đến hết ngày {until}].",),
    (
        "{name_first} có trách nhiệm chấp hành quy chế của lớp học và báo cáo kết quả khi kết thúc khóa học.",
        "{name_first} được hưởng chế độ đối với người được cử đi đào tạo, bồi dưỡng theo quy định hiện hành.",
    ),
    columns=("until",),
    needs=("course",),
)
_kind(
    "abroad",
    "Cử đi công tác, học tập nước ngoài",
    "cử {name} đi công tác, học tập tại {destination}",
    ("Cử {who} đi {destination}, kể từ ngày {day}[ đến hết ngày {until}].", "[Nội dung: {course}.]"),
    (
        (
            "{name_first} có trách nhiệm chấp hành quy định về xuất cảnh, bảo vệ bí mật nhà nước "
            "và báo cáo kết quả khi kết thúc chuyến đi."
        ),
    ),
    columns=("until",),
    needs=("destination",),
)
# Rời chức vụ
_kind(
    "stepping_down",
    "Miễn nhiệm, bãi nhiệm, từ chức, cho thôi giữ chức vụ, cách chức",
    "{act}[ {title}] đối với {name}",
    (
        "{act}[ {title}][, {unit}] đối với {who}, kể từ ngày {day}.",
        "[Bố trí công tác: {new_title}, {new_unit}.]",
        _CAUSE,
    ),
    (_BENEFITS,),
    columns=("title", "unit", "new_title", "new_unit"),
    verbs={
        "dismissal": "Miễn nhiệm chức vụ",
        "recall": "Bãi nhiệm chức vụ",
        "resignation": "Cho từ chức, thôi giữ chức vụ",
        "release": "Cho thôi giữ chức vụ",
        "removal": "Cách chức",
    },
)
_kind(
    "suspension",
    "Tạm đình chỉ công tác",
    "tạm đình chỉ công tác đối với {name}",
    ("Tạm đình chỉ công tác đối với {who}, kể từ ngày {day}[ đến hết ngày {until}].", _CAUSE),
    ("Trong thời gian tạm đình chỉ công tác, {name} được hưởng lương và các chế độ theo quy định hiện hành.",),
    columns=("until",),
)
# Vào cơ quan
_kind(
    "recruitment",
    "Tuyển dụng",
    "tuyển dụng {name}[ vào làm việc tại {unit}]",
    (
        (
            "Tuyển dụng {who}[, vào làm việc tại {unit}][, chức danh {title}][, vị trí việc làm {job_position}], "
            "kể từ ngày {day}."
        ),
        "[Xếp lương: {pay}.]",
    ),
    (_BENEFITS,),
    columns=("unit", "title", "job_position", "pay"),
    needs=("unit",),
)
_kind(
    "receiving",
    "Tiếp nhận",
    "tiếp nhận {name}[ về công tác tại {unit}]",
    (
        (
            "Tiếp nhận {who}[, về công tác tại {unit}][, chức danh {title}][, vị trí việc làm {job_position}], "
            "kể từ ngày {day}."
        ),
        "[Xếp lương: {pay}.]",
    ),
    (_BENEFITS,),
    columns=("unit", "title", "job_position", "pay"),
    needs=("unit",),
)
# Ngạch, lương
_kind(
    "pay_step",
    "Nâng bậc lương, phụ cấp thâm niên vượt khung",
    "{act} đối với {name}",
    ("{act} đối với {who}[, từ {pay_before}][ lên {pay}], kể từ ngày {day}.",),
    columns=("pay_before", "pay"),
    needs=("pay",),
)
_kind(
    "rank",
    "Nâng ngạch, thăng hạng, chuyển ngạch",
    "{act} đối với {name}",
    ("{act} đối với {who}[, từ {pay_before}][ sang {pay}], kể từ ngày {day}.",),
    columns=("pay_before", "pay"),
    needs=("pay",),
)
# Khen thưởng, kỷ luật
_kind(
    "commendation",
    "Khen thưởng",
    "khen thưởng {name}",
    ("Khen thưởng {who}[, bằng hình thức {form}][, danh hiệu {emulation_title}][, {detail}].",),
    ("Tiền thưởng và các quyền lợi kèm theo (nếu có) thực hiện theo quy định hiện hành.",),
    columns=("form", "emulation_title", "detail"),
)
_kind(
    "discipline",
    "Kỷ luật",
    "thi hành kỷ luật đối với {name}",
    ("Thi hành kỷ luật {who}, bằng hình thức {form}, kể từ ngày {day}.", "[Hành vi vi phạm: {behaviour}.]"),
    ("Quyết định này được lưu trong hồ sơ của {name}.",),
    columns=("form", "behaviour"),
    needs=("form",),
)
# Rời cơ quan
_kind(
    "leaving",
    "Thôi việc, buộc thôi việc, tinh giản biên chế",
    "{act} đối với {name}",
    ("{act} đối với {who}, kể từ ngày {day}.", _CAUSE),
    ("{name_first} được giải quyết chế độ theo quy định hiện hành.",),
    columns=("cause",),
    verbs={"leaving": "Cho thôi việc", "downsizing": "Cho thôi việc do tinh giản biên chế"},
)
_kind(
    "retirement_notice",
    "Thông báo nghỉ hưu",
    "nghỉ hưu đối với {name}",
    (
        "{who_first}, sẽ nghỉ hưu để hưởng chế độ bảo hiểm xã hội[ kể từ ngày {retires_from}].",
        "[{issuer_name} thông báo để {name} và các cơ quan, đơn vị có liên quan biết, thực hiện.]",
    ),
    columns=("retires_from",),
    is_notice=True,
)
_kind(
    "retirement",
    "Nghỉ hưu",
    "nghỉ hưu đối với {name}",
    ("{who_first}, được nghỉ hưu để hưởng chế độ bảo hiểm xã hội, kể từ ngày {day}.", _CAUSE),
    (
        (
            "Chế độ bảo hiểm xã hội của {name} do cơ quan bảo hiểm xã hội giải quyết theo quy định của pháp luật về "
            "bảo hiểm xã hội."
        ),
    ),
)
_kind(
    "retirement_deferral",
    "Lùi thời điểm nghỉ hưu",
    "lùi thời điểm nghỉ hưu đối với {name}",
    ("Lùi thời điểm nghỉ hưu của {who}[, đến hết ngày {until}].", "[Lý do: {ground}.]"),
    (_BENEFITS,),
    columns=("until", "ground"),
    needs=("until",),
)
# Quyết định về quyết định, và mọi loại còn lại
_kind(
    "revision",
    "Thu hồi, hủy bỏ, đính chính",
    "{act} {target}",
    ("{act} {target}, kể từ ngày {day}.", "[Nội dung đính chính: {corrected}.]", _CAUSE),
    needs=("target",),
    verbs={"withdrawal": "Thu hồi", "annulment": "Hủy bỏ", "correction": "Đính chính"},
)
_kind(
    "decision",
    "Quyết định khác về cán bộ",
    "{act} đối với {name}",
    ("{act} đối với {who}, kể từ ngày {day}.", "[{details}.]"),
    (_BENEFITS,),
    columns=("details",),
)
