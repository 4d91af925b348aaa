"""A plain web server over static trees."""

import re

import pytest

from lab.client import ask
from lab.pages import Telling
from lab.registries.static import static
from lab.trees import Links, Looks
from lab.wheels import wheel

LIB = wheel("lib-a", "1.0", requires_python=">=3.8", yanked="old & bad")
NAME = "lib_a-1.0-py3-none-any.whl"


def test_folder_without_slash_redirects_to_it():
    with static(LIB) as server:
        answer = ask(server.index_url(slash=False) + "/lib-a")

    assert (301, "/simple/lib-a/") == (answer.status, answer.headers["location"])


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (Links.BARE, NAME),
        (Links.UP, f"../../packages/{NAME}"),
        (Links.PATH, f"/team/packages/{NAME}"),
        (Links.BASE, NAME),
        (Links.ABSOLUTE, f"ORIGIN/team/packages/{NAME}"),
    ],
)
def test_links_are_written_as_wanted(links, expected):
    with static(LIB, looks=Looks(links=links, prefix="/team")) as server:
        page = ask(server.index_url() + "lib-a/").body.decode()

        assert [expected.replace("ORIGIN", server.url)] == re.findall(r'<a href="([^"#]*)', page)


@pytest.mark.parametrize(
    ("links", "path"),
    [(Links.BARE, f"/simple/lib-a/{NAME}"), (Links.UP, f"/packages/{NAME}"), (Links.BASE, f"/packages/{NAME}")],
)
def test_file_lies_where_its_link_leads(links, path):
    with static(LIB, looks=Looks(links=links)) as server:
        assert LIB.body == ask(server.url + path).body


def test_base_is_told_in_the_head():
    with static(LIB, looks=Looks(links=Links.BASE)) as server:
        page = ask(server.index_url() + "lib-a/").body.decode()

        assert f'<base href="{server.url}/packages/">' in page


def test_page_tells_attributes_escaped():
    with static(LIB, looks=Looks(telling=Telling(gpg_sig=True))) as server:
        page = ask(server.index_url() + "lib-a/").body.decode()

    assert ['data-requires-python="&gt;=3.8"', 'data-yanked="old &amp; bad"', 'data-gpg-sig="true"'] == [
        word for word in re.findall(r'data-[a-z-]+="[^"]*"', page) if "metadata" not in word
    ]


def test_links_may_be_signed():
    with static(LIB, looks=Looks(query="X-Amz-Signature=abc")) as server:
        page = ask(server.index_url() + "lib-a/").body.decode()

    assert f'href="{NAME}?X-Amz-Signature=abc#sha256=' in page


def test_links_may_have_other_hashes_or_none():
    with static(LIB, looks=Looks(hashes=("md5",))) as one, static(LIB, looks=Looks(hashes=())) as two:
        pages = [ask(server.index_url() + "lib-a/").body.decode() for server in (one, two)]

    assert (True, True) == (f'href="{NAME}#md5=' in pages[0], f'href="{NAME}"' in pages[1])


def test_flat_page_lists_all_files():
    with static(LIB, wheel("lib-b", "2")) as server:
        page = ask(server.index_url("flat")).body.decode()

    assert [NAME, "lib_b-2-py3-none-any.whl"] == re.findall(r'<a href="([^"#]*)', page)


def test_metadata_lies_beside_the_file():
    with static(LIB) as server:
        assert LIB.metadata == ask(f"{server.index_url()}lib-a/{NAME}.metadata").body


def test_bucket_answers_403_for_what_it_lacks():
    with static(LIB, missing=403) as server:
        assert 403 == ask(server.index_url() + "nope/").status


def test_server_may_want_an_identity():
    with static(LIB, identity=("u", "p")) as server:
        assert [401, 200] == [ask(server.index_url() + "lib-a/", who).status for who in (None, ("u", "p"))]
