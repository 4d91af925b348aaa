import pytest

from keyrack.operations.workspaces import BadWorkspace, NoProject, find_workspace

ROOT = '[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n'


@pytest.fixture
def put(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            folder = tmp_path.joinpath(*name.split("__")[:-1])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "pyproject.toml").write_text(text)
        return tmp_path

    return write


def named(name, rest=""):
    return f'[project]\nname = "{name}"\n{rest}'


def shown(workspace):
    current = workspace.current.name if workspace.current else None
    return [(member.name, member.path) for member in workspace.members], current


def test_a_project_alone_is_a_workspace_of_one(put):
    folder = put(x=named("app"))

    workspace = find_workspace(str(folder / "deep" / "down"))

    assert ([("app", ".")], "app") == shown(workspace)


def test_members_are_found_from_the_root_and_from_a_member(put):
    folder = put(x=ROOT, libs__a__x=named("a"), libs__old__x=named("old"), libs__b__x=named("b"))
    (folder / "libs" / ".git").mkdir()
    members = [("a", "libs/a"), ("b", "libs/b"), ("root", ".")]

    assert (members, "root") == shown(find_workspace(str(folder)))
    assert (members, "b") == shown(find_workspace(str(folder / "libs" / "b")))


def test_a_root_may_be_no_project(put):
    folder = put(x='[tool.uv.workspace]\nmembers = ["libs/*", "libs/a"]\n', libs__a__x=named("a"))

    assert ([("a", "libs/a")], None) == shown(find_workspace(str(folder)))


@pytest.mark.parametrize("name", ["libs__old__x", "other__x"], ids=["excluded", "not named"])
def test_a_project_that_is_no_member_is_alone(put, name):
    folder = put(**{"x": ROOT, name: named("old")})

    assert ([("old", ".")], "old") == shown(find_workspace(str(folder.joinpath(*name.split("__")[:-1]))))


def test_a_project_in_the_folder_of_another_is_alone(put):
    folder = put(x=named("outer"), inner__x=named("inner"))

    assert ([("inner", ".")], "inner") == shown(find_workspace(str(folder / "inner")))


def test_a_member_that_is_not_managed_is_none(put):
    folder = put(x=ROOT, libs__a__x=named("a", "[tool.uv]\nmanaged = false\n"))

    assert ([("root", ".")], "root") == shown(find_workspace(str(folder)))


def test_without_a_project_there_may_be_a_workspace_of_nothing(put):
    folder = put(x=ROOT, a__x="[dependency-groups]\ndev = []\n")

    found = find_workspace(str(folder / "a"), needs_project=False)

    assert ([], None, str(folder / "a")) == (*shown(found), found.root)


REFUSED = {
    "no project at all": ({"a__b": ""}, "No `project` table found in:"),
    "one that is not managed": ({"x": named("a", "[tool.uv]\nmanaged = false\n")}, "is marked as unmanaged"),
}


@pytest.mark.parametrize(("texts", "words"), REFUSED.values(), ids=REFUSED)
def test_where_there_is_no_project_that_is_said(put, texts, words):
    folder = put(**texts)

    with pytest.raises(NoProject, match=words):
        find_workspace(str(folder / "a") if "a__b" in texts else str(folder))


BAD = {
    "a member without a name": ({"libs__a__x": "[tool.uv]\n"}, "No `project` table found in:"),
    "a workspace in a workspace": (
        {"libs__a__x": named("a", "[tool.uv.workspace]\n")},
        "Nested workspaces are not supported",
    ),
    "two members of one name": (
        {"libs__a__x": named("a"), "libs__b__x": named("a")},
        "Two workspace members are both named `a`",
    ),
    "a member named as the root": ({"libs__a__x": named("root")}, "Two workspace members are both named `root`"),
}


@pytest.mark.parametrize(("texts", "words"), BAD.values(), ids=BAD)
def test_a_workspace_that_contradicts_itself_is_refused(put, texts, words):
    folder = put(x=ROOT, **texts)

    with pytest.raises(BadWorkspace, match=words):
        find_workspace(str(folder))


def test_a_member_that_has_files_and_no_project_is_refused(put):
    folder = put(x=ROOT)
    (folder / "libs" / "a").mkdir(parents=True)
    (folder / "libs" / "a" / "main.py").write_text("")

    with pytest.raises(BadWorkspace, match=r"is missing a `pyproject.toml` \(matches: `libs/\*`\)"):
        find_workspace(str(folder))
