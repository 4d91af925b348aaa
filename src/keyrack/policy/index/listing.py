"""The versions that an index lists for a package, in order, and what of each can be used (PEP 503, 592, 691, 700).

A page may hold ten thousand links of which a run looks at three. So links are grouped by the version's text as it
stands in the file name, each distinct text becomes a point once, and a version's files are weighed when it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from keyrack.errors import InvalidText
from keyrack.policy.index.choose import Choice, FileRules, Files, Listed, choose, upload_time
from keyrack.policy.index.grouping import grouped
from keyrack.values.artifact import Link, Page
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point


class Listing:
    """The versions of one package on one index and on the flat places beside it."""

    def __init__(self, name: PackageName, pages: Iterable[Page], rules: FileRules) -> None:
        """Group the links of the pages; names that belong to no file of the package are left out."""
        self.name = name
        self._rules = rules
        self._links: dict[Point, list[tuple[Page, Sequence[int]]]] = {}
        self._choices: dict[Point, Choice] = {}
        for page in pages:
            self._file(page)
        self.versions: list[Point] = sorted(self._links)
        self.has_local = any(version.is_local for version in self.versions)

    def _file(self, page: Page) -> None:
        """File the links of a page under their versions; `1.0` and `1.0.0` are one."""
        groups = page.groups if page.groups is not None else grouped(self.name, page.filenames).items()
        latest = self._rules.latest(self.name, page.origin)
        for text, places in groups:
            if latest is not None and not (places := [at for at in places if _is_before(page.links[at], latest)]):
                continue
            try:
                version = point(text)
            except InvalidText:
                continue  # a name from before PEP 440: no requirement can ask for it
            self._links.setdefault(version, []).append((page, places))

    def __contains__(self, version: Point) -> bool:
        """Say whether a version is listed at all."""
        return version in self._links

    def choice(self, version: Point) -> Choice:
        """Weigh the files of a listed version, once."""
        found = self._choices.get(version)
        if found is None:
            listed = [Listed(page, page.links[at]) for page, places in self._links[version] for at in places]
            files = Files(
                [one for one in listed if one.link.filename.endswith(".whl")],
                [one for one in listed if not one.link.filename.endswith(".whl")],
            )
            found = self._choices[version] = choose(self.name, version, files, self._rules)
        return found

    def visible(self) -> Sequence[Point]:
        """Give the versions in order, without those that a date hides: they do not exist."""
        if self._rules.cutoff(self.name) is None and not self._rules.exclude_newer_index:
            return self.versions
        return [version for version in self.versions if not self.choice(version).is_hidden]

    def undated(self) -> Iterator[tuple[str, datetime]]:
        """Give the files that were weighed and needed a date that they do not have, with the one to precede."""
        for file in (file for choice in self._choices.values() for file in choice.files):
            cutoff = self._rules.cutoff(self.name, file.page.origin)
            if cutoff is not None and upload_time(file.link) is None:
                yield file.link.filename, cutoff


def _is_before(link: Link, latest: datetime) -> bool:
    uploaded = upload_time(link)
    return uploaded is None or uploaded < latest
