import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.policy.index.grouping import grouped
from keyrack.values.names import package_name

NAME = package_name("my-lib")
GOOD = ["my_lib-{}-py3-none-any.whl", "My.Lib-{}-cp312-cp312-linux_x86_64.whl", "my_lib-{}-1-py3-none-any.whl"]
SDISTS = ["my-lib-{}.tar.gz", "my_lib-{}.tar.gz", "my.lib-{}.zip"]
NONE = [
    "other-{}-py3-none-any.whl",
    "my_lib-{}.whl",
    "my_lib-{}-a-b-c-d-e-f.whl",
    "my_lib-{}.exe",
    "-{}.tar.gz",
    "é-{}-a-b-c.whl",
]


def test_the_files_of_a_version_stand_together():
    files = ["my_lib-1.0-py3-none-any.whl", "my_lib-1.0.tar.gz", "my_lib-2.0.tar.gz", "my_lib-1.0-py2-none-any.whl"]

    assert {"1.0": [0, 1, 3], "2.0": [2]} == grouped(NAME, files)


def test_a_version_is_grouped_by_its_text():
    files = ["my_lib-1.0-py3-none-any.whl", "my_lib-1.00-py3-none-any.whl", "my_lib-1-py3-none-any.whl"]

    assert {"1.0": [0], "1.00": [1], "1": [2]} == grouped(NAME, files)


@pytest.mark.parametrize("file", NONE)
def test_what_is_no_file_of_the_package_is_left_out(file):
    assert {} == grouped(NAME, [file.format("1.0")])


@given(st.lists(st.tuples(st.sampled_from(GOOD + SDISTS + NONE), st.sampled_from(["1.0", "1.0.1", "2", "2rc1"]))))
def test_order_and_neighbours_do_not_matter(listed):
    expected = {}
    for place, (form, version) in enumerate(listed):
        if form not in NONE:
            expected.setdefault(version, []).append(place)

    assert expected == grouped(NAME, [form.format(version) for form, version in listed])
