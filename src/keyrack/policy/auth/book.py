"""What is known so far about the identity of each index: an automaton of frozen values, and the one place they lie in.

An identity is `unproven` until an answer of 2xx or 304, then `proven`; `rejected` ends it: nothing goes out with it any
more, which keeps accounts from being locked. Only 401 counts against it: 403 and 404 speak of the thing asked for.
What a look-up taught is learned for one index, never for a host.
"""

from __future__ import annotations

from enum import Enum

import msgspec

from keyrack.errors import KeyrackError
from keyrack.policy.auth.steps import Finding
from keyrack.values.credentials import Basic, Bearer, Complete, Held, Source, Username
from keyrack.values.index import AuthPolicy, Index, Indexes, IndexId
from keyrack.values.secret import Secret
from keyrack.values.url import Url

MOST_UNPROVEN = 4
"""Requests that may go out with an identity before any answer has spoken for it: a server sees a wrong password so
often at most, whatever the concurrency. More than one, because some servers answer 401 to the first few (W20)."""


_RENEWABLE = frozenset({Source.KEYRING, Source.STORE})


class State(Enum):
    """What the answers say about an identity."""

    UNPROVEN = "unproven"
    PROVEN = "proven"
    REJECTED = "rejected"


class Progress(Enum):
    """A thing that is done once, whoever needs it first."""

    NOT_YET = "not yet"
    UNDERWAY = "underway"
    DONE = "done"


class Standing(msgspec.Struct, frozen=True):
    """One index's identity: what is held, and what became of it.

    `known_as` is the first complete credentials, by which two indexes are compared even after a refresh. `heard` says
    that an answer other than 401 came for them; `attempts` counts what went out before. `generation` counts refreshes.
    """

    held: Held | None = None
    known_as: Complete | None = None
    state: State = State.UNPROVEN
    heard: bool = False
    in_flight: int = 0
    attempts: int = 0
    generation: int = 0
    looked: Progress = Progress.NOT_YET
    refreshed: Progress = Progress.NOT_YET
    asked: tuple[str, ...] = ()
    moved: Url | None = None

    @property
    def complete(self) -> Complete | None:
        """The credentials, if both halves are there."""
        return complete(self.held)

    @property
    def may_send(self) -> bool:
        """Whether one more request may go out with it now."""
        return self.state is State.PROVEN or self.heard or self.attempts < MOST_UNPROVEN

    @property
    def is_doubtful(self) -> bool:
        """Whether answers came, and none that shows that the credentials are accepted (CodeArtifact: 404)."""
        return self.state is State.UNPROVEN and self.heard

    @property
    def is_refreshable(self) -> bool:
        """Whether its source can give new credentials, and has not since the last proof."""
        return self.held is not None and self.held.source in _RENEWABLE and self.refreshed is not Progress.DONE


def complete(held: Held | None) -> Complete | None:
    """Give the credentials, if both halves are there."""
    return held.credentials if held and isinstance(held.credentials, Basic | Bearer) else None


def proves(status: int) -> bool:
    """Say whether an answer shows that the credentials sent with it were accepted."""
    return 200 <= status < 300 or status == 304


class Book:
    """The standings of all indexes. Not locked: its driver lets one ladder step at a time run."""

    def __init__(self, indexes: Indexes) -> None:
        """Begin with what the configuration says."""
        self.indexes = indexes
        self.version = 0
        """Grows with every change, so that those who wait know when to look again."""
        self._told: set[str] = set()
        self._index = {index.id: index for index in indexes.all}
        self._standing = {index.id: Standing(index.given, complete(index.given)) for index in indexes.all}

    def index(self, wanted: IndexId) -> Index:
        """Give an index by its id; an error of ours where it is not configured."""
        if wanted not in self._index:
            raise KeyrackError(f"A request names the index `{wanted}`, which is not configured")
        return self._index[wanted]

    def standing(self, index: IndexId) -> Standing:
        """Give the standing as it is now."""
        return self._standing[index]

    def begin_look_up(self, index: IndexId) -> None:
        """Somebody asks the sources; others wait."""
        self._change(index, looked=Progress.UNDERWAY)

    def give_up_look_up(self, index: IndexId) -> None:
        """Whoever asked was interrupted; the next one may ask."""
        if self._standing[index].looked is Progress.UNDERWAY:
            self._change(index, looked=Progress.NOT_YET)

    def looked_up(self, index: Index, finding: Finding) -> None:
        """Remember what the sources said. A bare name in the index's own URL is then taken for a token (D2)."""
        held = finding.held or _token_as_name(index) or self._standing[index.id].held
        self._change(index.id, looked=Progress.DONE, asked=finding.asked, held=held, known_as=complete(held))

    def begin_refresh(self, index: IndexId) -> None:
        """Somebody asks the source again; others wait."""
        self._change(index, refreshed=Progress.UNDERWAY)

    def give_up_refresh(self, index: IndexId) -> None:
        """Whoever refreshed was interrupted; the next one may."""
        if self._standing[index].refreshed is Progress.UNDERWAY:
            self._change(index, refreshed=Progress.NOT_YET)

    def refreshed(self, index: IndexId, held: Held | None) -> None:
        """Take the new credentials, which must prove themselves anew; without any, the identity is rejected.

        A login that is still the same says nothing: it stands as credentials do that cannot be renewed.
        """
        if held is None:
            self._change(index, refreshed=Progress.DONE, state=State.REJECTED)
            return
        if held.source is Source.STORE and complete(held) == self._standing[index].complete:
            self._change(index, refreshed=Progress.DONE)
            return
        renewed = Standing(
            held=held,
            known_as=self._standing[index].known_as,
            in_flight=self._standing[index].in_flight,
            generation=self._standing[index].generation + 1,
            looked=Progress.DONE,
            refreshed=Progress.DONE,
            asked=self._standing[index].asked,
            moved=self._standing[index].moved,
        )
        self._put(index, renewed)

    def sent(self, index: IndexId) -> Standing:
        """Count a request that goes out with the identity; the standing with which it goes comes back."""
        standing = self._standing[index]
        self._change(index, in_flight=standing.in_flight + 1, attempts=standing.attempts + 1)
        return standing

    def returned(self, index: IndexId, generation: int, *, counts: bool) -> None:
        """Count a request that is over. It does not count as an attempt if its answer says nothing or never came."""
        standing = self._standing[index]
        attempts = standing.attempts - (generation == standing.generation and not counts)
        self._change(index, in_flight=standing.in_flight - 1, attempts=attempts)

    def answered(self, index: IndexId, status: int, generation: int) -> None:
        """Learn from an answer to credentials of that generation."""
        standing = self._standing[index]
        if status == 401 or generation != standing.generation or standing.state is State.REJECTED:
            return
        if proves(status):
            # The next failure may be answered with a refresh again.
            refreshed = standing.refreshed if standing.refreshed is Progress.UNDERWAY else Progress.NOT_YET
            self._change(index, state=State.PROVEN, heard=True, refreshed=refreshed)
        elif not standing.heard:
            self._change(index, heard=True)

    def reject(self, index: IndexId) -> None:
        """End the identity for this run."""
        self._change(index, state=State.REJECTED)

    def is_news(self, line: str) -> bool:
        """Say whether a warning has not been given yet."""
        is_new = line not in self._told
        self._told.add(line)
        return is_new

    def moved(self, index: IndexId, final: Url) -> None:
        """Remember that pages of the index come from another origin (D27)."""
        self._change(index, moved=final)

    def _change(self, index: IndexId, **changes: object) -> None:
        self._put(index, msgspec.structs.replace(self._standing[index], **changes))

    def _put(self, index: IndexId, standing: Standing) -> None:
        if standing != self._standing[index]:
            self._standing[index] = standing
            self.version += 1


def _token_as_name(index: Index) -> Held | None:
    match index.given:
        case Held(Username(name), Source.INLINE, detail) if index.authenticate is not AuthPolicy.ALWAYS:
            return Held(Basic(name, Secret("")), Source.INLINE, detail)
        case _:
            return None
