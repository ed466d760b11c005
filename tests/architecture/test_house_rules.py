"""Rules of the house that a reader would otherwise have to remember."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hrdb.kernel.installation import BASE_DIR

LONGEST_FILE = 600
APPS = ("hrdb", "personnel", "appraisal", "planning", "training")
NO_NAMES = {"utils", "helpers", "common", "signals", "misc"}
NO_FRAMEWORK = {"django", "psycopg", "simple_history", "guardian", "pandas"}
GENERATED = ("requirements", "hrdb/kernel/data/", "personnel/data/")

# One-word terms of the glossary that have no ordinary meaning; its terms of several words are added as they stand.
# Ordinary words are left out: `unit` (of a test, of a number), `title` (of a page), `rank`, `party` (third party),
# `health check` (of a connection), `coefficient` (a measure).
FIELD_WORDS = {
    "cadre", "personnel", "employee", "employment", "seat", "mandate", "custody", "establishment", "commune", "ward",
    "province", "provincial", "qualification", "commendation", "retirement", "allowance", "appraisal", "bloc",
    "cohort", "secondment", "trainee",
}  # fmt: skip
FIELD_TERMS = (
    "cán bộ", "công chức", "viên chức", "đảng viên", "chức vụ", "chức danh", "biên chế", "ngạch", "nhiệm kỳ",
    "quy hoạch", "sơ yếu lý lịch", "bổ nhiệm", "hưu", "tỉnh ủy", "tỉnh uỷ",
)  # fmt: skip
PRINTED = ("/pdf/", "/paper/", "/forms/")
TEMPLATE_COMMENT = re.compile(r"{% comment .*?{% endcomment %}|{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
OUTSIDE_THE_REPOSITORY = re.compile(r"\.\./shared|(?<![\w.])/work/|/tmp/hr/")
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.com|cdn\.|unpkg\.com|jsdelivr|fonts\.googleapis|"
    r"deb\.debian\.org|--(?:extra-)?index-url|file:///opt",
    re.IGNORECASE,
)


def _tracked() -> list[Path]:
    """Every file of the repository, as Git knows it, with what is not yet committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.splitlines() if (path := BASE_DIR / name).is_file()]


def _texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file that people wrote."""
    for path in _tracked():
        name = str(path.relative_to(BASE_DIR))
        if name.startswith(GENERATED) or path == Path(__file__):
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _modules(*folders: str) -> Iterator[tuple[str, str]]:
    """Name and source of Python files below some folders."""
    return ((name, text) for name, text in _texts() if name.endswith(".py") and name.startswith(folders))


def _imports(source: str) -> Iterator[str]:
    """Full names of the modules that a source imports, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_no_file_is_longer_than_a_reader_bears() -> None:
    endings = (".py", ".html", ".css", ".js", ".sh")
    long = {
        name: lines
        for name, text in _texts()
        if name.endswith(endings) and "/migrations/" not in name and (lines := text.count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_no_module_is_named_for_nothing() -> None:
    bad = [
        name
        for name, _ in _modules(*APPS, "tests", "bench")
        if NO_NAMES & {part.removesuffix(".py") for part in Path(name).parts}
    ]
    assert bad == []


def test_rules_know_no_framework() -> None:
    """The linter follows imports; this reads also those inside functions."""
    bad = [
        (name, module)
        for name, source in _modules(*APPS)
        if "/rules/" in name
        for module in _imports(source)
        if module.split(".")[0] in NO_FRAMEWORK
    ]
    assert bad == []


def _kernel_files() -> list[tuple[str, str]]:
    return [(name, text) for name, text in _texts() if name.startswith("hrdb/kernel/")]


def _glossary_terms() -> set[str]:
    """Terms of several words from the glossary's table of the field."""
    field = (BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8").split("\n## ")[1]
    terms = {line.split("|")[1].strip().lower() for line in field.splitlines() if line.startswith("| ")}
    return {term for term in terms if " " in term} - {"health check"}


def _words(line: str) -> str:
    """A line of code as words with blanks around them: identifiers taken apart, plurals made singular."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z]+", " ", line).lower()
    return " " + " ".join(re.sub(r"(?<=[a-z]{3})s$", "", word) for word in apart.split()) + " "


def test_kernel_does_not_know_the_field_by_its_words() -> None:
    terms = {_words(term).strip() for term in FIELD_WORDS | _glossary_terms()}
    assert len(terms) > 40
    pattern = re.compile(rf" ({'|'.join(sorted(terms))}) ")
    found = [
        (name, number, term)
        for name, text in _kernel_files()
        for number, line in enumerate(text.splitlines(), 1)
        for term in pattern.findall(_words(line))
    ]
    assert found == []


def test_kernel_does_not_speak_of_the_field() -> None:
    pattern = re.compile(rf"(?<!\w)({'|'.join(FIELD_TERMS)})(?!\w)")
    found = [
        (name, number, term)
        for name, text in _kernel_files()
        for number, line in enumerate(text.casefold().splitlines(), 1)
        for term in pattern.findall(line)
    ]
    assert found == []


def test_kernel_imports_no_app() -> None:
    bad = [
        (name, module)
        for name, source in _modules("hrdb/kernel")
        for module in _imports(source)
        if module.split(".")[0] in APPS and not module.startswith("hrdb.kernel")
    ]
    assert bad == []


def test_nothing_points_outside_the_repository() -> None:
    assert [name for name, text in _texts() if OUTSIDE_THE_REPOSITORY.search(text)] == []


def test_nothing_names_a_registry() -> None:
    assert [name for name, text in _texts() if REGISTRY_HOSTS.search(text)] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_pins_with_hashes_and_names_no_index(lock: str) -> None:
    text = (BASE_DIR / lock).read_text()
    pins = re.findall(r"^[\w.-]+==\S+ \\$", text, re.MULTILINE)
    assert len(pins) > 30
    assert len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) == len(pins)
    assert "://" not in text
    assert "--index" not in text


def test_every_dependency_is_explained() -> None:
    declared = re.findall(r'^    "([A-Za-z][\w.-]*)', (BASE_DIR / "pyproject.toml").read_text().split("[tool")[0], re.M)
    explained = (BASE_DIR / "docs" / "dependencies.md").read_text().casefold()
    assert [name for name in declared if f"`{name.casefold()}`" not in explained] == []


def test_no_inline_script_or_style_in_pages() -> None:
    """The content policy would refuse them; what is only printed may lay out its columns."""
    inline = re.compile(r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)|\son\w+=[\"']|javascript:", re.IGNORECASE)
    pages = [
        (name, found.group())
        for name, text in _texts()
        if name.startswith("templates/") and not any(part in name for part in PRINTED)
        if (found := inline.search(TEMPLATE_COMMENT.sub("", text)))
    ]
    assert pages == []
