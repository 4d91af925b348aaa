import pytest
from packaging.specifiers import SpecifierSet

from keyrack.operations.inputs import InputReader, InputRequest, read_inputs
from keyrack.values.index import IndexId
from keyrack.values.layer import IndexEntry, Layer, LayerKind
from keyrack.values.names import extra_name, index_name, package_name
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.url import parse_url
from tests.operations.reading import PYPROJECT, Web, complaint, names, read, written


@pytest.fixture
def folder(tmp_path):
    return lambda **files: written(tmp_path, files)


def test_packages_come_before_the_contents_of_files(folder):
    found = read(
        folder(r_txt="seven\n"), packages=("six>1", "./eight-8-py3-none-any.whl"), requirement_files=("r.txt",)
    )

    assert ["six>1", "eight", "seven"] == names(found.requirements)


def test_a_file_may_include_others_beside_itself(folder):
    own = folder(
        r_txt="six\n-r sub/r.txt\nseven\n",
        sub__r_txt="eight\n-r more.txt\n-c c.txt\n",
        sub__more_txt="nine",
        sub__c_txt="six<2\n-r d.txt\n-c d.txt\n",
        sub__d_txt="ten<3",
    )

    found = read(own, requirement_files=("r.txt",))

    assert ["six", "eight", "nine", "seven"] == names(found.requirements)
    assert ["six<2", "ten<3"] == names(found.constraints)


def test_options_of_constraints_within_a_file_count_for_nothing(folder):
    own = folder(a_txt="-c c.txt", c_txt="--use-feature x\n-i https://c.example/\nsix")

    found = read(own, requirement_files=("a.txt",))

    assert (None, ("Ignoring unsupported option in `c.txt`: `--use-feature`",)) == (
        found.layer.index_url,
        found.warnings,
    )


def test_files_that_include_each_other_are_read_once(folder):
    own = folder(a_txt="six\n-r b.txt\n-c b.txt", b_txt="seven\n-r a.txt\n-c a.txt")

    found = read(own, requirement_files=("a.txt",))

    assert (["six", "seven"], ["six", "seven"]) == (names(found.requirements), names(found.constraints))


def test_standard_input_is_read_once(folder):
    texts = iter([b"six\n-r r.txt"])
    reader = InputReader(lambda: next(texts), Web().fetch)
    request = InputRequest(folder=folder(r_txt="seven"), requirement_files=("-",), constraint_files=("-",))

    found = read_inputs(request, reader)

    assert (["six", "seven"], ["six", "seven"]) == (names(found.requirements), names(found.constraints))


def test_a_file_of_the_web_is_fetched_with_the_credentials_of_its_url(folder):
    web = Web(top="six\n-r other.txt", other="seven")

    found = read(folder(), web=web, requirement_files=("https://u:p@web.example/top.txt",))

    assert ["six", "seven"] == names(found.requirements)
    assert ["u", "u"] == [asked.username for asked in web.asked]


def test_a_file_may_include_one_of_the_web_and_one_by_its_file_url(folder):
    own = folder(b_txt="eight")
    text = f"-r https://web.example/top.txt\n-r file://{own}/b.txt"
    web = Web(top="seven")

    assert ["seven", "eight"] == names(read(folder(a_txt=text), web=web, requirement_files=("a.txt",)).requirements)


def test_options_of_files_become_a_layer(folder):
    own = folder(a_txt="-i https://i.example/\n--no-index\n-f wheels\n--no-binary six\n--require-hashes",
                 b_txt="-i https://i.example\n--extra-index-url https://e.example/\n--only-binary :all:")  # fmt: skip

    found = read(own, requirement_files=("a.txt", "b.txt"))

    layer = found.layer
    assert ("https://i.example/", ["https://e.example/"], 1, True, ("six",), (":all:",), True) == (
        str(layer.index_url.parsed.url),
        [str(entry.parsed.url) for entry in layer.extra_index_url],
        len(layer.find_links),
        layer.no_index,
        layer.no_binary,
        layer.only_binary,
        found.require_hashes,
    )


def test_two_files_may_not_name_different_index_urls(folder):
    own = folder(a_txt="-i https://u:p@a.example/", b_txt="-i https://b.example/")

    assert ["Multiple index URLs specified: `https://a.example/` vs. `https://b.example/`"] == complaint(
        own, requirement_files=("a.txt", "b.txt")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("Requirements file `r.txt` does not contain any dependencies",)),
        ("# six", ("Requirements file `r.txt` does not contain any dependencies",)),
        ("--no-index", ()),
        ("-c c.txt", ()),
    ],
)
def test_a_file_that_says_nothing_earns_a_warning(folder, text, expected):
    assert expected == read(folder(r_txt=text, c_txt="six"), requirement_files=("r.txt",)).warnings


def test_an_empty_file_of_constraints_earns_a_warning_too(folder):
    expected = ("Requirements file `c.txt` does not contain any dependencies",)

    assert expected == read(folder(c_txt=""), constraint_files=("c.txt",)).warnings


def test_a_package_is_upgraded_within_the_range_that_was_given(folder):
    some = (Requirement(package_name("a"), specifier=SpecifierSet("<2")), Requirement(package_name("b")))

    found = read(folder(), layers=(Layer(place="flags", upgrade_package=some),))

    assert ["a<2"] == names(found.constraints)


def test_empty_standard_input_earns_a_warning(folder):
    assert ("No dependencies found in stdin",) == read(folder(), requirement_files=("-",)).warnings


def test_constraints_overrides_and_excludes_come_from_files_and_settings(folder):
    layer = Layer(
        place="uv.toml",
        constraint_dependencies=("b<2",),
        override_dependencies=("d==4",),
        exclude_dependencies=(package_name("f"),),
    )
    own = folder(c_txt="a<1", o_txt="c==3", e_txt="e")

    found = read(own, constraint_files=("c.txt",), override_files=("o.txt",), exclude_files=("e.txt",), layers=(layer,))

    assert (["a<1", "b<2"], ["c==3", "d==4"], {"e", "f"}) == (
        names(found.constraints),
        names(found.overrides),
        found.excludes,
    )


def test_a_project_states_dependencies_and_extras_at_their_indexes(folder):
    found = read(folder(pyproject_toml=PYPROJECT), requirement_files=("pyproject.toml",), extras=(extra_name("x"),))

    assert {"lib-a": "team", "lib-b": None, "lib-x": None} == {one.name: one.source.index for one in found.requirements}
    assert [("team", "https://team.example/simple", True)] == [
        (entry.name, str(entry.parsed.url), entry.explicit) for entry in found.layer.index
    ]


def test_a_group_states_requirements_at_their_indexes(folder):
    found = read(folder(pyproject_toml=PYPROJECT), groups=("dev",))

    assert [("lib-dev", FromIndex(IndexId("team")))] == [(one.name, one.source) for one in found.requirements]


def test_a_group_may_stand_in_another_project(folder):
    found = read(folder(sub__pyproject_toml=PYPROJECT), groups=("sub/pyproject.toml:dev",))

    assert ["lib-dev"] == names(found.requirements)


def test_a_group_may_stand_in_the_project_that_was_named(folder):
    found = read(folder(sub__pyproject_toml=PYPROJECT), groups=("dev",), project_folder="sub")

    assert ["lib-dev"] == names(found.requirements)


def test_sources_say_nothing_about_packages_that_are_named_on_the_command_line(folder):
    found = read(folder(pyproject_toml=PYPROJECT), packages=("lib-a",))

    assert [FromIndex()] == [one.source for one in found.requirements]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Layer(place="flags", no_sources=True), {"lib-a": None, "lib-b": None}),
        (Layer(place="flags", no_sources_package=(package_name("lib-a"),)), {"lib-a": None, "lib-b": None}),
        (Layer(place="flags", no_sources_package=(package_name("lib-b"),)), {"lib-a": "team", "lib-b": None}),
    ],
)
def test_sources_can_be_switched_off(folder, layer, expected):
    found = read(folder(pyproject_toml=PYPROJECT), requirement_files=("pyproject.toml",), layers=(layer,))

    assert expected == {one.name: one.source.index for one in found.requirements}


def test_an_index_of_the_command_line_may_answer_for_a_source(folder):
    told = IndexEntry(parse_url("https://told.example/simple"), index_name("team"))
    words = {
        "requirement_files": ("pyproject.toml",),
        "layers": (Layer(place="flags", kind=LayerKind.TOLD, default_index=told),),
    }

    found = read(folder(pyproject_toml=PYPROJECT), **words)

    assert ["https://told.example/simple"] == [str(entry.parsed.url) for entry in found.layer.index]


def test_an_index_of_another_project_is_not_mistaken_for_one_of_the_same_name(folder):
    other = IndexEntry(parse_url("https://other.example/simple"), index_name("team"))
    layers = (Layer(place="flags", kind=LayerKind.TOLD), Layer(place="uv.toml", index=(other,)))

    found = read(folder(pyproject_toml=PYPROJECT), requirement_files=("pyproject.toml",), layers=layers)

    assert ["https://team.example/simple", None] == [one.source.index for one in found.requirements]


def test_a_script_states_requirements_and_settings(folder):
    block = '# /// script\n# dependencies = ["six"]\n# [tool.uv]\n# no-index = true\n'
    block += '# constraint-dependencies = ["six<2"]\n'

    found = read(folder(s_py=f"{block}# ///\n"), requirement_files=("s.py",))

    assert (["six"], ["six<2"], True) == (names(found.requirements), names(found.constraints), found.layer.no_index)


@pytest.mark.parametrize("text", ['# /// script\n# dependencies = ["six"]\n# ///\n', "six\n"])
def test_a_file_without_an_ending_is_a_script_or_a_list(folder, text):
    assert ["six"] == names(read(folder(requirements=text), requirement_files=("requirements",)).requirements)


def test_a_workspace_that_may_come_is_a_place_of_a_project(tmp_path):
    own = written(tmp_path, {"sub__pyproject_toml": PYPROJECT})

    found = read(own, requirement_files=("sub/pyproject.toml",))

    assert {f"{own}/sub/pyproject.toml", f"{own}/pyproject.toml"} <= set(found.places)
