"""What is installed: sets of real packages, and one that is made up for where there is no network."""

from collections.abc import Mapping

from bench.universe import ROOTS

SETS: Mapping[str, tuple[str, ...]] = {
    "web": ("flask", "fastapi[standard]", "sqlalchemy"),
    "jupyter": ("jupyterlab",),
    "sci": ("numpy", "scipy", "pandas", "scikit-learn", "polars", "pyarrow"),
    "made-up": ROOTS,
}
USUAL = ("web", "jupyter")
MADE_UP = "made-up"
