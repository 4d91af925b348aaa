import msgspec
import pytest
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.kept_resolution import is_keepable, keep_resolution, read_kept_resolution
from keyrack.values.artifact import Digest, File
from keyrack.values.credentials import Basic
from keyrack.values.graph import Pin, Resolution
from keyrack.values.index import IndexId
from keyrack.values.installed import Installed
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromIndex, FromUrl
from keyrack.values.secret import Secret
from keyrack.values.url import parse_url

LIB = PackageName("lib")
URL = parse_url("https://pkgs.example/files/lib-1.0-py3-none-any.whl").url
SHA256 = Digest("sha256", "ab" * 32)
WHEEL = File("lib-1.0-py3-none-any.whl", URL, IndexId("team"), (SHA256,), yanked="broken", size=3)


def pin(**others):
    known = {
        "name": LIB,
        "version": Version("1.0"),
        "extras": frozenset({ExtraName("x"), ExtraName("a")}),
        "wheel": WHEEL,
        "files": (WHEEL,),
        "metadata": Metadata(LIB, Version("1.0")),
        "source": FromIndex(IndexId("team")),
        "required_by": ("", "other"),
        "expected": (SHA256,),
    }
    return Pin(**{**known, **others})


def other_url(text):
    return msgspec.structs.replace(WHEEL, url=parse_url(text).url)


def test_what_was_kept_is_read_back():
    resolution = Resolution((pin(), pin(name=PackageName("more"), source=FromIndex())), ("a warning",))

    assert Resolution(
        (
            pin(),
            pin(name=PackageName("more"), source=FromIndex(), metadata=Metadata(PackageName("more"), Version("1.0"))),
        ),
        ("a warning",),
    ) == read_kept_resolution(keep_resolution(resolution))


def test_a_wheel_of_an_index_is_keepable():
    assert is_keepable(Resolution((pin(),)))


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"wheel": None}, id="to be built"),
        pytest.param(
            {"installed": Installed(LIB, Version("1.0"), "/site", "/site/lib-1.0.dist-info")}, id="installed already"
        ),
        pytest.param({"source": FromUrl(URL)}, id="from a URL"),
        pytest.param(
            {"wheel": msgspec.structs.replace(WHEEL, credentials=Basic("user", Secret("secret")))},
            id="with credentials",
        ),
        pytest.param({"wheel": other_url("file:///lib-1.0-py3-none-any.whl")}, id="on this disk"),
        pytest.param({"wheel": other_url("https://pkgs.example/lib-1.0-py3-none-any.whl?sig=abc")}, id="signed"),
        pytest.param(
            {"wheel": other_url("https://pkgs.example/t/secret-token/lib-1.0-py3-none-any.whl")}, id="token in the path"
        ),
    ],
)
def test_anything_else_is_not_keepable(others):
    assert not is_keepable(Resolution((pin(), pin(**others))))


def test_what_is_not_keepable_is_not_kept():
    with pytest.raises(TypeError, match="not keepable"):
        keep_resolution(Resolution((pin(wheel=None),)))


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x92\x90\x01"])
def test_anything_else_is_refused(body):
    with pytest.raises(InvalidText, match="not as it was kept"):
        read_kept_resolution(body)
