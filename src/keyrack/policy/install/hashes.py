"""Is an archive the one that was meant? What the index lists and what the user wrote, against what was computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keyrack.errors import UnmetRequest
from keyrack.values.artifact import Digest

KNOWN = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "sha3_256", "sha3_512"})
"""The algorithms that are computed when somebody gives such a hash; others say nothing."""
STORE = "sha256"
"""The algorithm by whose value an archive is known in the store: always computed."""


class HashMismatch(UnmetRequest):
    """An archive is another one than the index or the user says."""


def wanted(*digests: Iterable[Digest]) -> frozenset[str]:
    """Give the algorithms to compute so that some digests can be checked."""
    return frozenset({STORE, *(digest.algorithm for group in digests for digest in group)}) & KNOWN


def check(label: str, computed: Mapping[str, str], listed: tuple[Digest, ...], expected: tuple[Digest, ...]) -> None:
    """Raise `HashMismatch` unless every listed hash agrees, and at least one of the expected ones where there are any.

    `listed` come from the index, which vouches for each of them; of `expected`, which the user wrote, one suffices,
    since a requirement may carry one for each file of a version (pip's hash-checking mode).
    """
    known = [digest for digest in listed if digest.algorithm in computed]
    if any(computed[digest.algorithm] != digest.value for digest in known):
        raise _mismatch(label, computed, known)
    if expected and not any(computed.get(digest.algorithm) == digest.value for digest in expected):
        raise _mismatch(label, computed, expected)


def agrees(held: Iterable[Digest], listed: tuple[Digest, ...], expected: tuple[Digest, ...]) -> bool:
    """Say whether a stored archive with the digests `held` is certainly the one that is meant."""
    computed = {digest.algorithm: digest.value for digest in held}
    if any(computed.get(digest.algorithm, digest.value) != digest.value for digest in listed):
        return False
    return not expected or any(computed.get(digest.algorithm) == digest.value for digest in expected)


def _mismatch(label: str, computed: Mapping[str, str], expected: Iterable[Digest]) -> HashMismatch:
    expected = tuple(expected)
    algorithms = sorted({digest.algorithm for digest in expected} & set(computed)) or [STORE]
    lines = ["", "Expected:", *(f"  {digest}" for digest in expected), "", "Computed:"]
    lines += [f"  {algorithm}:{computed[algorithm]}" for algorithm in algorithms]
    return HashMismatch("\n".join([f"Hash mismatch for `{label}`", *lines]))
