from keyrack.values.cutoff import UNLIMITED, Cutoff


def test_a_cutoff_is_written_as_its_instant():
    assert ("2024-09-01T00:00:00Z", "") == (str(Cutoff("2024-09-01T00:00:00Z", "P30D")), str(UNLIMITED))
