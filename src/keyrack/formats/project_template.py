"""The files of a new project, as texts: pyproject.toml, a module, and what its build backend needs (uv's `init`)."""

from __future__ import annotations

import textwrap
from enum import Enum

import msgspec

from keyrack.formats.toml_array import quoted
from keyrack.values.version import SPEAKS

IGNORED = """\
# Python-generated files
__pycache__/
*.py[oc]
build/
dist/
wheels/
*.egg-info

# Virtual environments
.venv
"""


class Backend(Enum):
    """The build backends that a new project can have, by uv's names for them."""

    UV = "uv"
    HATCH = "hatch"
    FLIT = "flit"
    PDM = "pdm"
    POETRY = "poetry"
    SETUPTOOLS = "setuptools"
    MATURIN = "maturin"
    SCIKIT = "scikit"

    @property
    def is_native(self) -> bool:
        """Say whether it compiles another language."""
        return self in (Backend.MATURIN, Backend.SCIKIT)


class NewProject(msgspec.Struct, frozen=True):
    """What a new project is to be. `backend` is None where it is not packaged; `description` None where it has none.

    `author` is a name and an e-mail address, of which either may be "". `is_bare` asks for pyproject.toml alone.
    """

    name: str
    requires_python: str
    backend: Backend | None = None
    is_library: bool = False
    is_bare: bool = False
    description: str | None = "Add your description here"
    has_readme: bool = True
    author: tuple[str, str] = ("", "")

    @property
    def module(self) -> str:
        """The name that is imported; none may begin with a digit."""
        name = self.name.replace("-", "_")
        return f"_{name}" if name[0].isdigit() else name


def project_files(project: NewProject) -> dict[str, str]:
    """Give the files of a project by their paths: those that are made only where they are not there yet."""
    if project.is_bare:
        return {}
    files = {"README.md": ""} if project.has_readme else {}
    if project.backend is None:
        return {**files, "main.py": _script(f"Hello from {project.name}!")}
    folder = f"src/{project.module}"
    if project.backend.is_native:
        return {**files, **_native(project, folder)}
    if project.is_library:
        hello = f'def hello() -> str:\n    return "Hello from {project.name}!"\n'
        return {**files, f"{folder}/__init__.py": hello, f"{folder}/py.typed": ""}
    return {**files, f"{folder}/__init__.py": f'def main() -> None:\n    print("Hello from {project.name}!")\n'}


def pyproject_text(project: NewProject) -> str:
    """Write pyproject.toml."""
    lines = ["[project]", f"name = {quoted(project.name)}", 'version = "0.1.0"']
    if project.description is not None and not project.is_bare:
        lines.append(f"description = {quoted(project.description)}")
    if project.has_readme and not project.is_bare:
        lines.append('readme = "README.md"')
    name, email = project.author
    if name or email:
        parts = [f"{key} = {quoted(value)}" for key, value in (("name", name), ("email", email)) if value]
        lines.append(f"authors = [\n    {{ {', '.join(parts)} }}\n]")
    lines += [f"requires-python = {quoted(project.requires_python)}", "dependencies = []"]
    if project.backend is not None:
        if not project.is_library and not project.is_bare:
            lines.append(f"\n[project.scripts]\n{project.name} = {quoted(f'{project.module}:main')}")
        lines += _build_lines(project, project.backend)
    return "\n".join(lines) + "\n"


def script_block(requires_python: str) -> str:
    """Write the block of a script that requires nothing yet (PEP 723)."""
    return f'# /// script\n# requires-python = "{requires_python}"\n# dependencies = []\n# ///\n'


def script_text(name: str, requires_python: str) -> str:
    """Write a script that says hello."""
    return f"{script_block(requires_python)}\n\n{_script(f'Hello from {name}!', typed=True)}"


def _script(words: str, *, typed: bool = False) -> str:
    head = "def main() -> None:" if typed else "def main():"
    return f'{head}\n    print("{words}")\n\n\nif __name__ == "__main__":\n    main()\n'


_SYSTEMS = {
    Backend.UV: (f'"uv_build>={SPEAKS},<{SPEAKS.split(".")[0]}.{int(SPEAKS.split(".")[1]) + 1}.0"', "uv_build"),
    Backend.HATCH: ('"hatchling"', "hatchling.build"),
    Backend.FLIT: ('"flit_core>=3.2,<4"', "flit_core.buildapi"),
    Backend.PDM: ('"pdm-backend"', "pdm.backend"),
    Backend.POETRY: ('"poetry-core>=2,<3"', "poetry.core.masonry.api"),
    Backend.SETUPTOOLS: ('"setuptools>=61"', "setuptools.build_meta"),
    Backend.MATURIN: ('"maturin>=1.0,<2.0"', "maturin"),
    Backend.SCIKIT: ('"scikit-build-core>=0.12", "pybind11>=3"', "scikit_build_core.build"),
}


def _build_lines(project: NewProject, backend: Backend) -> list[str]:
    requires, name = _SYSTEMS[backend]
    lines = list[str]()
    if backend is Backend.UV and project.module[0] == "_" and not project.is_bare:
        lines.append(f"\n[tool.uv.build-backend]\nmodule-name = {quoted(project.module)}")
    if backend is Backend.MATURIN:
        lines += [
            f"\n[tool.maturin]\nmodule-name = {quoted(f'{project.module}._core')}",
            f'python-packages = [{quoted(project.module)}]\npython-source = "src"',
            _cache_keys("src/**/*.rs", "Cargo.toml", "Cargo.lock"),
        ]
    if backend is Backend.SCIKIT:
        lines += [
            '\n[tool.scikit-build]\nminimum-version = "build-system.requires"\nbuild-dir = "build/{wheel_tag}"',
            _cache_keys("src/**/*.{h,c,hpp,cpp}", "CMakeLists.txt"),
        ]
    lines.append(f'\n[build-system]\nrequires = [{requires}]\nbuild-backend = "{name}"')
    return lines


def _cache_keys(*files: str) -> str:
    keys = ", ".join(f'{{ file = "{each}" }}' for each in ("pyproject.toml", *files))
    return f"\n[tool.uv]\ncache-keys = [{keys}]"


def _native(project: NewProject, folder: str) -> dict[str, str]:
    """Write a module in another language that says hello, and a Python module that asks it."""
    word = "hello" if project.is_library else "main"
    body = "def hello() -> str:\n    return" if project.is_library else "def main() -> None:\n    print("
    end = " hello_from_bin()\n" if project.is_library else "hello_from_bin())\n"
    head = f'from {project.module}._core import hello_from_bin\n\n__all__ = ["{word}"]\n\n\n'
    files = {
        f"{folder}/__init__.py": f"{head}{body}{end}",
        f"{folder}/_core.pyi": "def hello_from_bin() -> str: ...\n",
    }
    if project.is_library:
        files[f"{folder}/py.typed"] = ""
    return files | (_rust(project) if project.backend is Backend.MATURIN else _cpp(project))


def _rust(project: NewProject) -> dict[str, str]:
    cargo = f"""\
        [package]
        name = "{project.name}"
        version = "0.1.0"
        edition = "2024"

        [lib]
        name = "_core"
        crate-type = ["cdylib"] # a library that Python can load

        [dependencies]
        pyo3 = {{ version = "0.28", features = ["extension-module", "abi3-py39"] }}
        """
    source = f"""\
        use pyo3::prelude::*;

        /// The module `_core`; its name stands in Cargo.toml as well.
        #[pymodule]
        mod _core {{
            use pyo3::prelude::*;

            #[pyfunction]
            fn hello_from_bin() -> String {{
                "Hello from {project.name}!".into()
            }}
        }}
        """
    return {"Cargo.toml": textwrap.dedent(cargo), "src/lib.rs": textwrap.dedent(source)}


def _cpp(project: NewProject) -> dict[str, str]:
    cmake = """\
        cmake_minimum_required(VERSION 3.15...4.0)
        project(${SKBUILD_PROJECT_NAME} LANGUAGES CXX)

        find_package(pybind11 CONFIG REQUIRED)
        pybind11_add_module(_core MODULE src/main.cpp)
        install(TARGETS _core DESTINATION ${SKBUILD_PROJECT_NAME})
        """
    source = f"""\
        #include <pybind11/pybind11.h>
        #include <string>

        std::string hello_from_bin() {{ return "Hello from {project.name}!"; }}

        PYBIND11_MODULE(_core, module) {{
          module.def("hello_from_bin", &hello_from_bin, "Say hello.");
        }}
        """
    return {"CMakeLists.txt": textwrap.dedent(cmake), "src/main.cpp": textwrap.dedent(source)}
