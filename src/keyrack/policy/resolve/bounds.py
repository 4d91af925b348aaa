"""Direct requirements without a lower bound, which `--resolution lowest` takes at their word."""

from __future__ import annotations

from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.versions import SpecifierRanges, lower_bound
from keyrack.values.settings import ResolutionMode


def unbounded(question: Question) -> tuple[str, ...]:
    """Warn of each, unless another requirement on the same package has a bound."""
    if question.resolution is ResolutionMode.HIGHEST:
        return ()
    environment, ranges = Environment(question.target.markers), SpecifierRanges()
    direct = [one for one in question.direct if environment.holds(one.marker) and one.name not in question.urls]
    bound = {one.name for one in direct if lower_bound(ranges.of(one.specifier))[0] is not None}
    return tuple(
        f"The direct dependency `{name}` is unpinned. Consider setting a lower bound when using `--resolution lowest`"
        " or `--resolution lowest-direct` to avoid using outdated versions."
        for name in dict.fromkeys(one.name for one in direct)
        if name not in bound
    )
