"""What a change will find in its way, and what it will make that is not there: the journal says so beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterable

from keyrack.adapters.journal import Journal


class Foresight:
    """Collects the paths that a change puts in place, given those that it `takes` away on purpose."""

    def __init__(self, takes: Iterable[str]) -> None:
        """Take what goes: dist-info folders go first, so that nothing is listed whose files are on their way."""
        wanted = sorted(dict.fromkeys(takes), key=lambda path: not path.endswith(".dist-info"))
        self._takes = dict.fromkeys(path for path in wanted if os.path.lexists(path))
        self._makes: dict[str, None] = {}
        self._shows: dict[str, None] = {}
        self._new: dict[str, bool] = {}
        self.replaced: list[str] = []

    def show(self, dist_info: str) -> None:
        """Foresee a dist-info folder. One that is in the way is not whole, or it would be taken on purpose."""
        self._shows[dist_info] = None
        if os.path.lexists(dist_info):
            self._takes[dist_info] = None
        elif not self._is_new(os.path.dirname(dist_info)):
            self._makes[dist_info] = None

    def put_all(self, targets: Iterable[str]) -> None:
        """Foresee files. Of what is there a file or link is taken; a folder stays, and will be an error."""
        known = self._new
        for target in targets:
            parent = target.rpartition("/")[0]
            new = known.get(parent)
            if (self._is_new(parent) if new is None else new) or target in self._takes:
                continue
            if not os.path.lexists(target):
                self._makes[target] = None
            elif os.path.islink(target) or not os.path.isdir(target):
                self._takes[target] = None
                self.replaced.append(target)

    def journal(self) -> Journal:
        """Give all that was foreseen."""
        return Journal(tuple(self._takes), tuple(self._makes), tuple(self._shows))

    def make_all(self, folders: Iterable[str]) -> list[str]:
        """Foresee folders that are made even if nothing comes into them; give those that are there and stay."""
        return [folder for folder in folders if not self._is_new(folder)]

    def _is_new(self, folder: str) -> bool:
        """Say whether a folder will be made by the change; of several below each other only the first is noted."""
        new = self._new.get(folder)
        if new is None:
            parent = os.path.dirname(folder)
            new = (parent != folder and self._is_new(parent)) or folder in self._takes
            if not new and not os.path.lexists(folder):
                self._makes[folder] = None
                new = True
            self._new[folder] = new
        return new
