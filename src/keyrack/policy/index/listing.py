"""The versions that an index lists for a package, in order, and what of each can be used (PEP 503, 592, 691, 700).

A page may hold ten thousand links of which a run looks at three. So links are grouped by the version's text as it
stands in the file name, each distinct text becomes a point once, and a version's files are weighed when it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keyrack.errors import InvalidText
from keyrack.policy.index.choose import Choice, FileRules, Files, Listed, choose
from keyrack.values.artifact import SDIST_SUFFIXES, Page, parse_sdist_name
from keyrack.values.names import PackageName, package_name
from keyrack.values.points import Point, point


class Listing:
    """The versions of one package on one index and on the flat places beside it."""

    def __init__(self, name: PackageName, pages: Iterable[Page], rules: FileRules) -> None:
        """Group the links of the pages; names that belong to no file of the package are left out."""
        self.name = name
        self._rules = rules
        by_text: dict[str, Files] = {}
        for page in pages:
            _group(name, page, by_text)
        self._entries: dict[Point, Files] = {}
        self._choices: dict[Point, Choice] = {}
        for text, entry in by_text.items():
            self._file(text, entry)
        self.versions: list[Point] = sorted(self._entries)
        self.has_local = any(version.is_local for version in self.versions)

    def _file(self, text: str, entry: Files) -> None:
        try:
            version = point(text)
        except InvalidText:
            return  # a name from before PEP 440: no requirement can ask for it
        same = self._entries.setdefault(version, entry)
        if same is not entry:  # `1.0` and `1.0.0` are one version
            same.wheels += entry.wheels
            same.sdists += entry.sdists

    def __contains__(self, version: Point) -> bool:
        """Say whether a version is listed at all."""
        return version in self._entries

    def choice(self, version: Point) -> Choice:
        """Weigh the files of a listed version, once."""
        found = self._choices.get(version)
        if found is None:
            found = self._choices[version] = choose(self.name, version, self._entries[version], self._rules)
        return found

    def visible(self) -> Sequence[Point]:
        """Give the versions in order, without those that a date hides: they do not exist."""
        if self._rules.cutoff(self.name) is None:
            return self.versions
        return [version for version in self.versions if not self.choice(version).is_hidden]


def _group(name: PackageName, page: Page, by_text: dict[str, Files]) -> None:
    """Sort a page's links under the version texts of their names."""
    spellings: dict[str, bool] = {}
    for link in page.links:
        filename = link.filename
        if filename.endswith(".whl"):
            parts = filename[:-4].split("-")
            if len(parts) not in (5, 6) or not _is_named(parts[0], name, spellings):
                continue
            entry = by_text.get(parts[1])
            if entry is None:
                entry = by_text[parts[1]] = Files([], [])
            entry.wheels.append(Listed(page, link))
        elif filename.endswith(SDIST_SUFFIXES):
            try:
                text = parse_sdist_name(filename, name).version_text
            except InvalidText:
                continue
            entry = by_text.get(text)
            if entry is None:
                entry = by_text[text] = Files([], [])
            entry.sdists.append(Listed(page, link))


def _is_named(stem: str, name: PackageName, spellings: dict[str, bool]) -> bool:
    """Say whether the first part of a wheel's name is the package's; a page spells it in one or two ways."""
    found = spellings.get(stem)
    if found is None:
        try:
            found = package_name(stem) == name
        except InvalidText:
            found = False
        spellings[stem] = found
    return found
