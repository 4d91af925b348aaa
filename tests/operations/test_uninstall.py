import pytest

from keyrack.operations.commit import Stopped
from keyrack.operations.uninstall import UninstallRequest, uninstall
from keyrack.values.interpreter import Paths
from keyrack.values.names import package_name
from keyrack.values.plan import Scheme
from keyrack.values.url import parse_url

URL = parse_url("https://pkgs.example/lib_b-1.0-py3-none-any.whl").url


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "v" / "lib"
    for name in ("lib_a", "lib_b"):
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{name}.py").write_text("")
        (info / "METADATA").write_text("")
        (info / "RECORD").write_text(f"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/RECORD,,\n")
    (site / "lib_b-1.0.dist-info" / "direct_url.json").write_text(f'{{"url": "{URL.exact}", "archive_info": {{}}}}')
    return site


def run(site, *names, urls=(), stop=lambda: False, **words):
    root = str(site.parent)
    scheme = Scheme(Paths(str(site), str(site), f"{root}/bin", root, f"{root}/include"), "python")
    request = UninstallRequest(scheme, tuple(map(package_name, names)), urls, **words)
    return uninstall(request, stop)


def shown(outcome):
    return [f"{one.sign} {one.name}=={one.version}" for one in outcome.changes], list(outcome.warnings)


def left(site):
    return sorted(path.name for path in site.iterdir() if path.suffix == ".py")


def test_what_is_named_goes(site):
    outcome = run(site, "lib-a")

    assert ((["- lib-a==1.0"], []), 1, ["lib_b.py"]) == (shown(outcome), outcome.uninstalled.count, left(site))


def test_what_is_not_installed_is_skipped_with_a_warning(site):
    outcome = run(site, "nope", "lib-a", "nope")

    assert (["- lib-a==1.0"], ["Skipping nope as it is not installed"]) == shown(outcome)


def test_where_nothing_is_installed_of_it_that_is_said(site):
    outcome = run(site, "nope", urls=(parse_url("https://pkgs.example/other.whl").url,))

    expected = ["nope", "`https://pkgs.example/other.whl`"]
    warnings = [*(f"Skipping {one} as it is not installed" for one in expected), "No packages to uninstall"]
    assert ([], warnings) == shown(outcome)


def test_a_distribution_may_be_named_by_where_it_came_from(site):
    assert ["- lib-b==1.0"] == shown(run(site, "lib-b", urls=(URL,)))[0]


def test_a_dry_run_removes_nothing_and_warns_of_nothing(site):
    outcome = run(site, "lib-a", "nope", dry_run=True)

    assert ((["- lib-a==1.0"], []), ["lib_a.py", "lib_b.py"]) == (shown(outcome), left(site))


def test_who_stops_keeps_everything(site):
    with pytest.raises(Stopped):
        run(site, "lib-a", stop=lambda: True)

    assert ["lib_a.py", "lib_b.py"] == left(site)


def test_an_environment_is_locked_while_it_changes(site):
    run(site, "lib-a", lock=str(site.parent / ".lock"))

    assert (site.parent / ".lock").exists()
