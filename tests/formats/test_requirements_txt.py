import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.errors import InvalidText
from keyrack.formats.requirements_txt import (
    Folders,
    Mention,
    MentionKind,
    RequirementsFile,
    decode_requirements,
    parse_requirements,
)
from keyrack.values.artifact import Digest
from keyrack.values.index import IndexFormat
from keyrack.values.requirement import FromUrl

FOLDERS = Folders(run="/run", own="/run/own")
SHA = "a" * 64


def read(text, **variables):
    return parse_requirements(text, "r.txt", FOLDERS, variables)


def named(text, **variables):
    return [f"{entry.name}{entry.specifier}" for entry in read(text, **variables).entries]


def mentions(text, **variables):
    return [(entry.kind, entry.target, entry.place) for entry in read(text, **variables).entries]


def complaint(text):
    with pytest.raises(InvalidText) as caught:
        read(text)
    return caught.value.message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"six\n", "six\n"),
        (b"\xef\xbb\xbfsix", "six"),
        ("six".encode("utf-16"), "six"),
        (b"\xfe\xff\x00s", "s"),
    ],
)
def test_a_file_is_utf_8_or_utf_16_by_its_mark(body, expected):
    assert expected == decode_requirements(body, "r.txt")


def test_a_file_that_is_no_text_is_named():
    with pytest.raises(InvalidText) as caught:
        decode_requirements(b"\xff\x00\x00", "r.txt")

    assert ("Couldn't read `r.txt`", ("it is neither UTF-8 nor UTF-16 text",)) == (
        caught.value.message,
        caught.value.causes,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n  \n\t\n", []),
        ("six\nseven==7", ["six", "seven==7"]),
        ("six\r\nseven\rnine", ["six", "seven", "nine"]),
        ("# six\nseven # comment\n   # more", ["seven"]),
        ("six \\\n  ==1.0", ["six==1.0"]),
        ("six \\\n==1.0 # why \\\nseven", ["six==1.0", "seven"]),
        ("# a comment \\\nsix", ["six"]),
        ("six==1.0 \\", ["six==1.0"]),
        ("six\u2028", ["six"]),
    ],
)
def test_lines_are_joined_and_comments_taken_off(text, expected):
    assert expected == named(text)


def test_a_requirement_remembers_its_file():
    assert ["-r r.txt"] == [entry.place for entry in read("six").entries]


def test_hashes_of_a_requirement_come_out_beside_it():
    text = f"six==1.0 --hash=sha256:{SHA} \\\n  --hash sha512:{'B' * 128}"

    assert [(Digest("sha256", SHA), Digest("sha512", "b" * 128))] == [entry.digests for entry in read(text).entries]


def test_a_hash_behind_a_url_joins_those_of_its_line():
    text = f"six @ https://pkgs.example/six-1-py3-none-any.whl#sha256={SHA} --hash=md5:{'c' * 32}"

    assert [(Digest("sha256", SHA), Digest("md5", "c" * 32))] == [entry.digests for entry in read(text).entries]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./six", (MentionKind.PLACE, "./six", "r.txt:1")),
        ("\nhttps://pkgs.example/a-1.tar.gz", (MentionKind.PLACE, "https://pkgs.example/a-1.tar.gz", "r.txt:2")),
        ("other.txt", (MentionKind.PLACE, "other.txt", "r.txt:1")),
        ("-e ./six", (MentionKind.EDITABLE, "./six", "r.txt:1")),
        ("--editable=./six", (MentionKind.EDITABLE, "./six", "r.txt:1")),
        ("-r other.txt # why", (MentionKind.REQUIREMENTS, "other.txt", "r.txt:1")),
        ("-rother.txt", (MentionKind.REQUIREMENTS, "other.txt", "r.txt:1")),
        ("--requirement 'a b.txt'", (MentionKind.REQUIREMENTS, "a b.txt", "r.txt:1")),
        ("-c ${FOLDER}/c.txt", (MentionKind.CONSTRAINTS, "there/c.txt", "r.txt:1")),
        ('--constraint = "c.txt"', (MentionKind.CONSTRAINTS, "c.txt", "r.txt:1")),
    ],
)
def test_places_and_files_are_mentioned_with_their_line(text, expected):
    assert [expected] == mentions(text, FOLDER="there")


def test_a_place_keeps_its_hashes():
    mention = Mention(MentionKind.PLACE, "./a-1-py3-none-any.whl", "r.txt:1", (Digest("sha256", SHA),))

    assert (mention,) == read(f"./a-1-py3-none-any.whl --hash=sha256:{SHA}").entries


def test_entries_keep_their_order():
    assert ["six", "-r", "seven"] == [
        "-r" if isinstance(entry, Mention) else entry.name for entry in read("six\n-r a.txt\nseven").entries
    ]


def test_index_options_become_indexes():
    file = read("-i https://a.example/simple\n--extra-index-url=https://b.example/\n--extra-index-url b\n-f wheels")

    assert [
        "https://a.example/simple",
        "https://b.example/",
        "file:///run/b",
        "file:///run/own/wheels",
    ] == [str(entry.parsed.url) for entry in (file.index_url, *file.extra_index_url, *file.find_links)]
    assert [IndexFormat.FLAT] == [entry.format for entry in file.find_links]


def test_credentials_of_an_index_stand_beside_its_url():
    found = read("-i https://u:${PASSWORD}@a.example/simple", PASSWORD="pw").index_url

    assert ("https://a.example/simple", "u") == (str(found.parsed.url), found.parsed.username)


def test_switches_and_package_lists_are_kept():
    file = read("--no-index\n--require-hashes\n--no-binary :all:\n--no-binary=Six, seven\n--only-binary :none:")

    assert (True, True, (":all:", "six", "seven"), (":none:",)) == (
        file.no_index,
        file.require_hashes,
        file.no_binary,
        file.only_binary,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lib @ https://pkgs.example/${NAME}-1-py3-none-any.whl", "https://pkgs.example/lib-1-py3-none-any.whl"),
        ("lib @ https://pkgs.example/${NONE}-1-py3-none-any.whl", "https://pkgs.example/${NONE}-1-py3-none-any.whl"),
        ("lib @ https://pkgs.example/$NAME-1-py3-none-any.whl", "https://pkgs.example/$NAME-1-py3-none-any.whl"),
    ],
)
def test_variables_stand_in_urls_in_braces_only(text, expected):
    (entry,) = read(text, NAME="lib").entries

    assert isinstance(entry.source, FromUrl)
    assert expected == str(entry.source.url)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--pre", "Ignoring unsupported option in `r.txt`: `--pre` (hint: pass `--pre` on the command line instead)"),
        ("--prefer-binary", "Ignoring unsupported option in `r.txt`: `--prefer-binary`"),
        ("--use-feature x", "Ignoring unsupported option in `r.txt`: `--use-feature`"),
    ],
)
def test_options_of_pip_alone_are_passed_over_with_a_warning(text, expected):
    assert (expected,) == read(text).warnings


def test_a_warning_about_standard_input_says_so():
    file = parse_requirements("--prefer-binary", "-", FOLDERS, {})

    assert ("Ignoring unsupported option from stdin: `--prefer-binary`",) == file.warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--bogus", "Unexpected '-', expected '-c', '-e', '-r' or the start of a requirement: r.txt:1:1"),
        ("-", "Unexpected '-', expected '-c', '-e', '-r' or the start of a requirement: r.txt:1:1"),
        ("six\n%x", "Unexpected '%', expected '-c', '-e', '-r' or the start of a requirement: r.txt:2:1"),
        ("-r", "`--requirement` must be followed by an argument: r.txt:1"),
        ("--find-links=", "`--find-links` must be followed by an argument: r.txt:1"),
        ("-i https://a.example\n-i https://b.example", "Multiple `--index-url` values provided: r.txt:2"),
        ("-i https://u:p@bad host/", "Invalid index URL in r.txt:1"),
        ("--no-binary six seven", "Invalid specifier for `--no-binary` in `r.txt:1`: six seven"),
        ("--only-binary %", "Invalid specifier for `--only-binary` in `r.txt:1`: %"),
        ("\nsix ==", "Couldn't parse requirement in `r.txt` at line 2"),
        ("six --config-settings=x", "Expected `--hash`, found `--config-settings=x`: r.txt:1"),
        ("six --hash=sha256:aa", "Invalid hash digest length (expected 64 hexadecimal characters, found 2): r.txt:1"),
        (f"six --hash=sha256:{'g' * 64}",
         "Invalid hash digest length (expected 64 hexadecimal characters, found 64): r.txt:1"),
        ("six --hash=sha3:aa", "Unsupported hash algorithm: r.txt:1"),
        ("six --hash=sha256", "Unsupported hash algorithm: r.txt:1"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(text, expected):
    assert expected == complaint(text)


def test_the_cause_of_a_broken_requirement_shows_its_place():
    with pytest.raises(InvalidText) as caught:
        read("six ==")

    assert ("Unexpected end of version specifier, expected version\nsix ==\n    ^^",) == caught.value.causes


@given(st.text(alphabet=st.sampled_from("six=1.0 -r\\\n#'\"${}@[];~<>é\t"), max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        found = read(text)
    except InvalidText:
        return

    assert isinstance(found, RequirementsFile)
