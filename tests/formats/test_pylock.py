import pytest

from keyrack.errors import InvalidText
from keyrack.formats.pylock import parse_pylock
from keyrack.formats.pylock_text import write_pylock
from keyrack.values.artifact import Digest

HEAD = 'lock-version = "1.0"\ncreated-by = "me"\n'
SHA = "a" * 64
WHOLE = f"""\
lock-version = "1.0"
created-by = "keyrack"
environments = ["sys_platform == 'linux'", "sys_platform == 'darwin'"]
requires-python = ">=3.9, <4"
extras = ["x"]
dependency-groups = [
    "dev",
    "test",
]
default-groups = ["dev"]

[[packages]]
name = "archive"
version = "1.0"
archive = {{ url = "https://pkgs.example/archive.zip", size = 3, upload-time = 2024-01-02T03:04:05Z, \
subdirectory = "d", hashes = {{ sha256 = "{SHA}" }} }}

[[packages]]
name = "lib"
version = "1.0"
marker = "sys_platform == 'win32'"
requires-python = ">=3.9"
index = "https://pkgs.example/simple"
sdist = {{ url = "https://pkgs.example/lib-1.0.tar.gz", size = 1, hashes = {{ sha256 = "{SHA}" }} }}
wheels = [
    {{ url = "https://pkgs.example/lib-1.0-py3-none-any.whl", upload-time = 2024-01-02T03:04:05Z, hashes = {{}} }},
    {{ name = "lib-1.0-py2-none-any.whl", path = "lib.whl", hashes = {{ md5 = "{"b" * 32}", sha256 = "{SHA}" }} }},
]

[[packages]]
name = "repo"
vcs = {{ type = "git", url = "https://pkgs.example/repo.git", requested-revision = "main", commit-id = "abc", \
subdirectory = "d" }}

[[packages]]
name = "tree"
directory = {{ path = "../tree", editable = true }}
"""


def lock(body, head=HEAD):
    return parse_pylock(head + body, "pylock.toml")


def package(body):
    (found,) = lock(f'[[packages]]\nname = "a"\n{body}\n').packages
    return found


def refusal(text):
    with pytest.raises(InvalidText) as caught:
        parse_pylock(text, "pylock.toml")
    return caught.value.message, caught.value.causes[0]


def test_what_was_written_is_read_and_written_alike():
    assert WHOLE == write_pylock(parse_pylock(WHOLE, "pylock.toml"))


def test_a_lock_of_nothing_says_so():
    assert 'lock-version = "1.0"\ncreated-by = "keyrack"\npackages = []\n' == write_pylock(lock("packages = []"))


def test_a_file_is_named_by_its_name_its_path_or_its_url():
    found = package(
        'wheels = [{ name = "n.whl", url = "https://pkgs.example/x", hashes = {} },'
        ' { path = "d/p.whl", hashes = {} }, { url = "https://pkgs.example/d/u.whl?x=1", hashes = {} }, { hashes = {} }]'
    )

    assert ["n.whl", "p.whl", "u.whl", ""] == [file.filename for file in found.wheels or ()]


def test_credentials_in_a_url_are_kept_beside_it_and_never_written():
    text = f'{HEAD}[[packages]]\nname = "a"\nsdist = {{ url = "https://u:secret@pkgs.example/a-1.tar.gz", hashes = {{}} }}\n'

    found = parse_pylock(text, "pylock.toml")

    assert "secret" not in write_pylock(found)
    assert "secret" == found.packages[0].sdist.credentials.password.reveal()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05Z"),
        ("2024-01-02T03:04:05", "2024-01-02T03:04:05Z"),
        ("2024-01-02", "2024-01-02T00:00:00Z"),
    ],
)
def test_times_are_read_in_utc(written, expected):
    found = package(f'sdist = {{ path = "a-1.tar.gz", upload-time = {written}, hashes = {{}} }}')

    assert expected == found.sdist.upload_time


def test_hashes_that_we_cannot_check_are_passed_over():
    found = package(f'sdist = {{ path = "a-1.tar.gz", hashes = {{ sha3_256 = "00", sha256 = "{SHA.upper()}" }} }}')

    assert (Digest("sha256", SHA),) == found.sdist.digests


def test_the_parts_of_a_package_are_known():
    found = package('sdist = { path = "a-1.tar.gz", hashes = {} }\nwheels = []')

    assert ["wheels", "sdist"] == [part.value for part in found.sources]


def test_a_text_with_double_quotes_is_a_literal_one():
    found = package("directory = { path = 'a \"b\"' }")

    assert "path = 'a \"b\"' }" in write_pylock(lock("packages = []")) + write_pylock(
        parse_pylock(f'{HEAD}[[packages]]\nname = "a"\ndirectory = {{ path = \'a "b"\' }}\n', "p")
    )
    assert 'a "b"' == found.directory.path


def test_what_cannot_stand_in_a_text_is_escaped():
    text = f'{HEAD}[[packages]]\nname = "a"\ndirectory = {{ path = "a\\tb\\u0001\\"c\'", editable = false }}\n'

    assert 'directory = { path = "a\\tb\\u0001\\"c\'", editable = false }' in write_pylock(parse_pylock(text, "p"))


def shown(line, number, caret, what):
    gap = " " * len(str(number))
    bar = f"{gap} |"
    return f"TOML parse error at line {number}, column {caret[0]}\n{bar}\n{number} | {line}\n{bar} {' ' * (caret[0] - 1)}{'^' * caret[1]}\n{what}"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("lock-version =", "TOML parse error at line 1, column 15\n  |\n1 | lock-version =\n"),
        (
            'lock-version = "2.0"\ncreated-by = "x"\npackages = []',
            shown('lock-version = "2.0"', 1, (16, 5), "unsupported lock version (`2.0`, but only major version 1"),
        ),
        ('created-by = "x"', shown('created-by = "x"', 1, (1, 1), "missing field `lock-version`")),
        (HEAD, shown('lock-version = "1.0"', 1, (1, 1), "missing field `packages`")),
        (f"{HEAD}packages = 3", shown("packages = 3", 3, (12, 1), "invalid type: expected `array`, got `int`")),
        (f"{HEAD}[[packages]]\n", shown("[[packages]]", 3, (1, 12), "missing field `name`")),
        (f'{HEAD}[[packages]]\nname = "-x"', shown('name = "-x"', 4, (8, 4), "Not a valid package name: ")),
        (
            f'{HEAD}[[packages]]\nname = "a"\nversion = "abc"',
            shown('version = "abc"', 5, (11, 5), "expected a version, found `abc`"),
        ),
        (
            f'{HEAD}[[packages]]\nname = "a"\nmarker = "abc"',
            shown('marker = "abc"', 5, (10, 5), "Expected a quoted string or a valid marker name, found `abc`"),
        ),
        (
            f'{HEAD}requires-python = "zz"\npackages = []',
            shown('requires-python = "zz"', 3, (19, 4), "no such comparison operator"),
        ),
        (
            f'{HEAD}extras = ["a b"]\npackages = []',
            shown('extras = ["a b"]', 3, (10, 7), "Not a valid extra name: "),
        ),
        (
            f'{HEAD}[[packages]]\nname = "a"\nindex = "nowhere"',
            shown('index = "nowhere"', 5, (9, 9), "Not a valid URL: it has no scheme"),
        ),
        (
            f'{HEAD}[[packages]]\nname = "a"\n[packages.vcs]\ntype = "svn"\ncommit-id = "1"',
            shown('type = "svn"', 6, (8, 5), "unknown variant `svn`, expected `git`"),
        ),
    ],
    ids=[
        "no TOML",
        "another version",
        "no version",
        "no packages",
        "packages of another type",
        "no name",
        "bad name",
        "bad version",
        "bad marker",
        "bad range",
        "bad extra",
        "bad index",
        "another kind of repository",
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text, cause):
    message, found = refusal(text)

    assert "Not a valid `pylock.toml` file: pylock.toml" == message
    assert cause == found[: len(cause)]


@pytest.mark.parametrize(
    ("file", "cause"),
    [
        ('{ path = "a" }', "missing field `hashes`"),
        ('{ path = "a", hashes = { sha256 = "00" } }', "Invalid hash digest length"),
        ('{ path = "a", hashes = { sha256 = 3 } }', "invalid type: expected `str`, got `int`"),
        ('{ path = "a", upload-time = "now", hashes = {} }', "invalid type: expected a date and time"),
        ('{ path = "a", size = "1", hashes = {} }', "invalid type: expected `int | null`, got `str`"),
    ],
    ids=["no hashes", "half a hash", "no hash", "no time", "no size"],
)
def test_the_line_of_a_file_that_cannot_be_read_is_shown(file, cause):
    _, found = refusal(f'{HEAD}[[packages]]\nname = "a"\nsdist = {file}\n')

    assert f"5 | sdist = {file}" == found.split("\n")[2]
    assert cause == found.split("\n")[4][: len(cause)]


def test_a_wheel_among_several_is_told_with_the_line_where_they_begin():
    _, found = refusal(f'{HEAD}[[packages]]\nname = "a"\nwheels = [\n  {{ path = "a" }},\n]\n')

    assert "5 | wheels = [" == found.split("\n")[2]


def test_a_password_is_not_shown():
    _, found = refusal(f'{HEAD}[[packages]]\nname = "a"\nindex = "https://u:secret@pkgs example/"\n')

    assert "secret" not in found
