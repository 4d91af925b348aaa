"""Start one program after another and tell what each took. Runs by itself under `python -I -S`: keep it small.

Each order comes as four bytes of length and marshal's words, environment, and file for what is printed; each answer
goes back so, with exit code, wall and CPU seconds, and peak memory in KiB.
"""

import marshal
import os
import sys
import time


def main() -> None:
    """Obey until nobody orders any more."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := orders.read(4):
        words, variables, printed = marshal.loads(orders.read(int.from_bytes(head, sys.byteorder)))
        answer = marshal.dumps(run(words, variables, printed))
        answers.write(len(answer).to_bytes(4, sys.byteorder) + answer)
        answers.flush()


def run(words: tuple[str, ...], variables: dict[str, str], printed: str) -> tuple[int, float, float, int]:
    """Run a program with nothing to read; the code of one that a signal ended is 128 and the signal's number."""
    actions = (
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    )
    started = time.perf_counter()
    child = os.posix_spawnp(words[0], words, variables, file_actions=actions)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    return (code if code >= 0 else 128 - code), wall, used.ru_utime + used.ru_stime, used.ru_maxrss


if __name__ == "__main__":
    main()
