import pytest

from keyrack.values.index import Index, Indexes, IndexFormat, index_id
from keyrack.values.names import IndexName
from keyrack.values.url import parse_url


def make(text: str, name: str | None = None, kind: IndexFormat = IndexFormat.SIMPLE) -> Index:
    url = parse_url(text).url
    named = IndexName(name) if name else None
    return Index(index_id(url, named), url, named, format=kind)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://pkgs.example/team/simple", "https://pkgs.example/team/"),
        ("https://pkgs.example/team/simple/", "https://pkgs.example/team/"),
        ("https://pkgs.example/team/SIMPLE/", "https://pkgs.example/team/"),
        ("https://pkgs.example/team/+simple/", "https://pkgs.example/team/"),
        ("https://pkgs.example/simple", "https://pkgs.example/"),
        ("https://pkgs.example/whl/cu121", "https://pkgs.example/whl/cu121/"),
        ("https://pkgs.example/", "https://pkgs.example/"),
        ("https://pkgs.example/simplest/", "https://pkgs.example/simplest/"),
    ],
)
def test_the_root_is_the_url_without_a_last_segment_simple(url, root):
    assert root == str(make(url).root)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://pkgs.example/wheels/", "https://pkgs.example/wheels/"),
        ("https://pkgs.example/wheels/index.html", "https://pkgs.example/wheels/"),
        ("https://pkgs.example/wheels/simple/", "https://pkgs.example/wheels/simple/"),
    ],
)
def test_the_root_of_a_flat_index_is_its_folder(url, root):
    assert root == str(make(url, kind=IndexFormat.FLAT).root)


def test_an_index_is_known_by_its_name_or_else_by_its_url_without_a_slash():
    ids = [make("https://pkgs.example/a/simple/", "team").id, make("https://pkgs.example/a/simple/").id]

    assert ["team", "https://pkgs.example/a/simple"] == ids


def test_messages_call_an_index_by_its_name_or_else_by_its_url():
    labels = [make("https://pkgs.example/a/", "team").label, make("https://pkgs.example/a/").label]

    assert ["team", "https://pkgs.example/a/"] == labels


def test_indexes_are_found_by_id_and_by_name_wherever_they_stand():
    searched, explicit, flat = (make(f"https://{name}.example/", name) for name in ("one", "two", "three"))
    indexes = Indexes((searched,), (explicit,), (flat,))

    found = (indexes.all, indexes.by_id(flat.id), indexes.named("two"))

    assert ((searched, explicit, flat), flat, explicit) == found


def test_an_index_that_is_not_there_is_none():
    indexes = Indexes((make("https://one.example/", "one"),))

    assert (None, None) == (indexes.by_id(make("https://two.example/").id), indexes.named("two"))
