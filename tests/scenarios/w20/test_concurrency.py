"""What is asked, as whom, does not depend on timing or concurrency (W3, W6, W20, group 3 of the tests)."""

import pytest

from lab.faults import Fault
from lab.registries.simple import Files, Manner, public, simple
from lab.registry import Shelf
from lab.wheels import wheel
from tests.scenarios.using import Place, asked, by_keyring, by_name, refused

KEYS = {name: ("me", f"password of {name}") for name in "abc"}
NEXT = {"a": "b", "b": "c", "c": "a"}
SHELVES = tuple(
    Shelf(
        f"team/{name}",
        tuple(
            wheel(f"lib-{name}{number}", "1.0", requires=[f"lib-{NEXT[name]}{number}", f"lib-{name}{(number + 1) % 4}"])
            for number in range(4)
        ),
        (KEYS[name],),
    )
    for name in "abc"
)
MANNER = Manner(files=Files.UUID)


def everything_asked(user, way, concurrency, delays):
    with simple(*SHELVES, manner=MANNER) as host, public() as open_index:
        for pattern, delay in delays:
            host.fault(Fault(pattern=pattern, delay=delay))
        places = [Place(name, host.index_url(f"team/{name}"), KEYS[name]) for name in "abc"]
        given = way(user, places, open_index.index_url())

        said = user.install(*given.words, "lib-a0", **given.variables, UV_CONCURRENT_DOWNLOADS=str(concurrency))

        assert (0, 12) == (said.code, len(user.installed())), said.err
        assert [] == refused(host.requests())
        return [line.replace(str(host.server.port), "PORT") for line in asked(host)]


DELAYS = {
    "none": (),
    "slow-a": (("/team/a/*", 0.01),),
    "slow-b": (("/team/b/simple/*", 0.01),),
    "slow-files": (("*.whl", 0.01),),
}


@pytest.fixture(scope="module")
def logs():
    return {}


@pytest.mark.parametrize("way", [by_name, by_keyring])
@pytest.mark.parametrize("delays", DELAYS)
@pytest.mark.parametrize("concurrency", [1, 50])
def test_every_run_asks_the_same_as_every_other(user, logs, way, delays, concurrency):
    log = everything_asked(user, way, concurrency, DELAYS[delays])

    assert logs.setdefault("first", log) == log
