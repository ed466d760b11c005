"""The columns of a sheet of ratings (bảng đánh giá, xếp loại), and which header means which.

What tells the person and the unit is recognised as in rosters; the headers of ratings themselves are listed here.
Spellings are keys of headers: without case, diacritics and marks.
"""

from __future__ import annotations

import re
from typing import Final

from personnel.imports.roster.columns import BY_KEY, Column
from personnel.imports.roster.recognition import Recognised, Recogniser, header_key

#: The column without which a table is no sheet of ratings.
ANCHOR: Final = "personal_number"
ANCHOR_LABEL: Final = "Số CCCD"

SCORES: Final = ("self_score", "general_score", "results_score", "score")
LEVELS: Final = ("proposed_level", "level", "party_level")
TEXTS: Final = ("collective_opinion", "note")

COLUMNS: Final[dict[str, Column]] = {
    column.key: column
    for column in (
        Column("self_score", "Điểm tự chấm", "number"),
        Column("general_score", "Tiêu chí chung", "number"),
        Column("results_score", "Kết quả thực hiện nhiệm vụ", "number"),
        Column("score", "Điểm", "number"),
        Column("proposed_level", "Mức đề nghị", "code", list_name="rating_levels"),
        Column("level", "Mức xếp loại", "code", list_name="rating_levels"),
        Column("party_level", "Mức xếp loại đảng viên", "code", list_name="rating_levels"),
        Column("exclusion", "Lý do không xếp loại", "text"),
        Column("collective_opinion", "Ý kiến của tập thể", "text"),
    )
}

#: What is read of a row, in the order of the sheet that offices are given.
LABELS: Final[dict[str, str]] = {
    ANCHOR: ANCHOR_LABEL,
    "name": BY_KEY["name"].label,
    "unit": BY_KEY["unit"].label,
    **{key: column.label for key, column in COLUMNS.items()},
    "note": BY_KEY["note"].label,
}

_SPELLINGS: Final[dict[str, str]] = {
    text: key
    for key, texts in {
        ANCHOR: ("so cccd", "cccd", "so dinh danh", "so dinh danh ca nhan", "ma dinh danh", "so can cuoc"),
        "self_score": ("tu cham", "tu danh gia", "ca nhan cham", "diem ca nhan", "tu cham diem"),
        "general_score": ("tieu chi chung", "diem chung", "nhom tieu chi chung", "diem tc chung", "tcc"),
        "results_score": (
            "ket qua", "diem ket qua", "ket qua thuc hien nhiem vu", "thuc hien nhiem vu", "diem nhiem vu", "kqthnv",
        ),
        "score": (
            "diem", "tong diem", "tong", "tong cong", "so diem", "diem so", "diem tong", "diem danh gia",
            "diem xep loai", "diem chot", "cong", "diem tap the", "diem cap co tham quyen",
        ),
        "proposed_level": ("muc de nghi", "de nghi xep loai", "muc de nghi xep loai", "tap the de nghi"),
        "level": (
            "muc xep loai", "xep loai", "muc", "ket qua xep loai", "xep loai chat luong", "muc do hoan thanh",
            "muc do hoan thanh nhiem vu", "ket qua danh gia", "muc danh gia", "loai",
        ),
        "party_level": ("muc xep loai dang vien", "xep loai dang vien", "dang vien", "xep loai d8ng vien"),
        "exclusion": ("khong xep loai", "ly do khong xep loai", "ly do khong danh gia"),
        "collective_opinion": ("y kien tap the", "y kien cua tap the", "nhan xet tap the", "y kien nhan xet"),
    }.items()
    for text in texts
}  # fmt: skip

#: Telling words in the header with those above it, the more telling ones first.
_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"khong (xep loai|danh gia)", "exclusion"),
        (r"\b(tu|ca nhan)\b.*(muc|xep loai)|(muc|xep loai).*\btu (cham|danh gia|xep)", ""),
        (r"\b(tu cham|tu danh gia|ca nhan (cham|danh gia|tu))\b", "self_score"),
        (r"xep loai.*\bd[a8]ng vien|\bd[a8]ng vien.*(xep loai|muc)", "party_level"),
        (r"tieu chi chung", "general_score"),
        (r"ket qua (thuc hien|cong viec|cong tac)|diem ket qua", "results_score"),
        (r"de nghi.*(muc|xep loai)|(muc|xep loai).*de nghi", "proposed_level"),
        (r"y kien|nhan xet", "collective_opinion"),
        (r"xep loai|muc do hoan thanh", "level"),
        (r"^(tong )?(so )?diem\b|\bdiem$", "score"),
    )
)


#: So many of them decide before the lowest header alone does: whose score or level it is stands above.
_DECISIVE: Final = 4


class RatingRecogniser(Recogniser):
    """Recognises the headers of ratings, else those of rosters; of the latter most are known and not read."""

    def _recognise(self, path: tuple[str, ...]) -> Recognised | None:
        keys = [header_key(text, with_parentheses=False) or header_key(text) for text in path]
        whole = " ".join(keys)
        if key := _SPELLINGS.get(whole):
            return Recognised(COLUMNS.get(key) or BY_KEY[key], 1.0)
        for pattern, key in _WORDS[:_DECISIVE]:
            if pattern.search(whole):
                return Recognised(COLUMNS[key], 0.9) if key else None
        if key := _SPELLINGS.get(keys[-1]):
            return Recognised(COLUMNS.get(key) or BY_KEY[key], 0.95)
        for pattern, key in _WORDS[_DECISIVE:]:
            if pattern.search(whole):
                return Recognised(COLUMNS[key], 0.7)
        return super()._recognise(path)
