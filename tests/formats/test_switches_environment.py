from keyrack.formats.switches_environment import parse_switches
from keyrack.values.switches import Switches


def test_nothing_is_switched_by_itself():
    assert Switches() == parse_switches({"UV_INTERNAL__TEST_NO_CLI_PROGRESS": "0"})


def test_switches_of_uvs_tests_are_read():
    environment = {
        "UV_INTERNAL__TEST_NO_CLI_PROGRESS": "1",
        "UV_INTERNAL__TEST_CURRENT_TIMESTAMP": "2024-01-01T00:00:00Z",
        "UV_INTERNAL__TEST_AVAILABLE_VERSION_CUTOFF": "2023-01-01T00:00:00Z",
        "UV_INTERNAL__TEST_NO_HTTP_RETRY_DELAY": "whatever",
        "UV_SHOW_RESOLUTION": "true",
    }

    assert Switches(
        no_progress=True,
        now="2024-01-01T00:00:00Z",
        version_cutoff="2023-01-01T00:00:00Z",
        no_retry_delay=True,
        shows_resolution=True,
    ) == parse_switches(environment)
