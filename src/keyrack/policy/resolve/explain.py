"""A failed resolution in words: the derivation as sentences, and what to try."""

from __future__ import annotations

from keyrack.policy.resolve.candidates import Prereleases
from keyrack.policy.resolve.hints import Looked, Tree, hints
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.words import ResolverWords
from keyrack.policy.solver.collapse import collapse
from keyrack.policy.solver.report import explain


def explanation(tree: Tree, universe: Looked, question: Question) -> tuple[str, tuple[str, ...]]:
    """Give the sentences, with line breaks between them, and the hints.

    Only packages of which a version was looked for are shown by their versions: which other pages have arrived by then
    is chance, and the same failure should read the same.
    """
    known = {name: universe.knowledge.known(name) for name in universe.visited if universe.knowledge.listings.get(name)}
    stable_only = frozenset(
        name for name in known if universe.knowledge.candidates.prereleases(name) is Prereleases.NEVER
    )
    words = ResolverWords(known, stable_only, universe.knowledge.python, question.target.tags)
    collapsed = collapse(tree, words)
    return explain(collapsed, words), hints(collapsed, universe, question)
