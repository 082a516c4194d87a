"""The same file under two names: here, where the editor is, and there, where a program runs that was connected to."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class PathMap:
    """Pairs of a folder here and the same folder there; the longest that fits counts. Paths that none fits stay."""

    pairs: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def from_json(data: object) -> PathMap:
        """`[{localRoot, remoteRoot}]`; ValueError for anything else."""
        if not isinstance(data, list):
            raise ValueError("pathMappings must be a list of {localRoot, remoteRoot}")
        return PathMap(tuple(_pair(item) for item in cast("list[object]", data)))

    def here(self, path: str) -> str:
        """The name here of a file there."""
        return _moved(path, [(there, here) for here, there in self.pairs])

    def there(self, path: str) -> str:
        """The name there of a file here."""
        return _moved(path, self.pairs)

    def all_here(self, value: Any) -> Any:
        """Plain data with every `path` in it as it is called here."""
        if not self.pairs:
            return value
        if isinstance(value, dict):
            return {key: self._entry(key, item) for key, item in cast("dict[str, Any]", value).items()}
        return [self.all_here(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value

    def _entry(self, key: str, item: Any) -> Any:
        return self.here(item) if key == "path" and isinstance(item, str) else self.all_here(item)


def _moved(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    fitting = [(old, new) for old, new in pairs if path == old or path.startswith(f"{old}/")]
    if not fitting:
        return path
    old, new = max(fitting, key=lambda pair: len(pair[0]))
    return new + path[len(old) :]


def _pair(item: object) -> tuple[str, str]:
    data = cast("dict[str, object]", item) if isinstance(item, dict) else {}
    local, remote = data.get("localRoot"), data.get("remoteRoot")
    if not isinstance(local, str) or not isinstance(remote, str) or not local or not remote:
        raise ValueError("each of pathMappings must be {localRoot, remoteRoot}")
    return posixpath.normpath(local), posixpath.normpath(remote)
