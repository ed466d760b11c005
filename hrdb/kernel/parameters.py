"""Parameters: the numbers of law as dated data with their citations, read from YAML files; pure Python.

One file is one parameter; `docs/how-to/add-a-rule.md` shows its form. The loader is strict: an unknown or doubled key,
a value without citation or dates out of order stop it with the file's name. A value that no source confirms is `null`;
who requires it gets `ParameterUnknown`, and the rule answers *unknown* with the label of what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from hrdb.kernel.dates import format_date
from hrdb.kernel.findings import CONFIDENCE_LABELS, Citation, Confidence, Finding
from hrdb.kernel.registries import Registry

#: The key of a file that says in what a value is measured, and the Vietnamese word for each admitted measure.
MEASURE_KEY: Final = "unit"
MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "months": "tháng",
        "years": "tuổi",
        "days": "ngày",
        "working days": "ngày làm việc",
        "percent": "%",
        "people": "người",
        "times": "lần",
        "items": "mục",
        "dong": "đồng",
        "coefficient": "hệ số",
        "table": "bảng",
        "text": "",
    }
)

REQUIRED_KEYS: Final = frozenset({"label", MEASURE_KEY, "verified_on", "confidence", "values"})
OPTIONAL_KEYS: Final = frozenset({"note", "attributes", "labels"})

NOT_CONFIRMED: Final = "chưa kiểm chứng"


class ParameterError(ValueError):
    """A parameter file that breaks the form; the message names the file."""


class ParameterUnknown(LookupError):
    """No confirmed value of a parameter is in force on a day."""

    def __init__(self, parameter: Parameter, day: date) -> None:
        self.parameter = parameter
        self.day = day
        found = parameter.at(day)
        self.citation: Citation | None = found.citation if found else None
        self.missing = f"{parameter.label} (ngày {format_date(day)})"
        super().__init__(f"Chưa có số liệu được kiểm chứng: {self.missing}.")

    def finding(self, rule: str, facts: Mapping[str, Any] | None = None) -> Finding:
        """The unknown outcome of a rule that needed this number."""
        return Finding(
            rule=rule,
            outcome="unknown",
            facts=facts or {},
            citation=self.citation,
            missing=(self.missing,),
            confidence="unconfirmed",
        )


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter, from a day until (exclusive) the next value's day; None when no source confirms it."""

    effective_from: date
    effective_until: date | None
    value: Any
    citation: Citation
    confidence: Confidence
    measure: str
    labels: Mapping[str, str]

    @property
    def confidence_label(self) -> str:
        """How well the value is confirmed, in words."""
        return CONFIDENCE_LABELS[self.confidence]

    @property
    def text(self) -> str:
        """The value as people write it: «744 tháng (62 năm)», «15–20 %»."""
        return format_value(self.value, self.measure, self.labels)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number (or table) of law with its history."""

    key: str
    label: str
    measure: str
    verified_on: date
    confidence: Confidence
    values: tuple[DatedValue, ...]
    note: str = ""
    group: str = ""
    group_label: str = ""
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def measure_label(self) -> str:
        """In what it is measured, in words."""
        return MEASURES[self.measure]

    @property
    def confidence_label(self) -> str:
        """How well the values are confirmed, in words, unless a value says otherwise."""
        return CONFIDENCE_LABELS[self.confidence]

    def at(self, day: date) -> DatedValue | None:
        """What held on `day`, confirmed or not; None before the first value."""
        held = None
        for value in self.values:
            if value.effective_from > day:
                break
            held = value
        return held

    def require(self, day: date) -> DatedValue:
        """The confirmed value in force on `day`; raises ParameterUnknown."""
        held = self.at(day)
        if held is None or held.value is None:
            raise ParameterUnknown(self, day)
        return held


class ParameterBook:
    """The parameters of one app: the YAML files of a folder, in groups (sub-folders) with Vietnamese labels."""

    def __init__(self, key: str, folder: Path, groups: Mapping[str, str]) -> None:
        self.key = key
        self.folder = folder
        self.groups = dict(groups)
        self._read: dict[str, Parameter] = {}

    def __getitem__(self, key: str) -> Parameter:
        """The parameter of a key such as `group/name`; raises KeyError or ParameterError."""
        if key not in self._read:
            path = self.folder / f"{key}.yaml"
            if not path.is_file():
                raise KeyError(key)
            group = key.rpartition("/")[0]
            if group not in self.groups:
                raise ParameterError(f"{path}: nhóm «{group}» chưa có tên tiếng Việt")
            self._read[key] = replace(load_parameter(path, key), group=group, group_label=self.groups[group])
        return self._read[key]

    def keys(self, group: str | None = None) -> list[str]:
        """All keys, group after group as declared; only those of `group` when given."""
        groups = list(self.groups) if group is None else [group]
        return [f"{name}/{path.stem}" for name in groups for path in sorted((self.folder / name).glob("*.yaml"))]

    def __iter__(self) -> Iterator[Parameter]:
        return (self[key] for key in self.keys())

    def under(self, group: str) -> tuple[Parameter, ...]:
        """All parameters of one group."""
        return tuple(self[key] for key in self.keys(group))


#: The books of all apps; the page «Quy định đang áp dụng» and the test of all files walk it.
PARAMETER_BOOKS: Registry[ParameterBook] = Registry("PARAMETER_BOOKS")


def all_parameters() -> tuple[Parameter, ...]:
    """Every parameter of every app, for the page that lists what is applied (quy định đang áp dụng)."""
    return tuple(parameter for book in PARAMETER_BOOKS for parameter in book)


def load_parameter(path: Path, key: str) -> Parameter:
    """Read one file strictly; raises ParameterError that names it."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
        return _parameter(content, key)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise ParameterError(f"{path}: {error}") from error


def format_value(value: Any, measure: str, labels: Mapping[str, str] | None = None) -> str:
    """A value in Vietnamese, with its measure; `labels` are the words for the keys and codes of a table.

    A table of rows that carry a `label` is told by these labels alone.
    """
    words = labels or {}
    if value is None:
        return NOT_CONFIRMED
    if isinstance(value, Mapping):
        if set(value) == {"low", "high"}:
            return _measured(f"{format_number(value['low'])}–{format_number(value['high'])}", measure)
        if "label" in value:
            return str(value["label"])
        told = {key: format_value(part, "text", words) for key, part in value.items()}
        return "; ".join(
            f"{words.get(key, key)} ({text})" if isinstance(value[key], Mapping) else f"{words.get(key, key)}: {text}"
            for key, text in told.items()
        )
    if isinstance(value, tuple):
        return " | ".join(format_value(part, "text", words) for part in value)
    if measure == "months" and isinstance(value, int) and value >= 24:
        years, months = divmod(value, 12)
        return f"{value} tháng ({years} năm{f' {months} tháng' if months else ''})"
    return _measured(words.get(value) or format_number(value), measure)


def format_number(value: Any) -> str:
    """A number with the Vietnamese decimal comma and, from ten thousand on, dots; other values as text."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | Decimal):
        grouped = f"{value}" if -10_000 < value < 10_000 else f"{value:,}"
        return grouped.translate(str.maketrans(",.", ".,"))
    return format_date(value) if isinstance(value, date) else str(value)


def _measured(number: str, measure: str) -> str:
    return number if measure in ("table", "coefficient") else f"{number} {MEASURES[measure]}".rstrip()


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses doubled keys and reads decimals exactly."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    result: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            raise ValueError(f"khóa «{key}» lặp lại ở dòng {key_node.start_mark.line + 1}")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _decimal(loader: _StrictLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


#: What an unquoted word may mean: no `yes`, `1_000`, `010` or `1:30`, which YAML 1.1 turns into something else unseen.
_PLAIN_WORDS: Final = (
    ("bool", re.compile(r"true|false"), "tf"),
    ("null", re.compile(r"null"), "n"),
    ("int", re.compile(r"-?(?:0|[1-9][0-9]*)"), "-0123456789"),
    ("float", re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"), "-0123456789"),
    ("timestamp", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "0123456789"),
)

_StrictLoader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first in _PLAIN_WORDS:
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_pattern.pattern})$"), list(_first)
    )
_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _decimal)


def _parameter(content: Any, key: str) -> Parameter:
    _check_keys(content, REQUIRED_KEYS, OPTIONAL_KEYS, "tệp")
    measure = content[MEASURE_KEY]
    if measure not in MEASURES:
        raise ValueError(f"đơn vị tính «{measure}» không có trong danh mục")
    confidence = _confidence(content["confidence"])
    labels = _pairs(content.get("labels", {}), "labels")
    return Parameter(
        key=key,
        label=_text(content["label"], "label"),
        measure=measure,
        verified_on=_day(content["verified_on"], "verified_on"),
        confidence=confidence,
        values=_values(content["values"], measure, confidence, labels),
        note=_text(content["note"], "note") if "note" in content else "",
        attributes=_pairs(content.get("attributes", {}), "attributes"),
    )


def _values(content: Any, measure: str, confidence: Confidence, labels: Mapping[str, Any]) -> tuple[DatedValue, ...]:
    if not isinstance(content, Mapping) or not content:
        raise ValueError("values: cần ít nhất một giá trị theo ngày")
    days = [_day(day, "ngày của giá trị") for day in content]
    if days != sorted(days):
        raise ValueError("values: các ngày phải tăng dần")
    found = []
    for day, until in zip(days, [*days[1:], None], strict=True):
        where = f"giá trị ngày {day}"
        row = content[day]
        _check_keys(row, {"value", "citation"}, {"confidence"}, where)
        value, citation = _freeze(row["value"]), _citation(row["citation"], where)
        held = _confidence(row.get("confidence", "unconfirmed" if value is None else confidence))
        if value is None and (held != "unconfirmed" or citation.article is not None):
            raise ValueError(f"{where}: giá trị null phải là «unconfirmed», với article: null")
        found.append(DatedValue(day, until, value, citation, held, measure, labels))
    return tuple(found)


def _citation(content: Any, where: str) -> Citation:
    _check_keys(content, {"document", "date", "article"}, {"name"}, f"căn cứ của {where}")
    article = content["article"]
    return Citation(
        document=_text(content["document"], where),
        date=_day(content["date"], where),
        article=None if article is None else _text(article, where),
        name=_text(content["name"], where) if "name" in content else "",
    )


def _pairs(content: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping) or not all(isinstance(name, str) for name in content):
        raise ValueError(f"{where}: cần các cặp tên và giá trị")
    pairs: Mapping[str, Any] = _freeze(content)
    return pairs


def _check_keys(
    content: Any, required: frozenset[str] | set[str], optional: frozenset[str] | set[str], where: str
) -> None:
    if not isinstance(content, Mapping):
        raise ValueError(f"{where}: cần các cặp khóa và giá trị")
    if unknown := [str(key) for key in content if key not in required | optional]:
        raise ValueError(f"{where}: khóa lạ {', '.join(unknown)}")
    if lacking := sorted(required - set(content)):
        raise ValueError(f"{where}: thiếu {', '.join(lacking)}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: cần chữ, không phải «{value}»")
    return value.strip()


def _day(value: Any, where: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{where}: cần ngày YYYY-MM-DD, không phải «{value}»")
    return value


def _confidence(value: Any) -> Confidence:
    if value not in CONFIDENCE_LABELS:
        raise ValueError(f"confidence: «{value}» không có trong danh mục")
    found: Confidence = value
    return found


def _freeze(value: Any) -> Any:
    """The same value, read-only: lists as tuples, mappings as read-only mappings."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: _freeze(part) for key, part in value.items()})
    if isinstance(value, list):
        return tuple(_freeze(part) for part in value)
    return value
