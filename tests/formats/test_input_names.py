import pytest

from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.input_names import InputKind, check_listing, input_kind


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("pyproject.toml", InputKind.PYPROJECT),
        ("a/b/pyproject.toml", InputKind.PYPROJECT),
        (r"a\pyproject.toml", InputKind.PYPROJECT),
        ("requirements.txt", InputKind.REQUIREMENTS),
        ("requirements.in", InputKind.REQUIREMENTS),
        ("https://pkgs.example/r.txt", InputKind.REQUIREMENTS),
        ("setup.py", InputKind.SETUP),
        ("a/setup.cfg", InputKind.SETUP),
        ("script.py", InputKind.SCRIPT),
        ("script.PYW", InputKind.SCRIPT),
        ("pylock.toml", InputKind.PYLOCK),
        ("a/pylock.dev.toml", InputKind.PYLOCK),
        ("requirements", InputKind.UNSURE),
        ("-", InputKind.UNSURE),
    ],
)
def test_the_name_of_a_file_tells_its_format(target, expected):
    assert expected == input_kind(target)


NOT_PYLOCK = (
    "`pylock.a.b.toml` is not a valid PEP 751 filename: expected `pylock.toml` or `pylock.<name>.toml`,"
    " where `<name>` is non-empty and contains no dots"
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("environment.yml", (InvalidText, "Conda environment files (i.e., `environment.yml`) are not supported")),
        (
            "pylock.a.b.toml",
            (
                InvalidText,
                NOT_PYLOCK,
            ),
        ),
    ],
)
def test_formats_that_cannot_be_read_are_refused(target, expected):
    with pytest.raises(KeyrackError) as caught:
        input_kind(target)

    assert expected == (type(caught.value), caught.value.message)


@pytest.mark.parametrize("target", ["c.txt", "constraints", "https://pkgs.example/c.txt", "-"])
def test_a_listing_may_be_any_text(target):
    check_listing(target, "constraints")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("a/pyproject.toml", "`pyproject.toml`"),
        ("setup.py", "`setup.py`"),
        ("pylock.x.toml", "`pylock.toml`"),
        ("x.toml", "TOML"),
    ],
)
def test_a_listing_is_no_file_of_another_format(target, kind):
    with pytest.raises(InvalidText) as caught:
        check_listing(target, "overrides")

    assert (
        f"The file `{target}` appears to be a {kind} file, but overrides must be specified in `requirements.txt` format"
        == caught.value.message
    )
