from packaging.markers import Marker
from packaging.version import Version

from keyrack.formats.export_text import ExportLine, render_export
from keyrack.values.artifact import Digest
from keyrack.values.lock import (
    LockedArchive,
    LockedFile,
    LockedGit,
    LockedId,
    LockedPackage,
    LockedRegistry,
    LockedTree,
    LockedUrl,
    TreeKind,
)
from keyrack.values.url import parse_url

COMMIT = "93d4b60ab45c1a4e87d23c3d2bf4a0babcab31da"


def line(name, source, *digests, version="1", **words):
    wheels = tuple(LockedFile(f"{name}-1.whl", digest=Digest("sha256", one)) for one in digests[1:])
    sdist = LockedFile(f"{name}-1.zip", digest=Digest("sha256", digests[0])) if digests else None
    own = LockedId(name, None if version is None else Version(version), source)
    return ExportLine(LockedPackage(own, sdist=sdist, wheels=wheels), **words)


INDEX = LockedRegistry(path="w")


def test_each_source_is_written_in_its_way_and_local_ones_come_first():
    lines = [
        line("z", INDEX),
        line("a", INDEX, version="10"),
        line("a", INDEX, version="9"),
        line("g", LockedGit(parse_url(f"https://git.example/r?subdirectory=s&tag=v1#{COMMIT}").url)),
        line("h", LockedGit(parse_url(f"https://git.example/r#{COMMIT}").url)),
        line("u", LockedUrl(parse_url("https://pkgs.example/u.zip?x=1").url, "s")),
        line("v", LockedUrl(parse_url("https://pkgs.example/v.zip").url)),
        line("f", LockedArchive("f.whl")),
        line("t", LockedTree("../t"), version=None),
        line("e", LockedTree(".", TreeKind.EDITABLE)),
        line("p", LockedTree("libs/p", TreeKind.EDITABLE), editable=False),
        line("s", LockedTree("/srv/s")),
        line("d", INDEX, version=None),
    ]

    assert render_export(lines).splitlines() == [
        "-e .",
        "../t",
        "./f.whl",
        "./libs/p",
        "/srv/s",
        "a==9",
        "a==10",
        "d==None",
        f"g @ git+https://git.example/r@{COMMIT}#subdirectory=s",
        f"h @ git+https://git.example/r@{COMMIT}",
        "u @ https://pkgs.example/u.zip?x=1#subdirectory=s",
        "v @ https://pkgs.example/v.zip",
        "z==1",
    ]


def test_markers_hashes_and_who_needs_a_package_are_written():
    one = line("a", INDEX, "cc", "bb", marker=Marker("os_name == 'nt'"), required_by=("x",))
    two = line("b", INDEX, required_by=("x", "y"))

    assert render_export([two, one]) == (
        "a==1 ; os_name == 'nt' \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n    # via x\n"
        "b==1\n    # via\n    #   x\n    #   y\n"
    )


def test_hashes_and_who_needs_a_package_may_be_left_out():
    one = line("a", INDEX, "cc", required_by=("x",))

    assert "a==1\n" == render_export([one], with_hashes=False, annotated=False)
