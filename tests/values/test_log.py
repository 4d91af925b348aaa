from keyrack.values.log import Level, silent


def test_levels_are_ordered_and_named():
    ordered = sorted((Level.ERROR, Level.TRACE, Level.WARN, Level.DEBUG))

    assert ["TRACE", "DEBUG", "WARN", "ERROR"] == [level.name for level in ordered]


def test_nobody_listens():
    assert silent(Level.ERROR, "line") is None
