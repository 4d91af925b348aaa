"""Frozen values that cost nothing to import, for what runs before it is known whether there is any work."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from typing import Self, dataclass_transform
else:

    def dataclass_transform(**_options: bool) -> object:
        """Do nothing: only type checkers read it."""
        return lambda kind: kind


@dataclass_transform(frozen_default=True)
class Light:
    """A frozen value with the fields that its class annotates, as a frozen `msgspec.Struct` has them.

    Everywhere else `msgspec.Struct` is the better base; importing msgspec takes twice the time of a whole `--help`.
    """

    _fields: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        """Learn the fields of the class."""
        cls._fields = tuple(cls.__annotations__)

    def __init__(self, *values: object, **named: object) -> None:
        """Take the fields in their order, or by name. `TypeError` for what is no field and for what is missing."""
        own = self.__dict__
        own.update(zip(self._fields, values, strict=False))
        own.update(named)
        missing = [name for name in self._fields if name not in own and not hasattr(type(self), name)]
        if missing or len(values) > len(self._fields) or not own.keys() <= set(self._fields):
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}")

    def replaced(self, **changes: object) -> Self:
        """Give the same value with other fields."""
        return type(self)(**{**self.__dict__, **changes})

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: it is frozen."""
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        """Compare all fields."""
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        """Hash all fields."""
        return hash(self._values())

    def __repr__(self) -> str:
        """Write the fields by name."""
        fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self._values(), strict=True))
        return f"{type(self).__name__}({fields})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._fields)
