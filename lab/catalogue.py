"""A catalogue in memory: what indexes would answer, for the resolver alone, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from keyrack.errors import KeyrackError
from keyrack.formats.core_metadata import parse_metadata
from keyrack.policy.resolve.catalogue import Direct, FoundPages, NeedsBuild
from keyrack.values.artifact import Digest, File, Link, Page
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName, package_name
from keyrack.values.url import parse_url
from lab.wheels import Artifact


class MemoryCatalogue:
    """Answers at once from artifacts, index by index in search order, and remembers what it was asked for."""

    def __init__(
        self, *indexes: Iterable[Artifact], offline: bool = False, unbuilt: frozenset[str] = frozenset()
    ) -> None:
        """`unbuilt` are names of sdists whose metadata only a build would tell."""
        self._pages: dict[PackageName, list[Page]] = {}
        self._metadata: dict[str, bytes] = {}
        self._offline = offline
        self._unbuilt = unbuilt
        self.sources: dict[Direct, Metadata] = {}
        self.asked: list[str] = []
        self.read: list[str] = []
        for number, artifacts in enumerate(indexes):
            self._add(IndexId(f"index-{number}"), artifacts)

    def _add(self, origin: IndexId, artifacts: Iterable[Artifact]) -> None:
        base = parse_url(f"https://{origin}.example/simple/").url
        links: dict[PackageName, list[Link]] = {}
        for artifact in artifacts:
            links.setdefault(package_name(artifact.name), []).append(
                Link(
                    artifact.filename,
                    f"/files/{artifact.filename}",
                    digests=(Digest("sha256", artifact.sha256),),
                    requires_python=artifact.requires_python or None,
                    yanked=False if artifact.yanked is None else artifact.yanked,
                    core_metadata=(),
                    upload_time=artifact.uploaded or None,
                )
            )
            self._metadata[f"{origin} {artifact.filename}"] = artifact.metadata
        for name, some in links.items():
            self._pages.setdefault(name, []).append(Page(origin, base, tuple(some)))

    def pages(self, name: PackageName, pinned: IndexId | None = None) -> FoundPages:
        """Give every page of a package, or the one of an index."""
        self.asked.append(name)
        pages = tuple(page for page in self._pages.get(name, ()) if pinned in (None, page.origin))
        return FoundPages(pages, offline=self._offline and not pages)

    def metadata(self, file: File) -> Metadata:
        """Read what the artifact says of itself."""
        self.read.append(file.filename)
        if file.filename in self._unbuilt:
            raise NeedsBuild(f"`{file.filename}` must be built")
        text = self._metadata.get(f"{file.origin} {file.filename}")
        if text is None:
            raise KeyrackError(f"No such file: {file.filename}")
        return parse_metadata(text)

    def expect(
        self, name: PackageName, pinned: IndexId | None = None, then: Callable[[FoundPages], None] | None = None
    ) -> None:
        """Answer at once."""
        if then is not None:
            then(self.pages(name, pinned))

    def expect_metadata(self, file: File) -> None:
        """Do nothing: all is there."""

    def source_metadata(self, name: PackageName, source: Direct) -> Metadata:
        """Give what stands in `sources`."""
        if source not in self.sources:
            raise KeyrackError(f"No such source of {name}: {source}")
        return self.sources[source]

    def expect_source(self, name: PackageName, source: Direct) -> None:
        """Do nothing: all is there."""

    def located(self, source: Direct) -> Direct:
        """Know of no commits."""
        return source
