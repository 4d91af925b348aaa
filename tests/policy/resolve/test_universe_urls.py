"""Packages that come from URLs, in the solver's universe."""

import msgspec
import pytest

from keyrack.errors import InvalidText
from keyrack.policy.resolve.catalogue import OfflineMetadata
from keyrack.policy.resolve.knowledge import UnreadableUrl
from keyrack.values.metadata import Metadata
from keyrack.values.names import package_name
from keyrack.values.points import point
from keyrack.values.requirement import FromIndex
from lab.catalogue import MemoryCatalogue
from lab.wheels import wheel
from tests.policy.resolve.asking import Told, parsed, pins, question, refusal

LIB, DEP = package_name("lib"), package_name("dep")
URL = "https://pkgs.example/lib-1.0-py3-none-any.whl"


def from_url(*texts, catalogue=None, **words):
    asked = question(*texts, **words)
    urls = {one.name: one.source for one in asked.direct if not isinstance(one.source, FromIndex)}
    return msgspec.structs.replace(asked, urls=urls)


class ByUrl(MemoryCatalogue):
    """Knows one file by its URL, beside what indexes list."""

    requires = ()
    error = None

    def metadata(self, file):
        if file.origin is not None:
            return super().metadata(file)
        if self.error:
            raise self.error
        return Metadata(LIB, point("1.0").version, parsed(*self.requires))

    def source_metadata(self, name, source):
        return Metadata(name, point("1.0").version, parsed(*self.requires))


@pytest.mark.parametrize("place", ["file:///srv/lib", "git+https://git.example/lib", "https://pkgs.example/lib.zip"])
def test_a_package_may_come_from_what_must_be_built(place):
    told = Told()

    assert {"lib": "1.0"} == pins(from_url(f"lib @ {place}"), ByUrl(), told)
    assert f"DEBUG Searching for a compatible version of lib @ {place} (*)" in told.lines


def test_a_package_from_a_url_needs_no_page():
    told = Told()

    assert {"lib": "1.0"} == pins(from_url(f"lib @ {URL}"), ByUrl(), told)
    assert f"DEBUG Searching for a compatible version of lib @ {URL} (*)" in told.lines


def test_a_package_from_a_url_is_decided_first_and_fits_others_requirements_on_it():
    catalogue = ByUrl([wheel("dep", "1.0", requires=["lib[fast]>=1"])])

    assert {"dep": "1.0", "lib": "1.0"} == pins(from_url("dep", f"lib @ {URL}"), catalogue)


def test_a_package_from_a_url_that_is_out_of_range_leaves_no_solution():
    text, _ = refusal(from_url(f"lib @ {URL}", "lib>2"), ByUrl())

    assert (
        "Because only lib<=2 is available and you require lib>2, we can conclude that your requirements are unsatisfiable."
    ) == text


def test_a_package_from_a_url_that_cannot_be_read_leaves_no_solution():
    catalogue = ByUrl()
    catalogue.error = OfflineMetadata("off")

    text, _ = refusal(from_url(f"lib @ {URL}"), catalogue)

    assert (
        "Because lib needs to be downloaded from a registry and you require lib, we can conclude that your requirements"
        " are unsatisfiable."
    ) == text


def test_a_package_from_a_url_that_is_broken_ends_the_run_and_says_why():
    catalogue = ByUrl()
    catalogue.error = InvalidText("It is no wheel", causes=("It is empty",))

    with pytest.raises(UnreadableUrl) as caught:
        pins(from_url(f"lib @ {URL}"), catalogue)

    assert (f"Failed to read `lib @ {URL}`", ("It is no wheel", "It is empty")) == (
        caught.value.message,
        caught.value.causes,
    )
