import pytest

from keyrack.errors import InvalidText
from keyrack.operations.tree_names import NotThere
from keyrack.values.layer import Layer
from keyrack.values.names import extra_name
from tests.operations.reading import PYPROJECT, chain, complaint, read, written


@pytest.fixture
def folder(tmp_path):
    return lambda **files: written(tmp_path, files)


PREFIX = (
    "Requirement `./plain.txt` in `prefix.txt` looks like a requirements file but was passed as a package name."
    " Did you mean `-r ./plain.txt`?"
)
GROUP_PATH = (
    "invalid value 'sub:dev' for '--group <GROUP>': The `--group` path is required to end in `pyproject.toml` for"
    " compatibility with pip; got: sub"
)
LISTING = "The file `a.toml` appears to be a TOML file, but overrides must be specified in `requirements.txt` format"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"requirement_files": ("nope.txt",)}, ["File not found: nope.txt"]),
        ({"constraint_files": ("nope.txt",)}, ["File not found: nope.txt"]),
        ({"requirement_files": ("sub/pyproject.toml",)}, ["File not found: sub/pyproject.toml"]),
        ({"requirement_files": ("plain.py",)}, ["`plain.py` does not contain inline script metadata"]),
        (
            {"requirement_files": ("broken.txt",)},
            [
                "Couldn't parse requirement in `broken.txt` at line 1",
                "Unexpected end of version specifier, expected version\nok ==\n   ^^",
            ],
        ),
        (
            {"requirement_files": ("outer.txt",)},
            [
                "Error parsing included file in `outer.txt` at line 2",
                "Couldn't parse requirement in `broken.txt` at line 1",
                "Unexpected end of version specifier, expected version\nok ==\n   ^^",
            ],
        ),
        (
            {"requirement_files": ("prefix.txt",)},
            [
                PREFIX,
            ],
        ),
        (
            {"requirement_files": ("wide.txt",)},
            [
                "Error parsing included file in `wide.txt` at line 1",
                "Unnamed requirements are not allowed as constraints in `bare.txt`",
            ],
        ),
        (
            {"constraint_files": ("bare.txt",)},
            ["Unnamed requirements are not allowed as constraints (found: `./x-1-py3-none-any.whl`)"],
        ),
        (
            {"exclude_files": ("bare.txt",)},
            ["Unnamed requirements are not allowed as exclusions (found: `./x-1-py3-none-any.whl`)"],
        ),
        (
            {"override_files": ("a.toml",)},
            [
                LISTING,
            ],
        ),
        (
            {"packages": ("plain.txt",)},
            ["`plain.txt` looks like a local requirements file but was passed as a package name"],
        ),
        ({"requirement_files": ("pyproject.toml",), "extras": (extra_name("y"),)}, ["Requested extra not found: y"]),
        (
            {"requirement_files": ("pyproject.toml",), "extras": (extra_name("z"), extra_name("y"))},
            ["Requested extras not found: y, z"],
        ),
        (
            {"packages": ("six",), "all_extras": True},
            ["Requesting extras requires a `pylock.toml`, `pyproject.toml`, `setup.cfg`, or `setup.py` file"],
        ),
        ({"groups": ("nope",)}, ["The dependency group 'nope' was not found in the project: pyproject.toml"]),
        (
            {"groups": ("sub:dev",)},
            [
                GROUP_PATH,
            ],
        ),
        (
            {"groups": ("sub/pyproject.toml:dev",)},
            [
                "Failed to read dependency groups from: sub/pyproject.toml",
                "No `pyproject.toml` found at: sub/pyproject.toml",
            ],
        ),
        (
            {"layers": (Layer(place="uv.toml", constraint_dependencies=("six ==",)),)},
            [
                "Failed to parse a requirement in uv.toml",
                "Unexpected end of version specifier, expected version\nsix ==\n    ^^",
            ],
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(folder, words, expected):
    own = folder(
        plain_py="",
        plain_txt="six",
        broken_txt="ok ==",
        outer_txt="\n-r broken.txt",
        prefix_txt="./plain.txt",
        wide_txt="-c bare.txt",
        bare_txt="./x-1-py3-none-any.whl",
        a_toml="",
        pyproject_toml=PYPROJECT,
    )

    assert expected == complaint(own, **words)


def test_an_included_file_that_is_missing_is_named(folder):
    own = folder(a_txt="-r sub/b.txt")

    assert [
        "Error parsing included file in `a.txt` at line 1",
        f"failed to read from file `{own}/sub/b.txt`: No such file or directory (os error 2)",
    ] == complaint(own, requirement_files=("a.txt",))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"editables": ("./a-1.zip",)}, "Unsupported editable requirement: `./a-1.zip`"),
        ({"requirement_files": ("e.txt",)}, "Unsupported editable requirement in `e.txt` at line 1: `git+https://a/b`"),
        (
            {"packages": ("./plain.txt",)},
            "`./plain.txt` looks like a local requirements file but was passed as a package",
        ),
        ({"packages": ("./plain.md",)}, "Failed to parse: `./plain.md`"),
        ({"requirement_files": ("https://web.example/setup.py",)}, "`https://web.example/setup.py` is on the web, and"),
        ({"requirement_files": ("sub/setup.py",)}, "File not found: sub/setup.py"),
    ],
)
def test_what_is_no_tree_is_told(folder, words, expected):
    own = folder(e_txt="-e git+https://a/b", plain_txt="", plain_md="")

    assert complaint(own, **words)[0].startswith(expected)


def test_a_path_that_is_not_there_is_told_as_that(folder):
    own = folder()

    with pytest.raises(NotThere, match=f"Distribution not found at: file://{own}/tree"):
        read(own, packages=("./tree",))
    with pytest.raises(NotThere, match=f"Distribution not found at: file://{own}/tree"):
        read(own, packages=("lib @ ./tree",))


def test_ever_new_includes_come_to_an_end(folder):
    class Endless:
        def fetch(self, parsed):
            return f"-r {parsed.url}x".encode()

    with pytest.raises(InvalidText) as caught:
        read(folder(), web=Endless(), requirement_files=("https://web.example/a.txt",))

    assert "Too many included files (more than 1000, or 30 within each other)" == chain(caught.value)[-1]
