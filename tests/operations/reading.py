"""Reading what a user gives, for tests: files in a folder, texts on a web, and what is said of them."""

import pytest

from keyrack.errors import KeyrackError
from keyrack.operations.inputs import InputReader, InputRequest, read_inputs

PYPROJECT = """\
[project]
name = "proj"
version = "1"
dependencies = ["lib-a", "lib-b"]
[project.optional-dependencies]
x = ["lib-x"]
[dependency-groups]
dev = ["lib-dev"]
[[tool.uv.index]]
name = "team"
url = "https://team.example/simple"
[tool.uv.sources]
lib-a = { index = "team" }
lib-dev = { index = "team" }
"""


class Web:
    """A web of texts by URL, that remembers what was asked."""

    def __init__(self, **texts):
        self.texts = {f"https://web.example/{name}.txt": text for name, text in texts.items()}
        self.asked = []

    def fetch(self, parsed):
        self.asked.append(parsed)
        return self.texts[str(parsed.url)].encode()


def written(root, files):
    """Write files, whose names have `__` for a slash and `_` for a dot, and give the folder."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return str(root)


def read(folder, stdin="", web=None, **words):
    web = web or Web()
    return read_inputs(InputRequest(folder=folder, **words), InputReader(stdin.encode, web.fetch))


def names(requirements):
    return [f"{requirement.name}{requirement.specifier}" for requirement in requirements]


def chain(error):
    """The message, and those of the errors behind it with their causes, as the command line prints them."""
    shown = []
    while isinstance(error, KeyrackError):
        shown += [error.message, *error.causes]
        error = error.__cause__
    return shown


def complaint(folder, **words):
    with pytest.raises(KeyrackError) as caught:
        read(folder, **words)
    return chain(caught.value)
