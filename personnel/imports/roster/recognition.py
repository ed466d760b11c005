"""Which column of a roster a header means: spellings first, then telling words; one that says neither is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from hrdb.kernel.text import clean_text, fold
from personnel.imports.roster.columns import BY_KEY, Column, spellings

#: Words whose diacritics tell two headers apart: năm and Nam, Đảng and đang, ĐT (điện thoại) and DT (dân tộc),
#: TĐ (trình độ) and TD (tuyển dụng).
_MARKED: Final = (
    (re.compile(r"\bnăm\b"), "n8m"),
    (re.compile(r"\bđảng\b"), "d8ng"),
    (re.compile(r"\bđt\b"), "d8t"),
    (re.compile(r"\btđ\b"), "t8d"),
)
_UNMARKED: Final = str.maketrans({"8": "a"})
_IN_PARENTHESES: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOT_A_WORD: Final = re.compile(r"[^0-9a-z%>]+")

#: Headers about somebody or something else than what the person is now.
_ELSEWHERE: Final = re.compile(
    r"\b(vo|chong|cha|me|than nhan|nguoi than|quy hoach|de nghi|du kien|du nguon|sau khi|lan sau|luong moi|tuoi)\b"
)

#: Groups of x marks, by the header above; the first that fits the nearest header wins.
_MARK_GROUPS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("", re.compile(r"ngoai ngu|tin hoc|tieng|quoc phong|an ninh|boi duong")),
    ("political_theory", re.compile(r"ly luan|llct|chinh tri")),
    ("state_management", re.compile(r"quan ly nha nuoc|qlnn|ql nha nuoc|quan ly nn")),
    ("category", re.compile(r"doi tuong|phan loai|loai can bo|bien che")),
    ("degree", re.compile(r"chuyen mon|bang cap|hoc vi|hoc van|trinh do|van bang|cmnv")),
)

#: Telling words for headers that no spelling lists: pattern, pattern that must not be there, column.
_WORDS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"^(stt|tt|so tt)\b", r"", "ordinal"),
    (r"^ho (va )?(chu )?(dem )?(va )?ten\b", r"", "name"),
    (r"\b(cccd|cmnd|cmtnd|can cuoc|dinh danh|ddcn)\b", r"\bcap\b|co quan|don vi", "personal_number"),
    (r"ngay cap\b", r"", "id_issued_on"),
    (r"\bsinh\b.*\bnam$", r"noi|nu$", "birth_date:male"),
    (r"\bsinh\b.*\bnu$", r"noi", "birth_date:female"),
    (r"\b(ngay|thang|n8m)\b.*\bsinh\b|\bsinh (ngay|n8m)\b", r"noi|cap", "birth_date"),
    (r"^gioi tinh\b", r"", "sex"),
    (r"^dan toc\b", r"thieu so|tieng|ton giao", "ethnicity"),
    (r"^ton giao\b", r"", "religion"),
    (r"\bnoi sinh\b", r"", "birth_place"),
    (r"\b(que quan|nguyen quan)\b", r"", "home_town"),
    (r"\bthuong tru\b", r"", "permanent_residence"),
    (r"\b(noi|cho) (o|cu tru)\b", r"", "current_residence"),
    (r"\b(dien thoai|sdt)\b", r"", "phone"),
    (r"\be ?mail\b", r"", "email"),
    (r"\b(so|ma) .*\bbhxh\b", r"thang|thoi gian|n8m", "social_insurance_number"),
    (r"chinh thuc.*\bd8ng\b|\bd8ng\b.*(chinh thuc|\bct\b)|\bnvd ?ct\b", r"", "party_official_on"),
    (r"\b(vao|ket nap)\b.*\bd8ng\b", r"so the|noi", "party_joined_on"),
    (r"co quan.*tuyen dung|don vi.*tuyen dung", r"", "recruited_by"),
    (r"tuyen dung|vao nganh\b|vao bien che\b", r"hinh thuc|quyet dinh|so qd|xet|thi", "recruited_on"),
    (r"\b(ngay|n8m|thang|gian|diem) td\b|^td (ngay|n8m)\b", r"", "recruited_on"),
    (r"ly luan|\bllct\b", r"ngay|n8m|truong", "political_theory"),
    (r"quan ly nha nuoc|\bqlnn\b", r"ngay|n8m|truong", "state_management"),
    (r"ngoai ngu", r"", "foreign_language"),
    (r"\btieng dan toc\b", r"", "ethnic_language"),
    (r"tin hoc|\bcntt\b", r"", "informatics"),
    (r"quoc phong|\bqpan\b|\bqp an\b", r"", "defence"),
    (r"chuyen nganh|nganh (dao tao|hoc)", r"", "study_field"),
    (r"\b(trinh do )?(van hoa|pho thong)$", r"", "schooling"),
    (r"chuyen mon", r"\bto\b|phong|ngay|n8m|co quan|viec", "degree"),
    (r"vuot khung|\btnvk\b", r"ngay|tu\b", "over_frame"),
    (r"\b(phu cap|pc)\b.*\bchuc vu\b|\bpccv\b", r"", "position_allowance"),
    (r"\bhuong (luong|tu)\b|\bmoc (nang|huong)\b|\bthoi diem huong\b", r"lan sau|du kien", "pay_from"),
    (r"\bbo nhiem\b", r"lai\b|ngach|so qd|quyet dinh|co quan|cdnn|nghe nghiep", "appointed_on"),
    (r"\bten ngach\b", r"", "rank_name"),
    (r"\bngach\b|\bcdnn\b|chuc danh nghe nghiep", r"ngay|thoi|bo nhiem|n8m|thi\b|^hang\b", "rank"),
    (r"^he so\b|\bhsl\b|\bhe so luong\b", r"phu cap|pc|chenh lech|bao luu", "coefficient"),
    (r"^bac\b", r"tho|dao tao", "pay_step"),
    (r"(chuc vu|chuc danh).*(don vi|co quan|noi cong tac)", r"", "title_and_unit"),
    (r"(chuc vu|chuc danh).*(\bd8ng\b|cap uy)", r"", "party_title"),
    (r"kiem nhiem", r"phu cap|pc\b|ngay", "concurrent_title"),
    (r"chuc vu|chuc danh", r"ngay|thoi|bo nhiem|phu cap|pc\b|tuong duong|n8m|so luong", "title"),
    (r"vi tri viec lam|\bvtvl\b", r"ma\b|so luong", "job_position"),
    (r"^(ten )?(don vi|co quan)\b|noi cong tac", r"ngay|thoi|cap\b|quan ly|cu\b|truoc", "unit"),
    (r"ghi chu", r"", "note"),
)  # fmt: skip
_COMPILED: Final = tuple(
    (re.compile(word), re.compile(without) if without else None, key) for word, without, key in _WORDS
)


class Recognised(NamedTuple):
    """The column that a header means, and how sure that is (1: spelled so; below: by its words)."""

    column: Column
    confidence: float


def header_key(text: str, *, with_parentheses: bool = True) -> str:
    """A header as it is compared: folded, without marks; *năm* and *Nam*, *Đảng* and *đang* stay apart."""
    text = clean_text(text).lower()
    if not with_parentheses:
        text = _IN_PARENTHESES.sub(" ", text)
    for word, marked in _MARKED:
        text = word.sub(marked, text)
    return " ".join(_NOT_A_WORD.sub(" ", fold(text)).split())


def path_key(path: Iterable[str]) -> str:
    """The key under which a mapping remembers a header with the headers above it."""
    return " > ".join(key for key in map(header_key, path) if key)


class Recogniser:
    """Recognises headers by the built-in spellings and those that an administrator added."""

    def __init__(self, more_spellings: Iterable[tuple[str, str]] = ()) -> None:
        self._known = _built_in() | _keys_of(tuple(more_spellings))
        self._seen: dict[tuple[str, ...], Recognised | None] = {}

    def recognise(self, path: tuple[str, ...]) -> Recognised | None:
        """The column of a header, given with the headers above it from the top; None when it says nothing known."""
        if path not in self._seen:
            self._seen[path] = self._recognise(path)
        return self._seen[path]

    def _recognise(self, path: tuple[str, ...]) -> Recognised | None:
        # A header with those above it in one cell, as the workbook of bad rows writes it.
        path = tuple(part for text in path for part in text.split(" > "))
        for with_parentheses in (True, False):
            keys = [header_key(text, with_parentheses=with_parentheses) for text in path]
            keys = [key for place, key in enumerate(keys) if key and (place == 0 or key != keys[place - 1])]
            if keys and (found := self._by_spelling(keys)):
                return found
        return self._by_words(keys) if keys else None

    def _by_spelling(self, keys: list[str]) -> Recognised | None:
        whole = " > ".join(keys)
        if key := self._known.get(whole):
            return Recognised(BY_KEY[key], 1.0)
        if len(keys) == 1:
            mark = _mark(keys[0], "degree")
            return Recognised(BY_KEY[mark], 0.95) if mark else None
        if _ELSEWHERE.search(" ".join(keys[:-1])):
            return None
        # Headers above that only group columns do not change what the lowest ones say.
        for start in range(1, len(keys) - 1):
            if key := self._known.get(" > ".join(keys[start:])):
                return Recognised(BY_KEY[key], 1.0)
        for above in reversed(keys[:-1]):
            if key := self._known.get(f"{above} > {keys[-1]}"):
                return Recognised(BY_KEY[key], 1.0)
            group = next((name for name, word in _MARK_GROUPS if word.search(above)), None)
            if group is not None:
                if mark := _mark(keys[-1], group):
                    return Recognised(BY_KEY[mark], 0.95)
                break
        joined = self._known.get(" ".join(keys))
        for start in range(len(keys) - 1):
            key = self._known.get(" ".join(keys[start:]))
            if key and " ".join(keys[start:-1]) not in self._known:
                # One header written over several rows: *Ngày vào* above *Đảng*.
                return Recognised(BY_KEY[key], 0.95)
        if key := self._known.get(keys[-1]) or joined:
            return Recognised(BY_KEY[key], 0.9)
        return None

    def _by_words(self, keys: list[str]) -> Recognised | None:
        if _ELSEWHERE.search(" ".join(keys)):
            return None
        for text in dict.fromkeys((keys[-1], " ".join(keys))):
            for word, without, key in _COMPILED:
                if word.search(text) and not (without and without.search(text)):
                    return Recognised(BY_KEY[key], 0.7)
        return None


def _keys_of(texts: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Column keys by header key, as written and as written without diacritics."""
    known: dict[str, str] = {}
    for key, text in texts:
        known.setdefault(_spelling_key(text), key)
    for key, text in texts:
        known.setdefault(_spelling_key(text).translate(_UNMARKED), key)
    return known


@cache
def _built_in() -> dict[str, str]:
    return _keys_of(tuple(spellings()))


def _spelling_key(text: str) -> str:
    return " > ".join(header_key(part) for part in text.split(" > "))


def _mark_leaves() -> dict[str, dict[str, str]]:
    leaves: dict[str, dict[str, str]] = {}
    for key, text in spellings():
        field = BY_KEY[key].field
        if BY_KEY[key].kind == "mark" and " > " in text:
            leaves.setdefault(field, {}).setdefault(header_key(text.split(" > ")[-1]), key)
    return leaves


_MARK_LEAVES: Final = _mark_leaves()


def _mark(leaf: str, group: str) -> str | None:
    """The column of x marks that a lowest header means in a group, such as *ThS* under *Trình độ*."""
    return _MARK_LEAVES.get(group, {}).get(leaf)
