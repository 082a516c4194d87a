"""The four kinds of message that travel in frames."""

from __future__ import annotations

from ..values import dataclass, field
from .errors import MessageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Json = dict[str, "Any"]


@dataclass(frozen=True, slots=True)
class Request:
    """Client to agent: do `method`, answer under `id`."""

    id: int
    method: str
    params: Json = field(default_factory=dict[str, "Any"])

    def as_json(self) -> Json:
        return {"id": self.id, "method": self.method, "params": self.params}


@dataclass(frozen=True, slots=True)
class Answer:
    """Agent to client: what request `id` gave."""

    id: int
    result: Json

    def as_json(self) -> Json:
        return {"id": self.id, "result": self.result}


@dataclass(frozen=True, slots=True)
class Failure:
    """Agent to client: why request `id` gave nothing; `code` for programs, `message` for people."""

    id: int
    code: str
    message: str

    def as_json(self) -> Json:
        return {"id": self.id, "error": {"code": self.code, "message": self.message}}


@dataclass(frozen=True, slots=True)
class Event:
    """Agent to client: something happened that nobody asked for."""

    method: str
    params: Json = field(default_factory=dict[str, "Any"])

    def as_json(self) -> Json:
        return {"method": self.method, "params": self.params}


Message = Request | Answer | Failure | Event


def parse(data: Json) -> Message:
    """The message that a frame's JSON object is; MessageError when it is none."""
    if "method" in data:
        method, params = _text(data, "method"), _object(data, "params", {})
        return Request(_number(data, "id"), method, params) if "id" in data else Event(method, params)
    if "error" in data:
        error = _object(data, "error")
        return Failure(_number(data, "id"), _text(error, "code"), _text(error, "message"))
    return Answer(_number(data, "id"), _object(data, "result"))


def _number(data: Json, name: str) -> int:
    value = data.get(name)
    if type(value) is not int:
        raise MessageError(f"`{name}` must be an integer")
    return value


def _text(data: Json, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise MessageError(f"`{name}` must be a string")
    return value


def _object(data: Json, name: str, default: Json | None = None) -> Json:
    value = data.get(name, default)
    if not isinstance(value, dict):
        raise MessageError(f"`{name}` must be an object")
    return value  # pyright: ignore[reportUnknownVariableType]
