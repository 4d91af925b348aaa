"""Which wheels one Python can use, how well each fits, and why one does not."""

import msgspec
import pytest
from packaging.tags import compatible_tags, cpython_tags

from keyrack.policy.index.tags import BestTag, Mismatch, Tags, make_tags, platform_tags, tags_of
from lab.pythons import a_python

LINUX = platform_tags("manylinux_2_36_x86_64")
TAGS = make_tags("cpython", (3, 12), LINUX)


def fit(tag, tags=TAGS):
    return tags.fit(*tag.split("-"))


def order(tags):
    """The ranked tags, best first, as three-part texts."""
    ranks = [
        (rank, f"{python}-{abi}-{platform}")
        for python, by_abi in tags._ranks.items()
        for abi, by_platform in by_abi.items()
        for platform, rank in by_platform.items()
    ]
    return [tag for _, tag in sorted(ranks)]


def test_tags_of_a_cpython_are_ranked_as_packaging_ranks_them():
    expected = [
        str(tag)
        for tag in (
            *cpython_tags((3, 12), ["cp312"], LINUX),
            *compatible_tags((3, 12), "cp312", LINUX),
        )
    ]

    assert expected == order(TAGS)


def test_tags_of_a_free_threaded_cpython_are_ranked_as_packaging_ranks_them():
    tags = make_tags("cpython", (3, 14), ("win_amd64",), free_threaded=True)

    assert ["cp314-cp314t-win_amd64", "cp314-abi3t-win_amd64", "cp314-none-win_amd64"] == order(tags)[:3]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("cp312-cp312-manylinux_2_36_x86_64", "cp312-cp312-manylinux_2_17_x86_64"),
        ("cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-manylinux2014_x86_64"),
        ("cp312-cp312-manylinux1_x86_64", "cp312-cp312-linux_x86_64"),
        ("cp312-cp312-linux_x86_64", "cp312-abi3-manylinux_2_36_x86_64"),
        ("cp38-abi3-manylinux2014_x86_64", "py3-none-manylinux2014_x86_64"),
        ("py3-none-manylinux2014_x86_64", "py3-none-any"),
        ("py312-none-any", "py3-none-any"),
        ("py3-none-any", "py30-none-any"),
    ],
)
def test_a_more_special_wheel_fits_better(better, worse):
    assert fit(better) < fit(worse)


def test_the_best_of_several_tags_in_one_name_counts():
    assert fit("py3-none-any") == fit("py2.py3-none-any")
    assert fit("py312-none-any") == fit("py312.py3-none-any")
    assert fit("cp312-cp312-manylinux_2_17_x86_64") == fit("cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64")


@pytest.mark.parametrize(
    ("tag", "mismatch"),
    [
        ("pp39-pypy39_pp73-any", Mismatch.PYTHON),
        ("cp311-cp311-manylinux2014_x86_64", Mismatch.ABI),
        ("cp312-cp312-win_amd64", Mismatch.PLATFORM),
        ("py3-none-macosx_11_0_arm64", Mismatch.PLATFORM),
        ("pp39.cp311-cp311-any", Mismatch.ABI),
        ("cp311.cp312-cp312-win32", Mismatch.PLATFORM),
    ],
)
def test_a_wheel_that_does_not_fit_says_how_close_it_came(tag, mismatch):
    assert mismatch is fit(tag)


def test_a_free_threaded_python_refuses_wheels_for_the_common_abi():
    tags = make_tags("cpython", (3, 13), LINUX, free_threaded=True)

    assert Mismatch.FREE_THREADED is fit("cp313-cp313-manylinux2014_x86_64", tags)


def test_a_free_threaded_python_takes_pure_wheels():
    tags = make_tags("cpython", (3, 13), LINUX, free_threaded=True)

    assert isinstance(fit("py3-none-any", tags), int)


def test_the_best_tag_stands_for_the_rest_in_messages():
    assert BestTag("cp312", "cp312", "manylinux_2_36_x86_64") == TAGS.best


def test_nothing_fits_where_there_are_no_tags():
    tags = Tags(())

    assert (None, Mismatch.PYTHON) == (tags.best, fit("py3-none-any", tags))


@pytest.mark.parametrize(
    ("implementation", "own"), [("pypy", "pp310-pypy310_pp73-any"), ("graalpy", "graalpy310-none-any")]
)
def test_other_implementations_have_tags_of_their_own(implementation, own):
    tags = make_tags(implementation, (3, 10), ("any",))

    assert own == order(tags)[0]


def test_an_old_cpython_has_the_letter_of_its_allocator():
    assert order(make_tags("cpython", (3, 7), ("any",)))[0] == "cp37-cp37m-any"


def test_the_tags_that_an_interpreter_told_are_taken_in_their_order():
    python = msgspec.structs.replace(a_python(), tags=("py3-none-any", "cp312-cp312-win_amd64"))

    assert ["py3-none-any", "cp312-cp312-win_amd64"] == order(tags_of(python))


def test_an_interpreter_that_told_none_gets_those_of_its_version_and_platform():
    assert order(TAGS) == order(tags_of(a_python("3.12.1", "manylinux_2_36_x86_64")))


@pytest.mark.parametrize(
    ("python", "abi", "goes"), [("cp312", "cp312", True), ("cp38", "abi3", True), ("cp38", "cp38", False)]
)
def test_a_python_part_and_an_abi_part_go_together_or_not(python, abi, goes):
    assert goes is TAGS.has_abi(python, abi)


@pytest.mark.parametrize(
    ("platform", "first", "last", "count"),
    [
        ("manylinux_2_17_aarch64", "manylinux_2_17_aarch64", "linux_aarch64", 3),
        ("manylinux_2_40_wasm", "linux_wasm", "linux_wasm", 1),
        ("musllinux_1_2_x86_64", "musllinux_1_2_x86_64", "linux_x86_64", 4),
        ("macosx_14_0_arm64", "macosx_14_0_arm64", "macosx_10_4_universal2", 21),
        ("macosx_12_0_x86_64", "macosx_12_0_x86_64", "macosx_10_4_universal", 90),
        ("macosx_10_9_x86_64", "macosx_10_9_x86_64", "macosx_10_4_universal", 36),
        ("macosx_11_0_ppc", "macosx_11_0_ppc", "macosx_10_4_ppc", 14),
        ("win_amd64", "win_amd64", "win_amd64", 1),
        ("android_24_arm64_v8a", "android_24_arm64_v8a", "android_16_arm64_v8a", 9),
        ("ios_13_1_arm64_iphoneos", "ios_13_1_arm64_iphoneos", "ios_12_0_arm64_iphoneos", 12),
        ("pyodide_2024_0_wasm32", "pyemscripten_2024_0_wasm32", "pyodide_2024_0_wasm32", 2),
        ("freebsd-14.0-amd64", "freebsd_14_0_amd64", "freebsd_14_0_amd64", 1),
    ],
)
def test_a_platform_can_use_what_was_built_for_older_ones(platform, first, last, count):
    tags = platform_tags(platform)

    assert (first, last, count) == (tags[0], tags[-1], len(tags))
