import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.packed_page import pack, parse_packed_page
from keyrack.formats.simple_json import parse_json_page, read_json_page
from keyrack.values.url import parse_url

BASE = parse_url("https://pkgs.example/simple/lib/").url
HASHES = st.none() | st.dictionaries(st.sampled_from(["sha256", "md5"]), st.text("0123456789abcdefABCDEF", max_size=8))
SIDECARS = HASHES | st.booleans()
FILES = st.lists(
    st.fixed_dictionaries(
        {"filename": st.text(max_size=9), "url": st.text(max_size=9)},
        optional={
            "hashes": HASHES,
            "requires-python": st.none() | st.text(max_size=9),
            "yanked": st.booleans() | st.text(max_size=9),
            "core-metadata": SIDECARS,
            "dist-info-metadata": SIDECARS,
            "data-dist-info-metadata": SIDECARS,
            "size": st.none() | st.integers(0, 2**40),
            "upload-time": st.none() | st.text(max_size=9),
        },
    ),
    max_size=6,
)


def packed(files, groups):
    page = read_json_page(json.dumps({"files": files}).encode(), BASE)
    return parse_packed_page(pack(page, groups), BASE, "team")


@given(FILES, st.data())
def test_every_link_comes_back_as_the_page_has_it(files, data):
    expected = parse_json_page(json.dumps({"files": files}).encode(), BASE, "team").links
    places = data.draw(st.permutations(range(len(files))))
    cut = data.draw(st.integers(0, len(files)))
    groups = (("1.0", places[:cut]), ("2.0", places[cut:]))

    page = packed(files, groups)

    assert [expected[place] for place in places] == [page.links[at] for at in range(len(places))]
    assert [expected[place] for place in reversed(places)] == list(reversed(page.links))
    assert (("1.0", range(cut)), ("2.0", range(cut, len(places)))) == page.groups
    assert [files[place]["filename"] for place in places] == page.filenames
    assert ("team", BASE) == (page.origin, page.base)


def test_what_stands_in_no_group_is_left_out():
    files = [{"filename": name, "url": name} for name in "abc"]

    assert ["b"] == packed(files, (("1.0", (1,)),)).filenames


@pytest.mark.parametrize("body", [b"", b"\x90", b"{}", b"\x92\x01\x01"])
def test_what_was_not_packed_is_told(body):
    with pytest.raises(InvalidText, match="is not as it was kept"):
        parse_packed_page(body, BASE, "team")
