"""The glossary stays in order: one word, one meaning."""

from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def tables() -> list[list[list[str]]]:
    """The rows of each table, cells as text."""
    found = []
    for section in GLOSSARY.read_text(encoding="utf-8").split("\n## ")[1:]:
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"
        ]
        found.append(rows[2:])
    return found


def test_terms_are_alphabetical_and_whole():
    assert len(tables()) == 2
    for rows in tables():
        terms = [row[0].casefold() for row in rows]
        assert terms == sorted(terms)
        assert all(len(row) == 3 and all(row) for row in rows)


def test_no_term_means_two_things():
    terms = [row[0].casefold() for rows in tables() for row in rows]
    assert len(terms) == len(set(terms)) >= 80
