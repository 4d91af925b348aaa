"""What a command line may hold, as values: flags, operands, and what excludes or needs what."""

from __future__ import annotations

from keyrack.values.light import Light


class Flag(Light):
    """One flag. `names` are its long name, a short one if it has any, then hidden other names of it.

    `kind` is `switch`, `no` (a switch that says False), `text`, `list` or `count`. `key` is the configuration key
    that it sets, `variable` the environment variable that says the same. `check` names the check of its value in
    `checks.py`; `separator` splits the values of a list. A `private` value is a secret: no message repeats it.
    """

    names: tuple[str, ...]
    key: str
    kind: str = "switch"
    help: str = ""
    metavar: str = ""
    choices: tuple[str, ...] = ()
    variable: str = ""
    hidden: bool = False
    check: str = ""
    separator: str = ""
    default: str = ""
    private: bool = False

    @property
    def long(self) -> str:
        """The name that messages and help use."""
        return self.names[0]

    @property
    def short(self) -> str:
        """The one-letter name, or ""."""
        return next((name for name in self.names if len(name) == 2), "")

    @property
    def takes_value(self) -> bool:
        """Whether the next word belongs to it."""
        return self.kind in ("text", "list")

    @property
    def shown(self) -> str:
        """How usage lines and errors write it: `--python <PYTHON>`, `--quiet...`."""
        if self.takes_value:
            return f"{self.long} <{self.metavar}>"
        return f"{self.long}..." if self.kind == "count" else self.long


class Operand(Light):
    """The words of a command that are no flags. `many` allows more than one; `required` says one must be there.

    With `takes_rest` everything behind the first is of another program, whatever it looks like.
    """

    key: str
    metavar: str
    help: str = ""
    many: bool = False
    required: bool = False
    check: str = ""
    takes_rest: bool = False

    @property
    def shown(self) -> str:
        """How usage lines and errors write it: `[PACKAGE]...`, `<COMMAND>`."""
        inside = f"<{self.metavar}>" if self.required else f"[{self.metavar}]"
        return inside + ("..." if self.many else "")


class Group(Light):
    """Flags that stand under one heading in a command's help."""

    heading: str
    flags: tuple[Flag, ...]


class Grammar(Light):
    """All that a command takes.

    `one_of` are keys of which one must be given (the operand's or a flag's); `exclusive` are pairs of keys that
    cannot be given together. `about` is its first line of help. `is_group` is set where commands stand below it.
    """

    words: str
    about: str
    groups: tuple[Group, ...] = ()
    operand: Operand | None = None
    one_of: tuple[str, ...] = ()
    exclusive: tuple[tuple[str, str], ...] = ()
    is_group: bool = False

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags, in the order of help."""
        return tuple(flag for group in self.groups for flag in group.flags)

    @property
    def tail(self) -> str:
        """What the usage line says of operands and of what must be there."""
        if self.one_of:
            return f"<{'|'.join(self._alternative(key) for key in self.one_of)}>"
        return self.operand.shown if self.operand else ""

    def _alternative(self, key: str) -> str:
        if self.operand and key == self.operand.key:
            return self.operand.metavar
        return next(flag.shown for flag in self.flags if flag.key == key)
