"""Fakes for the readers of metadata."""

import hashlib
import re
from types import SimpleNamespace

import pytest

from keyrack.supply.metadata import MetadataReader, Reading
from keyrack.values.artifact import Digest
from keyrack.values.exchange import Response, ResponseHead
from keyrack.values.log import Level


def sha(body):
    return Digest("sha256", hashlib.sha256(body).hexdigest())


class FakeSession:
    """Serves bodies by file name; notes each request as `purpose name range`. `manner` says how ranges are treated."""

    def __init__(self, *artifacts, manner="ranges"):
        self.bodies = {made.filename: made.body for made in artifacts}
        self.manner = manner
        self.requests = []

    @property
    def asked(self):
        return [
            " ".join(
                [
                    request.purpose.value,
                    request.url.filename,
                    *(value for key, value in request.headers if key == "range"),
                ]
            )
            for request in self.requests
        ]

    def _answer(self, request):
        self.requests.append(request)
        body = self.bodies.get(request.url.filename)
        wanted = dict(request.headers).get("range")
        if isinstance(body, Exception):
            raise body
        if body is None:
            return 404, (), b"no such file"
        if wanted is None or self.manner == "whole":
            return 200, (), body
        if isinstance(self.manner, int):
            return self.manner, (), b"cannot"
        start, end = re.fullmatch(r"bytes=(\d*)-(\d+)", wanted).groups()
        first, last = (int(start), int(end)) if start else (max(0, len(body) - int(end)), len(body) - 1)
        told = f"bytes {first}-{last}/{len(body)}"
        told = {"lies": f"bytes {first + 1}-{last}/{len(body)}", "silent": ""}.get(self.manner, told)
        if self.manner == "once" and start:
            return 200, (), body
        return 206, (("content-range", told),), body[first : last + 1]

    def fetch(self, request):
        status, headers, body = self._answer(request)
        return Response(ResponseHead(status, headers, request.url), body)

    def download(self, request, sink):
        status, headers, body = self._answer(request)
        if status in (200, 206):
            sink.write(body[:100])
            sink.restart()
            for start in range(0, len(body), 50_000):
                sink.write(body[start : start + 50_000])
        return ResponseHead(status, headers, request.url)


class FakeBucket:
    def __init__(self):
        self.entries = {}

    def find(self, key, package):
        return self.entries.get((key, package))

    def keep(self, key, entry, package):
        self.entries[key, package] = entry
        return True


class Scene:
    """A reader with its session, cache, log and the wheels that were kept."""

    def __init__(self, session, *, cached=None, offline=False, bucket=None):
        self.session, self.cached, self.bucket = session, cached or FakeSession(), bucket or FakeBucket()
        self.lines, self.kept = [], []
        reading = Reading(offline=offline, keep=self.keep)
        self.reader = MetadataReader(session, self.cached, self.bucket, reading, lambda *line: self.lines.append(line))

    def keep(self, file, path, digests):
        with open(path, "rb") as archive:
            self.kept.append((file.filename, sha(archive.read()) in digests))

    def read(self, file):
        return self.reader.read(file)

    @property
    def warnings(self):
        return [line for level, line in self.lines if level >= Level.WARN]


def sidecar_of(made, text=None):
    served = FakeSession(made)
    served.bodies[f"{made.filename}.metadata"] = made.metadata if text is None else text
    return served


@pytest.fixture
def fake():
    """Give the fakes by name: tests cannot import from each other."""
    return SimpleNamespace(Session=FakeSession, Bucket=FakeBucket, Scene=Scene, sidecar_of=sidecar_of)
