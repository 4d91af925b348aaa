"""A failed resolution in words: the derivation as sentences, and what to try."""

from __future__ import annotations

from collections.abc import Callable

from keyrack.policy.index.tags import Tags
from keyrack.policy.resolve.candidates import Prereleases
from keyrack.policy.resolve.hints import Looked, Tree, hints
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.words import Known, ResolverWords
from keyrack.policy.solver.collapse import collapse
from keyrack.policy.solver.report import explain
from keyrack.values.names import PackageName

WordMaker = Callable[[Known, frozenset[PackageName], PythonRequirement, Tags], ResolverWords]


def explanation(
    tree: Tree, universe: Looked, question: Question, make_words: WordMaker = ResolverWords
) -> tuple[str, tuple[str, ...]]:
    """Give the sentences, with line breaks between them, and the hints. `make_words` makes the words for them.

    Only packages of which a version was looked for are shown by their versions: which other pages have arrived by then
    is chance, and the same failure should read the same.
    """
    known = {name: universe.knowledge.known(name) for name in universe.visited if universe.knowledge.listings.get(name)}
    stable_only = frozenset(
        name for name in known if universe.knowledge.candidates.prereleases(name) is Prereleases.NEVER
    )
    words = make_words(known, stable_only, universe.knowledge.python, question.target.tags)
    collapsed = collapse(tree, words)
    return explain(collapsed, words), hints(collapsed, universe, question)
