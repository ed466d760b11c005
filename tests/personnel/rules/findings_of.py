"""Cases of rules as a lawyer reads them: arguments of one function, and what its finding must say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from hrdb.kernel.findings import Finding

CASES = Path(__file__).parent / "cases"

#: What a case may ask of a finding beside its outcome.
ASKED = ("value", "met_from", "met_until", "confidence")


def cases_of(name: str) -> list[Any]:
    """The cases of a file: `{case, with, outcome, ...}` in blocks of one rule, whose own `with` all of them share."""
    rows = []
    for block in yaml.safe_load((CASES / f"{name}.yaml").read_text()):
        for case in block["cases"]:
            unknown = set(case) - {"case", "with", "outcome", "missing", "cites", *ASKED}
            assert not unknown, unknown
            given = block.get("with", {}) | case.get("with", {})
            rows.append(pytest.param(block["rule"], given, case, id=f"{block['rule']}-{case['case']}"))
    return rows


def check(function: Callable[..., Any], given: dict[str, Any], case: dict[str, Any]) -> None:
    """Whether the function's finding says what the case says."""
    found = function(**given)
    finding = found if isinstance(found, Finding) else found.finding
    assert (finding.outcome, finding.missing) == (case["outcome"], tuple(case.get("missing", ()))), finding
    for name in ASKED:
        if name in case:
            assert getattr(finding, name) == case[name], finding
    if "cites" in case:
        assert case["cites"] in finding.citation.text
    assert all(isinstance(label, str) and label for label in finding.facts)
