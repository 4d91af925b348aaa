import pytest

from keyrack.errors import InvalidText
from keyrack.operations.uninstall_words import named


def test_only_the_name_of_a_requirement_counts():
    found = named(["Flask>=2", "flask[x]", "lib @ https://pkgs.example/lib.whl"], "/here")

    assert (("flask", "lib"), ()) == (found.names, found.urls)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./lib.whl", "file:///here/lib.whl"),
        ("lib-1.0-py3-none-any.whl", "file:///here/lib-1.0-py3-none-any.whl"),
        ("../src", "file:///src"),
        ("/abs/lib.whl", "file:///abs/lib.whl"),
        ("https://pkgs.example/lib.whl", "https://pkgs.example/lib.whl"),
        ("git+https://git.example/lib", "https://git.example/lib"),
    ],
)
def test_paths_and_urls_are_meant_as_such(text, expected):
    (url,) = named([text, text], "/here").urls

    assert expected == url.exact


def test_what_is_no_requirement_is_an_error():
    with pytest.raises(InvalidText):
        named(["a b"], "/here")
