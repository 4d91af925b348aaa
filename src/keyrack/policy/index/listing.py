"""The versions that an index lists for a package, in order, and what of each can be used (PEP 503, 592, 691, 700).

A page may hold ten thousand links of which a run looks at three. So links are grouped by the version's text as it
stands in the file name, each distinct text becomes a point once, and a version's files are weighed when it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keyrack.errors import InvalidText
from keyrack.policy.index.choose import Choice, FileRules, Files, Listed, choose
from keyrack.values.artifact import SDIST_SUFFIXES, Link, Page, parse_sdist_name
from keyrack.values.names import PackageName, package_name
from keyrack.values.points import Point, point

_Groups = dict[str, list[Link]]


class Listing:
    """The versions of one package on one index and on the flat places beside it."""

    def __init__(self, name: PackageName, pages: Iterable[Page], rules: FileRules) -> None:
        """Group the links of the pages; names that belong to no file of the package are left out."""
        self.name = name
        self._rules = rules
        self._links: dict[Point, list[tuple[Page, list[Link]]]] = {}
        self._choices: dict[Point, Choice] = {}
        for page in pages:
            self._file(page, _grouped(name, page.links))
        self.versions: list[Point] = sorted(self._links)
        self.has_local = any(version.is_local for version in self.versions)

    def _file(self, page: Page, groups: _Groups) -> None:
        """File the links of a page under their versions; `1.0` and `1.0.0` are one."""
        for text, links in groups.items():
            try:
                version = point(text)
            except InvalidText:
                continue  # a name from before PEP 440: no requirement can ask for it
            self._links.setdefault(version, []).append((page, links))

    def __contains__(self, version: Point) -> bool:
        """Say whether a version is listed at all."""
        return version in self._links

    def choice(self, version: Point) -> Choice:
        """Weigh the files of a listed version, once."""
        found = self._choices.get(version)
        if found is None:
            listed = [Listed(page, link) for page, links in self._links[version] for link in links]
            files = Files(
                [one for one in listed if one.link.filename.endswith(".whl")],
                [one for one in listed if not one.link.filename.endswith(".whl")],
            )
            found = self._choices[version] = choose(self.name, version, files, self._rules)
        return found

    def visible(self) -> Sequence[Point]:
        """Give the versions in order, without those that a date hides: they do not exist."""
        if self._rules.cutoff(self.name) is None:
            return self.versions
        return [version for version in self.versions if not self.choice(version).is_hidden]


def _grouped(name: PackageName, links: Iterable[Link]) -> _Groups:
    """Sort links under the version texts of their file names.

    A page spells the package's name in one or two ways, so it is compared with the last spelling before anything else.
    """
    groups: _Groups = {}
    wheel_stem = sdist_stem = " "
    for link in links:
        filename = link.filename
        if filename.endswith(".whl"):
            end = filename.find("-")
            if filename[:end] != wheel_stem:
                if not _is_named(filename[:end], name):
                    continue
                wheel_stem = filename[:end]
            if filename.count("-") not in (4, 5):
                continue
            text = filename[end + 1 : filename.find("-", end + 1)]
        elif (
            filename.startswith(sdist_stem) and filename.endswith(".tar.gz") and filename.find("-", len(sdist_stem)) < 0
        ):
            text = filename[len(sdist_stem) : -len(".tar.gz")]
        elif filename.endswith(SDIST_SUFFIXES):
            try:
                text = parse_sdist_name(filename, name).version_text
            except InvalidText:
                continue
            sdist_stem = filename[: filename.index(text, len(name))]
        else:
            continue
        group = groups.get(text)
        if group is None:
            groups[text] = [link]
        else:
            group.append(link)
    return groups


def _is_named(stem: str, name: PackageName) -> bool:
    """Say whether the first part of a wheel's name is the package's."""
    try:
        return package_name(stem) == name
    except InvalidText:
        return False
