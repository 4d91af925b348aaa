"""Two logins for two paths of one host, again and again: what is asked, as whom, is always the same (W5, W6).

With uv 0.13.9 and `authenticate = "always"` one of four runs succeeded, and each failed in another way.
"""

import pytest

from lab.faults import Fault
from lab.registries.simple import Files, Manner, public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import User, asked, refused, repeated

KEYS = {name: ("me", f"password of {name}") for name in ("one", "two")}
OTHER = {"one": "two", "two": "one"}
SHELVES = tuple(
    Shelf(
        f"team/{name}",
        tuple(wheel(f"lib-{name}{at}", "1.0", requires=[f"lib-{OTHER[name]}{(at + 1) % 3}"]) for at in range(3)),
        (KEYS[name],),
    )
    for name in ("one", "two")
)
REPETITIONS = 20
DELAYS = ((), (("/team/one/*", 0.005),), (("/team/two/simple/*", 0.005),), (("*.whl", 0.005),))


@pytest.mark.parametrize("concurrency", [1, 50])
@pytest.mark.parametrize("policy", ["auto", "always"])
def test_every_run_asks_the_same(tmp_path, fresh, policy, concurrency):
    logs = []
    for number in range(REPETITIONS):
        folder = tmp_path / str(number)
        folder.mkdir()
        logs.append(one_run(User(folder, fresh), policy, concurrency, DELAYS[number % len(DELAYS)]))

    assert [logs[0]] * REPETITIONS == logs


def one_run(user, policy, concurrency, delays):
    with simple(*SHELVES, manner=Manner(files=Files.UUID)) as host, public() as open_index:
        for pattern, delay in delays:
            host.fault(Fault(pattern=pattern, delay=delay))
        tables = [f'[[index]]\nurl = "{open_index.index_url()}"\ndefault = true\n']
        for name, (who, password) in KEYS.items():
            url = host.index_url(f"team/{name}")
            assert 0 == user.run("auth", "login", url, "-u", who, "--password", password).code
            tables.append(f'[[index]]\nname = "{name}"\nurl = "{url}"\nauthenticate = "{policy}"\n')
        user.write("uv.toml", "".join(tables))

        said = user.install("lib-one0", "lib-two1", UV_CONCURRENT_DOWNLOADS=str(concurrency))

        assert (0, 6) == (said.code, len(user.installed())), said.err
        assert ([], []) == (refused(host.requests()), repeated(host.requests()))
        return [line.replace(str(host.server.port), "PORT") for line in asked(host)]
