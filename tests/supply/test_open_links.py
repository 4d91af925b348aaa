"""Whether the links of a page hold what may be a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.supply.open_links import has_open_links

WORDS = st.text("abcxyz0189._-/", max_size=30)


@pytest.mark.parametrize(
    "body",
    [
        b'<a href="lib_a-1.0.whl?sig=secret">x</a>',
        b"<a HREF = 'lib_a-1.0.whl?sig=secret'>x</a>",
        b"<a href=lib_a-1.0.whl?sig=secret>x</a>",
        b"<a\nhref=lib_a-1.0.whl?sig=secret>x</a>",
        b'<a href="' + b"x" * 5000 + b'?sig=secret">x</a>',
        b'<a href="lib_a.whl&#63;sig=secret">x</a>',
        b'<a href="https://user:secret@files.example/lib_a-1.0.whl">x</a>',
        b'<a href="//user:secret@files.example/lib_a-1.0.whl">x</a>',
        b'<a href="https://user:sec&#35;ret@files.example/lib_a-1.0.whl">x</a>',
        b'<a href="https://user:secret&#64;files.example/lib_a-1.0.whl">x</a>',
        b'<base href="https://secret@files.example/">',
        b'{"files": [{"url": "https://files.example/lib_a.whl?sig=secret"}]}',
        b'{"files":[{"url":"lib_a.whl?sig=secret"}]}',
        b'{"files": [{"url" : "https:\\/\\/user:secret@files.example\\/lib_a.whl"}]}',
        b'{"files": [{"url": "lib_a.whl\\u003fsig=secret"}]}',
        b'{"files": [{"url": "lib_a.whl\\u003Fsig=secret"}]}',
        b'{"yanked": "why?", "files": [{"url":\n  "lib_a.whl?sig=secret"}]}',
    ],
)
def test_a_query_or_userinfo_in_a_link_is_suspected(body):
    assert not has_open_links(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"?",
        b"@",
        b'<a href="lib_a-1.0-py3-none-any.whl#sha256=00">lib_a</a>',
        b'<?xml version="1.0"?><a href="x.whl" data-yanked="really? see me@pkgs.example">x</a>',
        b'<a href="x.whl#egg=a?b">x</a>',
        b'<a href="https://files.example/a@b/x.whl">is this href right?</a>',
        b'{"files": [{"url": "https://files.example/@scope/x.whl", "yanked": "why? https://me@x"}]}',
        b'{"files": [{"url": "https:\\/\\/files.example\\/@scope\\/x.whl"}]}',
    ],
)
def test_anything_else_is_not(body):
    assert has_open_links(body)


@given(WORDS, WORDS, WORDS, st.sampled_from(['<a href="%s">', "<a href='%s'>", '{"url": "%s"}', '{"url":"%s"}']))
def test_no_query_is_overlooked(before, path, query, form):
    body = before + form % f"{path}?{query}"

    assert not has_open_links(body.encode())


@given(WORDS, WORDS, st.sampled_from(['<a href="%s">', "<a href='%s'>", '{"url": "%s"}', '{"url":"%s"}']))
def test_no_link_without_marks_is_suspected(before, path, form):
    assert has_open_links((before + form % path).encode())
