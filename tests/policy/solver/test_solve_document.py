"""The document beside the solver and the code name one another."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "solver.md"
SOURCES = ROOT / "src" / "keyrack" / "policy" / "solver"


def test_every_place_that_the_code_names_is_in_the_document() -> None:
    named = {
        name for file in SOURCES.glob("*.py") for name in re.findall(r"docs/solver\.md#([a-z-]+)", file.read_text())
    }

    found = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.*)$", DOCUMENT.read_text(), re.MULTILINE)}

    assert set() == named - found


def test_every_file_that_the_document_names_exists() -> None:
    linked = re.findall(r"\]\((\.\./[^)]*)\)", DOCUMENT.read_text())

    found = [link for link in linked if not (DOCUMENT.parent / link).exists()]

    assert [] == found
