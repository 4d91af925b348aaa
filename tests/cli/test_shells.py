import pytest

from keyrack.cli.shells import activation


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "source v/bin/activate"),
        ({"SHELL": "/bin/bash"}, "source v/bin/activate"),
        ({"SHELL": "/usr/bin/fish"}, "source v/bin/activate.fish"),
        ({"SHELL": "/bin/bash", "FISH_VERSION": "3.7"}, "source v/bin/activate.fish"),
        ({"SHELL": "/bin/tcsh"}, "source v/bin/activate.csh"),
        ({"NU_VERSION": "0.99"}, "overlay use v/bin/activate.nu"),
    ],
)
def test_each_shell_has_its_own_script(variables, expected):
    assert expected == activation("v", variables, windows=False)


def test_a_path_with_spaces_is_quoted():
    assert "source 'my env/bin/activate'" == activation("my env", {}, windows=False)


def test_windows_prompt_takes_a_bare_path():
    assert ["v", "Scripts", "activate"] == activation("v", {}, windows=True).replace("\\", "/").split("/")
