from collections.abc import Iterator

import pytest
from inline_snapshot import snapshot

from lab.registries.simple import public
from lab.sdists import sdist
from lab.wheels import wheel

SECRET = "S3CR3T"
DAY = "2024-01-02T03:04:05Z"
STOCK = (
    wheel("app", "1.0", requires=["lib>=1", "dep; sys_platform == 'linux'"], extras={"x": ["extra"]}, uploaded=DAY),
    wheel("lib", "1.0", requires=["dep"], uploaded=DAY),
    wheel("lib", "2.0", requires=["dep"], uploaded=DAY),
    sdist("lib", "2.0", requires=["dep"], uploaded=DAY),
    wheel("dep", "1.0", uploaded=DAY),
    wheel("dep", "1.5", uploaded=DAY),
    wheel("dep", "2.0", yanked="it bites", uploaded=DAY),
    wheel("extra", "1.0", uploaded=DAY),
    wheel("wide", "1.0", tags="py3-none-win_amd64", uploaded=DAY),
    wheel("wide", "1.0", tags="py3-none-any", uploaded=DAY),
)


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with public(*STOCK) as served:
        yield served.index_url()


@pytest.fixture
def compiler(run, index):
    run.variables["UV_DEFAULT_INDEX"] = index
    (run.folder / "r.in").write_text("app[x]\n")
    return run


def body(printed):
    """What stands below the header."""
    return printed.out.partition("\n")[2].partition("\n")[2]


def test_what_an_output_file_holds_is_kept_unless_it_is_to_be_upgraded(compiler):
    (compiler.folder / "r.txt").write_text("lib==1.0\ndep==1.0\n")

    kept = body(compiler("pip", "compile", "r.in", "-o", "r.txt", "--no-annotate"))
    one = body(compiler("pip", "compile", "r.in", "-o", "r.txt", "--no-annotate", "-P", "dep"))
    newest = body(compiler("pip", "compile", "r.in", "-o", "r.txt", "--no-annotate", "-U"))

    assert "app==1.0\ndep==1.0\nextra==1.0\nlib==1.0\n" == kept
    assert "app==1.0\ndep==1.5\nextra==1.0\nlib==1.0\n" == one
    assert "app==1.0\ndep==1.5\nextra==1.0\nlib==2.0\n" == newest


def test_hashes_that_were_written_down_are_kept(compiler):
    old = f"--hash=sha256:{'a' * 64}"
    (compiler.folder / "r.txt").write_text(f"dep==1.0 {old}\n")

    out = body(compiler("pip", "compile", "r.in", "-o", "r.txt", "--generate-hashes"))

    assert f"dep==1.0 \\\n    {old}\n    # via\n" in out


def test_the_output_file_holds_what_is_printed(compiler):
    printed = compiler("pip", "compile", "r.in", "-o", "r.txt")
    quiet = compiler("pip", "compile", "r.in", "-o", "r.txt", "-q")

    assert printed.out == (compiler.folder / "r.txt").read_text()
    assert (0, "", "") == (quiet.code, quiet.out, quiet.err)


@pytest.mark.parametrize(
    ("text", "words"),
    [("app\n\nlib ==\n", ()), ("app\n-r gone.txt\n", ()), ("nowhere\n", ()), ("lib==9\n", ()), ("app\n", ("-c", "no"))],
    ids=["no requirement", "no file", "no package", "no version", "no constraints"],
)
def test_an_output_file_is_left_alone_where_anything_is_wrong(compiler, text, words):
    (compiler.folder / "r.in").write_text(text)
    (compiler.folder / "r.txt").write_text("lib==1.0\n")

    printed = compiler("pip", "compile", "r.in", "-o", "r.txt", *words)

    assert printed.code in (1, 2)
    assert "" == printed.out
    assert "lib==1.0\n" == (compiler.folder / "r.txt").read_text()


def test_a_line_that_cannot_be_read_is_told_with_its_number(compiler):
    (compiler.folder / "r.in").write_text("app\n\nlib ==\n")

    assert str(compiler("pip", "compile", "r.in")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: Couldn't parse requirement in `r.in` at line 3
  cause: Unexpected end of version specifier, expected version
         lib ==
             ^^
""")


def test_an_output_file_that_cannot_be_read_is_told_with_its_line(compiler):
    (compiler.folder / "r.txt").write_text("lib==1.0\nlib ==\n")

    assert str(compiler("pip", "compile", "r.in", "-o", "r.txt")) == snapshot("""\
exit 2
--- stdout
--- stderr
error: Couldn't parse requirement in `r.txt` at line 2
  cause: Unexpected end of version specifier, expected version
         lib ==
             ^^
""")


@pytest.mark.parametrize(
    "words",
    [
        ("r.in", "-o", "pyproject.toml"),
        ("r.in", "-o", "lock.toml"),
        ("r.in", "--format", "pylock.toml", "-o", "r.txt"),
        ("pylock.toml",),
        ("r.in", "--extra", "x"),
        ("r.in", "--reuse-hashes"),
        ("r.in", "--resolver", "legacy"),
        ("r.in", "--universal", "--strip-markers"),
        ("r.in", "--torch-backend", "cpu"),
        (),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_refused(compiler, words):
    printed = compiler("pip", "compile", *words)

    assert (2, "") == (printed.code, printed.out)
    assert printed.err.startswith("error: ")


def test_flags_of_pip_tools_that_change_nothing_are_named(compiler):
    flags = ("--allow-unsafe", "--no-reuse-hashes", "--resolver=backtracking", "--no-emit-options")

    assert compiler("pip", "compile", "r.in", *flags).err == snapshot("""\
warning: pip-compile's `--allow-unsafe` has no effect (keyrack can safely pin `pip` and other packages)
warning: pip-compile's `--no-reuse-hashes` has no effect (keyrack doesn't reuse hashes)
warning: pip-compile's `--resolver=backtracking` has no effect (keyrack always backtracks)
warning: pip-compile's `--no-emit-options` has no effect (keyrack never emits options)
Resolved 4 packages in [TIME]
""")


def test_settings_say_the_same_as_flags(compiler):
    (compiler.folder / "uv.toml").write_text("""\
[pip]
no-header = true
annotation-style = "line"
no-strip-extras = true
no-emit-package = ["dep"]
output-file = "out.txt"
python-version = "3.11"
""")

    assert str(compiler("pip", "compile", "r.in")) == snapshot("""\
exit 0
--- stdout
app[x]==1.0               # via -r r.in
extra==1.0                # via app
lib==2.0                  # via app

# The following packages were excluded from the output:
# dep
--- stderr
Resolved 4 packages in [TIME]
""")
    assert (compiler.folder / "out.txt").exists()


def test_the_lock_lists_files_with_their_hashes_and_whose_they_are(compiler, index):
    (compiler.folder / "r.in").write_text("wide\ndep; sys_platform == 'linux'\n")

    out = compiler("pip", "compile", "r.in", "-o", "pylock.toml").out

    for each in STOCK:
        out = out.replace(each.sha256, f"[HASH of {each.filename}]").replace(
            f"size = {len(each.body)}", "size = [SIZE]"
        )
    assert out == snapshot("""\
# This file was autogenerated by keyrack via the following command:
#    keyrack pip compile r.in -o pylock.toml
lock-version = "1.0"
created-by = "keyrack"
requires-python = ">=[PYTHON]"

[[packages]]
name = "dep"
version = "1.5"
marker = "sys_platform == 'linux'"
index = "http://127.0.0.1:[PORT]/simple/"
wheels = [{ url = "http://127.0.0.1:[PORT]/files/dep/dep-1.5-py3-none-any.whl", upload-time =
  ... 2024-01-02T03:04:05Z, size = [SIZE], hashes = { sha256 =
  ... "[HASH of dep-1.5-py3-none-any.whl]" } }]

[[packages]]
name = "wide"
version = "1.0"
index = "http://127.0.0.1:[PORT]/simple/"
wheels = [{ url = "http://127.0.0.1:[PORT]/files/wide/wide-1.0-py3-none-any.whl", upload-time =
  ... 2024-01-02T03:04:05Z, size = [SIZE], hashes = { sha256 =
  ... "[HASH of wide-1.0-py3-none-any.whl]" } }]
""")


def test_a_lock_keeps_its_versions(compiler):
    (compiler.folder / "r.in").write_text("dep==1.0\n")
    compiler("pip", "compile", "r.in", "-o", "pylock.toml")
    (compiler.folder / "r.in").write_text("dep\n")

    kept = compiler("pip", "compile", "r.in", "-o", "pylock.toml").out
    newest = compiler("pip", "compile", "r.in", "-o", "pylock.toml", "-P", "dep").out

    assert ['version = "1.0"', 'version = "1.5"'] == [
        next(line for line in text.splitlines() if line.startswith("version")) for text in (kept, newest)
    ]


def test_what_a_lock_does_not_hold_is_said(compiler):
    words = ("--format", "pylock.toml", "--emit-index-url", "--emit-find-links", "--no-emit-package", "dep")

    assert compiler("pip", "compile", "r.in", *words).err == snapshot("""\
Resolved 4 packages in [TIME]
warning: The `--emit-index-url` option is not supported for `pylock.toml` output
warning: The `--emit-find-links` option is not supported for `pylock.toml` output
""")


def test_another_python_is_named_where_it_is_not_at_hand(compiler):
    assert compiler("pip", "compile", "r.in", "--python-version", "3.99", "-o", "r.txt", "-q").code == 0
    assert compiler("pip", "compile", "r.in", "-p", "3.99").err == snapshot("""\
warning: The requested Python version 3.99 is not available; [PYTHON] will be used to build dependencies instead.
Resolved 4 packages in [TIME]
""")


def test_a_mere_number_behind_python_is_the_version_to_compile_for(compiler):
    (compiler.folder / "r.in").write_text("dep; python_version >= '3.50'\n")

    assert "dep==1.5\n" == compiler("pip", "compile", "r.in", "-p", "3.99", "--no-annotate", "--no-header").out


def test_only_wheels_are_asked_for_where_nothing_is_built(compiler):
    assert "" == compiler("pip", "compile", "r.in", "-p", "3.99", "--no-build", "-q").err


def test_as_few_versions_as_possible_may_be_asked_for(compiler):
    with public(wheel("old", "1.0"), wheel("old", "2.0", requires_python=">=3.12")) as served:
        (compiler.folder / "r.in").write_text("old\n")
        words = ("pip", "compile", "r.in", "--universal", "-p", "3.11", "--no-annotate")
        many, few = (
            body(compiler(*words, "--fork-strategy", strategy, UV_DEFAULT_INDEX=served.index_url()))
            for strategy in ("requires-python", "fewest")
        )

    assert "old==1.0 ; python_full_version < '3.12'\nold==2.0 ; python_full_version >= '3.12'\n" == many
    assert "old==1.0\n" == few


def test_a_project_says_which_environments_count(compiler):
    (compiler.folder / "pyproject.toml").write_text("[tool.uv]\nenvironments = [\"sys_platform == 'linux'\"]\n")
    (compiler.folder / "r.in").write_text("dep\nlib; sys_platform == 'win32'\n")
    words = ("pip", "compile", "r.in", "--universal", "--no-annotate", "--no-header")

    assert "dep==1.5 ; sys_platform == 'linux'\n" == compiler(*words).out


def test_a_project_that_cannot_be_read_says_nothing_of_environments(compiler):
    (compiler.folder / "pyproject.toml").write_text("[tool.uv]\nenvironments = [3]\n")
    (compiler.folder / "r.in").write_text("dep\n")

    printed = compiler("pip", "compile", "r.in", "--universal", "--no-annotate", "--no-header")

    assert (0, "dep==1.5\n") == (printed.code, printed.out)
