import pytest

from keyrack.formats.toml_changes import Tables


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ("", ("a",), "a = 1\n"),
        ("a = 0 # x", ("a",), "a = 1 # x\n"),
        ("[t]\nx = 0\n", ("t", "a"), "[t]\nx = 0\na = 1\n"),
        ("[t]\n\n# u\n[u]\n", ("t", "a"), "[t]\na = 1\n\n# u\n[u]\n"),
        ("t.x = 0\n", ("t", "a"), "t.x = 0\nt.a = 1\n"),
        ("[s]\nt.x = 0\n", ("s", "t", "a"), "[s]\nt.x = 0\nt.a = 1\n"),
        ("t = { x = 0 }\n", ("t", "a"), "t = { x = 0, a = 1 }\n"),
        ("t = { x.y = 0 }\n", ("t", "a"), "t = { x.y = 0, a = 1 }\n"),
        ("t = {a=0,b='x'} # c\n", ("t", "a"), "t = { a = 1, b = 'x' } # c\n"),
        ("[s.t]\n[u]\n", ("s", "a"), "[s.t]\n\n[s]\na = 1\n[u]\n"),
        ("x = 0\n# end\n", ("t", "a"), "x = 0\n# end\n\n[t]\na = 1\n"),
        ("[[t]]\na = 0\n", ("s", "a"), "[[t]]\na = 0\n\n[s]\na = 1\n"),
    ],
    ids=range(12),
)
def test_a_value_is_written_where_it_belongs(document, path, expected):
    tables = Tables(document)

    tables.put(path, "1")

    assert expected == str(tables)


def test_a_new_key_can_stand_in_front_of_another():
    tables = Tables("[t]\nb = 0\nd = 0\n")

    tables.put(("t", "c"), "1", before="d")

    assert "[t]\nb = 0\nc = 1\nd = 0\n" == str(tables)


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ("a = 0\nb = 1\n", ("a",), "b = 1\n"),
        ("t = { a = 0, b = 1 }\n", ("t", "a"), "t = { b = 1 }\n"),
        ("a = 0\n", ("b",), "a = 0\n"),
        ("[a]\nx = 1\n[b]\n", ("a",), "[b]\n"),
    ],
    ids=range(4),
)
def test_a_value_is_taken_away(document, path, expected):
    tables = Tables(document)

    tables.remove(path)

    assert expected == str(tables)


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ("[t]\na = 0\nb.c = 0\n[t.d]\n[t.e.f]\n", ("t",), ("a", "b", "d", "e")),
        ("t = { x = 1, y = 2 }\n", ("t",), ("x", "y")),
        ("t = 1\n", ("t",), ()),
        ("[[t]]\nx = 1\n", ("t",), ()),
        ("t.a = 0\nu = 1\n", ("t",), ("a",)),
    ],
    ids=range(5),
)
def test_a_table_gives_its_keys_however_it_is_written(document, path, expected):
    assert expected == Tables(document).keys(path)


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ("a = 'x' # y\n", ("a",), "'x'"),
        ("t = { a = 'x' }\n", ("t", "a"), "'x'"),
        ("t = { a = 'x' }\n", ("t", "b"), None),
        ("[[t]]\na = 1\n", ("t", "a"), None),
    ],
    ids=range(4),
)
def test_a_value_is_found_however_it_is_written(document, path, expected):
    assert expected == Tables(document).get(path)


def test_a_table_goes_whole():
    tables = Tables("[a]\nx = 1\n\n[b]\n")

    tables.remove_table(("a",))

    assert "\n[b]\n" == str(tables)
