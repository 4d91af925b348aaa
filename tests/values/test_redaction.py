from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.values.redaction import redacted
from keyrack.values.url import parse_url

WORDS = st.text(min_size=1).map(lambda text: quote(text, safe=""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p@pkgs.example/a b", "https://****@pkgs.example/a b"),
        ("`https://tok@x.example/`", "`https://****@x.example/`"),
        ("https://u:p@[bad/simple/", "https://****@[bad/simple/"),
        ("https://u:p/a/ss@pkgs.example/", "https://****@pkgs.example/"),
        ("https://u:p@ss@pkgs.example:8080/a", "https://****@pkgs.example:8080/a"),
        ("https:/u:p@pkgs.example/", "https:/****@pkgs.example/"),
        ("//u:p@pkgs.example/", "//****@pkgs.example/"),
        ("u:p@pkgs.example", "****@pkgs.example"),
        (":p@pkgs.example", "****@pkgs.example"),
        ("lib@u:p@pkgs.example", "lib@****@pkgs.example"),
        ("file:///home/u:p@%5Bbad", "file:///home/****@%5Bbad"),
        ("corp=https://u:p@pkgs.example/", "corp=https://****@pkgs.example/"),
        ("corp=u:p@pkgs.example/", "corp=****@pkgs.example/"),
        ('url = "https://u:p@pkgs.example/"', 'url = "https://****@pkgs.example/"'),
        ("at https://pkgs.example/a?sig=x,y, in place", "at https://pkgs.example/a?sig=****, in place"),
        ("https://pkgs .example/a?sig=x&se=2999#f", "https://pkgs .example/a?sig=****&se=****"),
    ],
)
def test_what_may_be_a_secret_is_masked(text, shown):
    assert shown == redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://pkgs.example:8080/org/_packaging/feed@Release/pypi/simple/",
        "https://pkgs.example/org/_packaging/feed@Release/pypi/simple/",
        "http://127.0.0.1:8080",
        "ssh://git@pkgs.example/a.git",
        "git+ssh://git@pkgs.example/a.git@main",
        "git@pkgs.example:a.git",
        "lib @ file:///home/a/lib-1.0-py3-none-any.whl",
        "lib[x]==1.0 ; python_version >= '3.8'",
        "requirements.txt:3:1: what is it?",
        "Did you mean: a @ b",
        "https://****@pkgs.example/?sig=****",
    ],
)
def test_all_else_stays(text):
    assert text == redacted(text)


@given(WORDS, WORDS, WORDS)
def test_the_text_of_a_url_is_masked_as_the_url_masks_itself(username, password, value):
    text = f"https://{username}:{password}@pkgs.example/a/b?key={value}"

    assert str(parse_url(text).url) == redacted(text).replace("****@", "")


@given(st.text("ab:@/?=&. 1"))
def test_twice_is_once(text):
    assert redacted(text) == redacted(redacted(text))


def test_what_is_too_long_to_be_read_is_cut_between_two_words():
    text = "a " * 2499 + "https://name:secret" + "x" * 5000 + "@pkgs.example/"

    assert "a " * 2499 + "..." == redacted(text)


def test_one_word_without_an_end_is_not_shown_at_all():
    assert "..." == redacted("x" * 6000)
