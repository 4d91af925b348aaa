"""An exchange while it is on its way."""

import pytest

from keyrack.adapters.transfers import MOST_OF_A_REFUSAL, Pending, Profile, Transfer, head_in, status_in
from keyrack.values.exchange import Exchange
from keyrack.values.url import parse_url

PROFILE = Profile(None, verify=True, certificate=False)
EXCHANGE = Exchange(parse_url("https://pkgs.example/a").url)
HEAD = [b"HTTP/2 200 \r\n", b"Content-Type: text/html\r\n", b"x-a:1 \r\n", b"\r\n"]


@pytest.mark.parametrize(
    ("lines", "status", "headers"),
    [
        ([], 0, ()),
        (HEAD, 200, (("content-type", "text/html"), ("x-a", "1"))),
        (
            [b"HTTP/1.1 200 Connection established\r\n", b"Via: x\r\n", b"\r\n", *HEAD],
            200,
            (("content-type", "text/html"), ("x-a", "1")),
        ),
        ([b"HTTP/1.1 100 Continue\r\n", b"\r\n", b"HTTP/1.1 404 No: never\r\n", b"a: b: c\r\n"], 404, (("a", "b: c"),)),
        ([b"HTTP/1.1 200 OK\r\n", b"x-\xe4: \xf6\r\n"], 200, (("x-\xe4", "\xf6"),)),
        ([b"HTTP/1.1\r\n"], 0, ()),
        ([b"HTTP/1.1 abc\r\n"], 0, ()),
    ],
)
def test_the_last_head_counts(lines, status, headers):
    assert (status, headers) == head_in(lines)
    assert status == status_in(lines)


def test_the_text_of_a_refusal_is_kept_up_to_a_limit():
    transfer = Transfer(EXCHANGE, Taken(), PROFILE)
    transfer.lines += [b"HTTP/1.1 500 No\r\n"]
    half = b"x" * (MOST_OF_A_REFUSAL // 2)

    for _ in range(5):
        transfer.receive(half)

    assert MOST_OF_A_REFUSAL == len(transfer.answer().body)


class Taken:
    def write(self, chunk):
        raise AssertionError("the sink gets bodies of successes only")


def test_a_pending_answer_that_failed_raises_each_time():
    pending = Pending()
    pending.fail(ValueError("no"))

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            pending.result()


def test_a_pending_answer_is_given_each_time():
    pending = Pending()
    answer = Transfer(EXCHANGE, None, PROFILE).answer()
    pending.succeed(answer)

    assert (answer, answer) == (pending.result(), pending.result())
