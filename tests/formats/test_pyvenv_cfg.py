from hypothesis import given
from hypothesis import strategies as st

from keyrack.formats.pyvenv_cfg import parse_pyvenv_cfg, render_pyvenv_cfg


def test_pairs_are_read_whatever_stands_around_them():
    assert {"home": "/usr/bin", "prompt": "a = b"} == parse_pyvenv_cfg("Home=/usr/bin\n\n# no\nprompt =  a = b \n")


keys = st.from_regex(r"[a-z-]+", fullmatch=True)
values = st.text(alphabet="ab/ =é\\", max_size=8).map(str.strip)


@given(st.dictionaries(keys, values))
def test_what_is_written_is_read_back(pairs):
    assert pairs == parse_pyvenv_cfg(render_pyvenv_cfg(pairs))
