"""Word templates with tags: checked when someone sends one, filled in a sandbox that knows nothing but its fields.

    check_word_template(path, fields, samples)     raises BadTemplate with a sentence that names the faulty tag
    fill_word_template(content, fields, values)    the document

`fields` names what a tag may say: a field to None, a list of texts to [], a list of rows to the names of their fields.
A received file is opened in a process of its own, under limits of memory and time: the module is its own script and
imports nothing of the project. In tags only fields, conditions, comparisons, a few filters and one loop at a time work:
no call, no attribute of an object, no arithmetic, so that a template can neither reach the server nor exhaust it.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

Fields = Mapping[str, Sequence[str] | None]

NOT_WORD: Final = "Tệp không phải là văn bản Word .docx. Hãy mở bằng Word, lưu thành .docx rồi gửi lại."
BROKEN: Final = "Tệp .docx bị hỏng hoặc chưa tải lên hết, không mở được."
TOO_LARGE: Final = "Tệp quá lớn sau khi giải nén. Hãy bỏ bớt hình ảnh rồi gửi lại."
ENCRYPTED: Final = "Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
MACROS: Final = "Tệp có macro hoặc đối tượng nhúng nên không nhận. Hãy lưu lại thành .docx không có macro rồi gửi."
OUTSIDE: Final = "Tệp lấy nội dung từ bên ngoài (mẫu đính kèm, hình liên kết, trường tự động) nên không nhận."
TOO_MUCH: Final = "Tệp quá phức tạp, không đọc được trong giới hạn cho phép. Hãy làm lại mẫu từ mẫu mặc định."
NOTHING_BUT: Final = "trong thẻ chỉ dùng được trường, điều kiện, so sánh và một vòng lặp"

_MAIN: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EMBEDDED: Final = re.compile(r"vbaproject|vbadata|activex|/embeddings/|oleobject|afchunk", re.IGNORECASE)
_RELATION: Final = re.compile(rb"<Relationship\b[^>]*>")
_FIELD_CODE: Final = re.compile(
    rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|MACROBUTTON|DATABASE|RD)\b", re.IGNORECASE
)
_INSTRUCTION: Final = re.compile(rb"<w:instrText[^>]*>([^<]*)</w:instrText>|w:instr=\"([^\"]*)\"")

_FILTERS: Final = ("upper", "lower", "capitalize", "title", "trim", "default", "join", "length", "first", "last")
_TESTS: Final = ("defined", "undefined", "eq", "==", "equalto", "ne", "!=", "none", "odd", "even")
_LOOP: Final = frozenset({"index", "index0", "first", "last", "length", "revindex"})
_TAG: Final = re.compile(r"\{[{%#].*?[}%#]\}")
_MARKUP: Final = re.compile(r"<[^>]*>")
_PLAIN_NODES: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Const, nodes.Concat, nodes.Pair, nodes.Keyword,
)  # fmt: skip


class BadTemplate(Exception):
    """The template is not taken or cannot be filled; `str()` is a Vietnamese sentence that names the faulty tag."""


@dataclass(frozen=True, slots=True)
class TemplateLimits:
    """How much one file may ask for."""

    entries: int = 400
    unpacked: int = 30_000_000
    memory: int = 1_000_000_000
    seconds: int = 20


def check_word_template(
    path: Path, *, fields: Fields, samples: Sequence[Mapping[str, Any]], limits: TemplateLimits | None = None
) -> None:
    """Open a received file in a process of its own and fill it with samples; raises BadTemplate."""
    limits = limits or TemplateLimits()
    order = {"fields": fields, "samples": list(samples), "limits": asdict(limits)}
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(Path(__file__)), str(path)],
            input=json.dumps(order, default=list).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds + 10,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadTemplate(TOO_MUCH) from None
    if answer.returncode != 0:
        raise BadTemplate(TOO_MUCH if answer.returncode < 0 else BROKEN)
    if fault := json.loads(answer.stdout)["fault"]:
        raise BadTemplate(fault)


def fill_word_template(content: bytes, *, fields: Fields, values: Mapping[str, Any]) -> bytes:
    """The document of a template with these values; raises BadTemplate."""
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render(dict(values), jinja_env=_Tags(fields), autoescape=True)
    except TemplateError as error:
        raise BadTemplate(f"Không điền được mẫu: {error}") from None
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


class _Tags(ImmutableSandboxedEnvironment):
    """The jinja of tags: every source is read against the fields before anything of it runs."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(autoescape=True)
        self.fields = fields
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.tests = {name: self.tests[name] for name in _TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            parsed = super()._parse(source, name, filename)
        except TemplateSyntaxError as error:
            raise BadTemplate(_syntax_fault(error, source)) from None
        _Reader(self.fields, source).read(parsed)
        return parsed

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only the counters of a loop; rows are dictionaries."""
        return isinstance(obj, LoopContext) and attr in _LOOP

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is called."""
        return False


class _Reader:
    """Reads the tags of one source against the fields; raises BadTemplate at the first that is not allowed."""

    def __init__(self, fields: Fields, source: str) -> None:
        self.fields, self.lines = fields, source.splitlines()

    def read(self, node: nodes.Node, rows: Mapping[str, Sequence[str]] | None = None) -> None:
        """Walk a node; `rows` are the names that the loop around it gives, with the fields of a row."""
        if isinstance(node, nodes.For):
            self._read_loop(node, rows)
            return
        if isinstance(node, nodes.Name):
            self._known(node, node.name, node.name in self.fields or node.name in (rows or {}))
            return
        if isinstance(node, nodes.Getattr):
            self._read_field_of_row(node, rows or {})
            return
        if isinstance(node, nodes.Filter):
            self._allowed(node, node.name, _FILTERS)
        elif isinstance(node, nodes.Test):
            self._allowed(node, node.name, _TESTS)
        elif not isinstance(node, _PLAIN_NODES):
            self._refuse(node)
        for child in node.iter_child_nodes():
            self.read(child, rows)

    def _read_loop(self, node: nodes.For, rows: Mapping[str, Sequence[str]] | None) -> None:
        over, target = node.iter, node.target
        if rows is not None or node.recursive or not isinstance(target, nodes.Name) or not isinstance(over, nodes.Name):
            self._refuse(node)
        self._known(over, over.name, self.fields.get(over.name) is not None)
        inner = {target.name: self.fields[over.name] or (), "loop": tuple(_LOOP)}
        for child in [*node.body, *([node.test] if node.test else [])]:
            self.read(child, inner)
        for child in node.else_:
            self.read(child, rows)

    def _read_field_of_row(self, node: nodes.Getattr, rows: Mapping[str, Sequence[str]]) -> None:
        owner = node.node
        if not isinstance(owner, nodes.Name) or owner.name not in rows:
            self._refuse(node, node.attr)
        else:
            self._known(node, f"{owner.name}.{node.attr}", node.attr in rows[owner.name])

    def _allowed(self, node: nodes.Node, name: str, names: Sequence[str]) -> None:
        if name not in names:
            self._refuse(node, name)

    def _known(self, node: nodes.Node, name: str, is_known: bool) -> None:
        if not is_known:
            raise BadTemplate(f"Thẻ «{self._tag(node, name)}»: không có trường «{name}». Xem danh sách các trường.")

    def _refuse(self, node: nodes.Node, word: str = "") -> NoReturn:
        raise BadTemplate(f"Thẻ «{self._tag(node, word)}» không dùng được: {NOTHING_BUT}.")

    def _tag(self, node: nodes.Node, word: str) -> str:
        """The tag of a node as it stands in the file."""
        line = self.lines[node.lineno - 1] if 0 < node.lineno <= len(self.lines) else ""
        tags = _TAG.findall(_MARKUP.sub("", line))
        return next((tag for tag in tags if word in tag), tags[0] if tags else word)[:120]


def _syntax_fault(error: TemplateSyntaxError, source: str) -> str:
    """A fault of syntax in a sentence, with the tag near which it was met."""
    message, lines = error.message or "", source.splitlines()
    needed = re.search(r"innermost block that needs to be closed is '(\w+)'", message)
    strange = re.search(r"unknown tag '(\w+)'", message)
    if strange and not (needed and message.startswith("Unexpected end")):
        return f"Thẻ «{{% {strange[1]} %}}» không có, hoặc không có thẻ mở đứng trước."
    if needed:
        return f"Thiếu thẻ đóng «{{% end{needed[1]} %}}» của một thẻ «{{% {needed[1]} … %}}»."
    line = _MARKUP.sub("", lines[error.lineno - 1]) if 0 < error.lineno <= len(lines) else ""
    begun = re.search(r"\{[{%#][^}]*\}?", line)
    near = begun[0] if begun else line.strip()
    return f"Thẻ viết sai cú pháp gần «{near[:80]}»."


# The process of a received file -----------------------------------------------------------------------------------


def main() -> None:
    """Check the file named by the argument against the order on the input, and write the answer."""
    order = json.loads(sys.stdin.buffer.read())
    limits = order["limits"]
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    fault = ""
    try:
        content = Path(sys.argv[1]).read_bytes()
        inspect_package(content, limits)
        for sample in order["samples"]:
            fill_word_template(content, fields=order["fields"], values=sample)
    except BadTemplate as error:
        fault = str(error)
    except (MemoryError, RecursionError):
        fault = TOO_MUCH
    except Exception:
        # Whatever the readers raise on a damaged file means one thing to the user.
        fault = BROKEN
    sys.stdout.write(json.dumps({"fault": fault}))


def inspect_package(content: bytes, limits: Mapping[str, int]) -> None:
    """Refuse what is no plain .docx: encrypted, too large unpacked, with macros, embedded or outside content."""
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise BadTemplate(ENCRYPTED if b"E\x00n\x00c\x00r\x00y\x00p\x00t" in content else NOT_WORD)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _inspect_parts(package, limits)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, ValueError):
        raise BadTemplate(NOT_WORD if content[:2] != b"PK" else BROKEN) from None


def _inspect_parts(package: zipfile.ZipFile, limits: Mapping[str, int]) -> None:
    infos = package.infolist()
    if any(info.flag_bits & 1 for info in infos):
        raise BadTemplate(ENCRYPTED)
    if len(infos) > limits["entries"] or sum(info.file_size for info in infos) > limits["unpacked"]:
        raise BadTemplate(TOO_LARGE)
    types = package.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(_EMBEDDED.search(info.filename) for info in infos):
        raise BadTemplate(MACROS)
    if _MAIN not in types:
        raise BadTemplate(NOT_WORD)
    for info in infos:
        if info.filename.endswith((".xml", ".rels")):
            _inspect_part(package.read(info))


def _inspect_part(part: bytes) -> None:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise BadTemplate(OUTSIDE)
    for relation in _RELATION.findall(part):
        if b'TargetMode="External"' in relation and b"/hyperlink" not in relation:
            raise BadTemplate(OUTSIDE)
    if _FIELD_CODE.search(b"".join(_instructions(part))) or b"<w:altChunk" in part:
        raise BadTemplate(OUTSIDE)


def _instructions(part: bytes) -> Iterable[bytes]:
    for text, attribute in _INSTRUCTION.findall(part):
        yield text or b" " + attribute


if __name__ == "__main__":
    main()
