"""A failed exchange is a kind to decide on and lines to print."""

from keyrack.values.failure import FailureKind, TransportFailure


def test_a_failure_reads_as_its_lines():
    failure = TransportFailure(FailureKind.CONNECT, "tcp connect error", "Connection refused")

    assert "tcp connect error; Connection refused" == str(failure)


def test_a_failure_keeps_its_kind_and_its_lines_apart():
    failure = TransportFailure(FailureKind.SHORT, "end of file", in_body=True)

    assert (FailureKind.SHORT, ("end of file",), True) == (failure.kind, failure.causes, failure.in_body)
