"""The same run again and again, with answers that come sooner or later: the same is asked, by the same, each time."""

import pytest

from lab.faults import Fault
from lab.kinds import KINDS
from tests.registries.team import INSTALLED
from tests.scenarios.using import User

# Which answers come late, by the names in their URLs, and by how many seconds.
LATE = [(("*one*", 0.01),), (("*two*", 0.01),), (("*.whl*", 0.008), ("*back*", 0.004))]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lacks-with-403"])
def test_whichever_answer_comes_first_the_same_is_asked(teams, fresh, tmp_path_factory, kind):
    logs = []
    for late in LATE:
        team = teams(kind)
        for pattern, delay in late:
            team.host.fault(Fault(pattern=pattern, delay=delay))
        user = User(tmp_path_factory.mktemp("user"), fresh)
        said = team.install(user, team.in_urls(user, team.identities))
        assert (0, INSTALLED) == (said.code, user.installed()), said.err
        logs.append(sorted(map(str, team.entries())))

    assert [logs[0]] * len(LATE) == logs
