from keyrack.values.volume import Volume


def test_volumes_are_in_order():
    volumes = [Volume.SILENT, Volume.QUIET, Volume.NORMAL, Volume.VERBOSE, Volume.TRACE]

    assert [-2, -1, 0, 1, 2] == sorted(volumes)
