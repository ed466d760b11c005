"""What the words of a roster mean: code lists, units and titles, found by folded name, code or known alias.

Pure Python over plain records, so that it is tested without a database; whoever has the database builds the records.
Nothing is guessed: two meanings of one spelling are no meaning, unless the place (a unit, its kind) tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from hrdb.kernel.text import clean_lines, clean_text, fold
from personnel.imports.roster.unit_names import initial_names, short_names, written_names

#: The list names of units and titles, beside the code lists named as the project's data files.
UNITS: Final = "units"
TITLES: Final = "titles"


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """An item of a code list."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit as it is called on the roster's day; `kind` and `level` tell titles of one name apart."""

    code: str
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    kind: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """A title, with the kinds and levels of units in which its spellings mean it (none: everywhere)."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    unit_levels: tuple[str, ...] = ()


class Near(NamedTuple):
    """A known value near an unknown one."""

    code: str
    name: str


class UnitMatch(NamedTuple):
    """A unit that a text names; `rest` is the part of the text that names nothing known (a group inside it)."""

    code: str
    rest: str = ""


class Lookups(Protocol):
    """What understanding a roster asks of the known lists."""

    def match_code(self, list_name: str, text: str) -> str | None:
        """The code of a value, or None."""

    def name_of(self, list_name: str, code: str) -> str:
        """The name of a code, the code itself when it is not known."""

    def nearest(self, list_name: str, text: str, count: int = 3) -> tuple[Near, ...]:
        """The known values most like an unknown one."""

    def few_codes(self, list_name: str) -> tuple[Near, ...]:
        """All values of a list so short that one chooses from it at a glance; none of a longer one."""

    def match_unit(self, text: str, within: str | None = None) -> UnitMatch | None:
        """The unit that a text names: the only one of that name, or the one nearest around or below `within`."""

    def match_title(self, text: str, unit: str | None = None) -> str | None:
        """The code of a title as it is meant in a unit, or None."""

    def is_within(self, code: str, around: str) -> bool:
        """Whether a unit is another one or stands below it."""


class DictionaryLookups:
    """Look-ups in dictionaries built once from plain records."""

    def __init__(
        self,
        lists: Mapping[str, Iterable[CodeRecord]],
        units: Iterable[UnitRecord] = (),
        titles: Iterable[TitleRecord] = (),
    ) -> None:
        self._lists = {name: _Spellings(records) for name, records in lists.items()}
        self._units = {record.code: record for record in units}
        self._unit_names = _Spellings(self._units.values())
        self._short_unit_names = _Spellings(
            UnitRecord(record.code, short) for record in self._units.values() for short in short_names(record.name)
        )
        self._initials = _Spellings(
            UnitRecord(record.code, short) for record in self._units.values() for short in initial_names(record.name)
        )
        self._titles = {record.code: record for record in titles}
        self._title_names = _Spellings(self._titles.values())
        self._seen_units: dict[tuple[str, str | None], UnitMatch | None] = {}
        self._seen_titles: dict[tuple[str, str | None], str | None] = {}

    def match_code(self, list_name: str, text: str) -> str | None:
        """The code of a value, by code, name, alias or a written-out abbreviation; None when none or several fit."""
        known = self._lists.get(list_name)
        return known.only(text) if known is not None else None

    def name_of(self, list_name: str, code: str) -> str:
        """The name of a code, the code itself when it is not known."""
        if list_name == UNITS:
            return self._units[code].name if code in self._units else code
        if list_name == TITLES:
            return self._titles[code].name if code in self._titles else code
        known = self._lists.get(list_name)
        return known.names.get(code, code) if known is not None else code

    def nearest(self, list_name: str, text: str, count: int = 3) -> tuple[Near, ...]:
        """The known values whose spellings are most like the text, best first."""
        known = {UNITS: self._unit_names, TITLES: self._title_names}.get(list_name) or self._lists.get(list_name)
        return tuple(known.nearest(text, count)) if known is not None else ()

    def few_codes(self, list_name: str) -> tuple[Near, ...]:
        """All values of a list so short that one chooses from it at a glance; none of a longer one."""
        known = self._lists.get(list_name)
        few = known is not None and len(known.names) <= _FEW
        return tuple(Near(code, name) for code, name in known.names.items()) if known is not None and few else ()

    def match_unit(self, text: str, within: str | None = None) -> UnitMatch | None:
        """The unit that a text names; parts like *Phòng A, Sở B* or *Sở B - Phòng A* are read together."""
        key = ("; ".join(clean_lines(text)), within)
        if key not in self._seen_units:
            self._seen_units[key] = self._match_unit(*key)
        return self._seen_units[key]

    def match_title(self, text: str, unit: str | None = None) -> str | None:
        """The code of a title: the only one so spelled, or the only one of them that the unit's kind and level have."""
        key = (clean_text(text), unit)
        if key not in self._seen_titles:
            self._seen_titles[key] = self._match_title(*key)
        return self._seen_titles[key]

    def _match_unit(self, text: str, within: str | None) -> UnitMatch | None:
        if code := self._one_unit(text, within):
            return UnitMatch(code)
        partial: UnitMatch | None = None
        for left, right in _splits(text):
            for outer, inner in ((right, left), (left, right)):
                around = self._one_unit(outer, within)
                if around is None:
                    continue
                inside = self._one_unit(inner, around)
                if inside is not None and self.is_within(inside, around):
                    return UnitMatch(inside)
                partial = partial or UnitMatch(around, inner)
        return partial

    def _one_unit(self, text: str, within: str | None) -> str | None:
        for spelled in written_names(text):
            for names in (self._unit_names, self._short_unit_names, self._initials):
                if found := self._nearest_around(names.all(spelled), within):
                    return found
        if len(text) == _SHEET_NAME_LENGTH:
            return self._nearest_around(self._unit_names.starting(text), within)
        return None

    def _nearest_around(self, codes: tuple[str, ...], within: str | None) -> str | None:
        """Of several units of one name the only one in the smallest subtree around `within` that has any."""
        if len(codes) == 1:
            return codes[0]
        for around in self._ancestors(within):
            inside = [code for code in codes if self.is_within(code, around)]
            if inside:
                return inside[0] if len(inside) == 1 else None
        return None

    def _ancestors(self, code: str | None) -> Iterator[str]:
        """The unit and those above it, lowest first."""
        passed: set[str] = set()
        while code is not None and code in self._units and code not in passed:
            yield code
            passed.add(code)
            code = self._units[code].parent

    def is_within(self, code: str, around: str) -> bool:
        """Whether a unit is another one or stands below it."""
        return around in self._ancestors(code)

    def _match_title(self, text: str, unit: str | None) -> str | None:
        place = self._units.get(unit) if unit is not None else None
        forms = [text]
        if place is not None and (short := _without_unit_name(text, place.name)):
            forms.append(short)
        for form in forms:
            codes = self._title_names.all(form)
            if place is not None:
                codes = tuple(code for code in codes if _fits(self._titles[code], place))
            if len(codes) == 1:
                return codes[0]
            if (named := self._title_names.only(form)) in codes:
                return named
        return self._title_over(text, place) if place is not None else None

    def _title_over(self, text: str, place: UnitRecord) -> str | None:
        """The title in *Trưởng phòng Nghiệp vụ* where the unit has a *Phòng Nghiệp vụ*: the head of a part of it."""
        words = text.split()
        for count in range(len(words) - 1, 0, -1):
            title = self.match_title(" ".join(words[:count]), place.code) if count < len(words) else None
            if title is None:
                continue
            rest = " ".join(words[count:]).strip(" ,-–")
            for part in (rest, f"{words[count - 1]} {rest}"):
                inside = self._one_unit(part, place.code)
                if inside is not None and self.is_within(inside, place.code):
                    return title
        return None


class _Spellings:
    """The codes of a list by spelling."""

    def __init__(self, records: Iterable[CodeRecord | UnitRecord | TitleRecord]) -> None:
        self.names: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_alias: dict[str, list[str]] = {}
        for record in records:
            self.names.setdefault(record.code, record.name)
            self._add(self._by_name, record.code, record.name)
            self._add(self._by_name, record.code, record.code)
            for text in record.aliases:
                self._add(self._by_alias, record.code, text)
            for text in (record.name, *record.aliases):
                self._texts.setdefault(fold(text), record.code)
        self._trigrams: dict[str, frozenset[str]] = {}

    def all(self, text: str) -> tuple[str, ...]:
        """The codes that the text may mean, by name or alias."""
        for form in _forms(text):
            codes = [*self._by_name.get(form, ()), *self._by_alias.get(form, ())]
            if codes:
                return tuple(dict.fromkeys(codes))
        return ()

    def only(self, text: str) -> str | None:
        """The code that the text means, or None when it may mean none or several; names go before aliases."""
        for form in _forms(text):
            codes = self._by_name.get(form) or self._by_alias.get(form)
            if codes:
                return codes[0] if len(codes) == 1 else None
        return None

    def starting(self, text: str) -> tuple[str, ...]:
        """The codes of the names that begin with a text."""
        start = fold(text)
        return tuple(code for known, code in self._texts.items() if known.startswith(start))

    def nearest(self, text: str, count: int) -> Iterator[Near]:
        """The codes of the spellings that share most groups of three letters with the text."""
        if not self._trigrams:
            self._trigrams = {known: _trigrams(known) for known in self._texts}
        begins = fold(text)
        wanted = _trigrams(begins)
        scores: dict[str, float] = {}
        for known, trigrams in self._trigrams.items():
            shared = len(wanted & trigrams)
            score = shared / (len(wanted) + len(trigrams) - shared) if shared else 0.0
            if len(known) > 1 and begins.startswith(known):
                score = max(score, _NEAR_ENOUGH)
            code = self._texts[known]
            scores[code] = max(scores.get(code, 0.0), score)
        for code in sorted(scores, key=lambda code: -scores[code])[:count]:
            if scores[code] >= _NEAR_ENOUGH:
                yield Near(code, self.names[code])

    @staticmethod
    def _add(table: dict[str, list[str]], code: str, text: str) -> None:
        for form in _forms(text):
            codes = table.setdefault(form, [])
            if code not in codes:
                codes.append(code)


#: So many values are offered whole where one of them is wanted.
_FEW: Final = 12
#: The least likeness of a near value: two texts share this part of their groups of three letters.
_NEAR_ENOUGH: Final = 0.2
#: Excel cuts the names of sheets off after so many characters.
_SHEET_NAME_LENGTH: Final = 31

_MARKS: Final = re.compile(r"[^0-9a-z&]+")
_ABBREVIATIONS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(rf"(?<![0-9a-z]){pattern}(?![0-9a-z])"), full)
    for pattern, full in (
        (r"gd ?(& ?|va |- ?)?dt", "giao duc va dao tao"),
        (r"nn ?(& ?|va |- ?)?mt", "nong nghiep va moi truong"),
        (r"nn ?(& ?|va |- ?)?ptnt", "nong nghiep va phat trien nong thon"),
        (r"kh ?(& ?|va |- ?)?cn", "khoa hoc va cong nghe"),
        (r"vh ?,? ?tt ?(& ?|va |- ?)?dl", "van hoa the thao va du lich"),
        (r"dt ?(& ?|va |- ?)?tg", "dan toc va ton giao"),
        (r"tn ?(& ?|va |- ?)?mt", "tai nguyen va moi truong"),
        (r"pct(?= (ubnd|hdnd|ub ?mttq|mttq|uy ban|hoi dong|hoi)\b)", "pho chu tich"),
        (r"ct(?= (ubnd|hdnd|ub ?mttq|mttq|uy ban|hoi dong|hoi)\b)", "chu tich"),
        (r"ub ?mttq( ?vn)?", "uy ban mat tran to quoc viet nam"),
        (r"mttq( ?vn)?", "mat tran to quoc viet nam"),
        (r"ubnd", "uy ban nhan dan"),
        (r"hdnd", "hoi dong nhan dan"),
        (r"ubkt", "uy ban kiem tra"),
        (r"btv", "ban thuong vu"),
        (r"bch", "ban chap hanh"),
        (r"thpt", "trung hoc pho thong"),
        (r"thcs", "trung hoc co so"),
        (r"ptdt ?bt", "pho thong dan toc ban tru"),
        (r"ptdt ?nt", "pho thong dan toc noi tru"),
        (r"gv", "giao vien"),
        (r"vp", "van phong"),
        (r"bvdk", "benh vien da khoa"),
        (r"bv", "benh vien"),
        (r"kv", "khu vuc"),
        (r"dk", "da khoa"),
    )
)
_SEPARATORS: Final = re.compile(r"\s*(?:[,;/\n]|\s[-–]\s|\bthuộc\b)\s*")


def _compact(folded: str) -> str:
    return _MARKS.sub("", folded)


def _loose(compact: str) -> str:
    """Spellings with i and y taken as one: *thạc sỹ*, *kĩ sư*."""
    return compact.replace("y", "i")


def _forms(text: str) -> Iterator[str]:
    """The forms under which a text is known, the most exact first: as it is, written out, with i and y as one."""
    folded = fold(text)
    exact = _compact(folded)
    if not exact:
        return
    yield exact
    expanded = folded
    for pattern, full in _ABBREVIATIONS:
        expanded = pattern.sub(full, expanded)
    written_out = _compact(expanded.replace("&", " va "))
    if written_out != exact:
        yield written_out
    yield "~" + _loose(written_out)


def _trigrams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def _without_unit_name(text: str, name: str) -> str:
    """*Giám đốc Sở Nội vụ* in *Sở Nội vụ* as *Giám đốc*; empty when the title does not end with the unit's name."""
    folded, tail = fold(text), fold(name)
    if len(folded) == len(text) and folded.endswith(" " + tail):
        return text[: -len(tail)].rstrip(" ,-–")
    return ""


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """The text in two at each mark that may stand between a unit and the one around it."""
    for found in _SEPARATORS.finditer(text):
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        if left and right:
            yield left, right


def _fits(title: TitleRecord, place: UnitRecord) -> bool:
    return (not title.unit_kinds or not place.kind or place.kind in title.unit_kinds) and (
        not title.unit_levels or not place.level or place.level in title.unit_levels
    )
