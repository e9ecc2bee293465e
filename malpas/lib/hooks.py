"""Let a lower app call functions of the apps above it, which it must not import.

The lower app defines its hooks in its `hooks.py`; an upper app registers its functions in `AppConfig.ready`.
"""

from collections.abc import Callable, KeysView
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P, R]):
    """Keep functions of one signature and call all of them, in the order of their registration."""

    def __init__(self) -> None:
        self._functions: dict[Callable[P, R], None] = {}

    def register(self, function: Callable[P, R]) -> None:
        """Add a function; one that is registered twice is called once."""
        self._functions[function] = None

    def unregister(self, function: Callable[P, R]) -> None:
        """Remove a function. Raises KeyError if it is not registered."""
        del self._functions[function]

    def call_all(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Return what each function returns. An exception of one is raised at once, and no later one is called."""
        return [function(*args, **kwargs) for function in self._functions]


class HookByKind(Generic[P, R]):
    """Keep one function for each kind of row."""

    def __init__(self) -> None:
        self._functions: dict[str, Callable[P, R]] = {}

    @property
    def kinds(self) -> KeysView[str]:
        return self._functions.keys()

    def register(self, kind: str, function: Callable[P, R]) -> None:
        """Set the function of a kind. Raises ValueError if the kind has another function."""
        if self._functions.setdefault(kind, function) is not function:
            raise ValueError(f"the kind {kind!r} has a function already")

    def call(self, kind: str, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the function of this kind returns. Raises KeyError if there is none."""
        return self._functions[kind](*args, **kwargs)
