"""The server's life as LSP prescribes it ("Server lifecycle"), where pygls leaves it to chance.

Requests before `initialize` and after `shutdown` are answered with an error, malformed ones too; `exit`
without `shutdown` ends with code 1; a fault in a notification's handler goes to the log, not into a pop-up;
open documents are the server's own affair (pygls splits lines where Python and LSP do not).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message that could not be read as what it says it is; one with an `id` must be answered."""

    id: str | int | None
    error: JsonRpcException


def explained(error: JsonRpcException) -> JsonRpcException:
    """The same error, saying which field is wrong."""
    from cattrs import transform_error

    if error.__cause__ is None:
        return error
    wrong = "; ".join(transform_error(error.__cause__))
    return JsonRpcInvalidParams(f"{error.message}: {wrong}", error.code)


def _own_document_handling(method: str) -> Callable[..., Generator[Any, Any, None]]:
    """A built-in handler that leaves a document notification to the server's own handler."""

    @lsp_method(method)
    def handle(self: MendedProtocol, params: Any) -> Generator[Any, Any, None]:
        handler = cast("dict[str, Any]", self.fm.features).get(method)  # pyright: ignore[reportUnknownMemberType]
        if handler is not None:
            yield handler, (params,), None

    return handle


class MendedProtocol(LanguageServerProtocol):
    """pygls' protocol with its gaps closed."""

    initialized = False

    lsp_text_document__did_open = _own_document_handling(types.TEXT_DOCUMENT_DID_OPEN)  # pyright: ignore
    lsp_text_document__did_change = _own_document_handling(types.TEXT_DOCUMENT_DID_CHANGE)  # pyright: ignore
    lsp_text_document__did_close = _own_document_handling(types.TEXT_DOCUMENT_DID_CLOSE)  # pyright: ignore

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as its type; what does not fit keeps its id, so that it can be answered."""
        if "jsonrpc" not in data:
            return data
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            return Malformed(data.get("id") if "method" in data else None, explained(error))

    def handle_message(self, message: Any) -> None:
        if isinstance(message, Malformed):
            early = JsonRpcServerNotInitialized("`initialize` must come first")
            self._refuse(message.id, message.error if self.initialized else early)
        elif not hasattr(message, "jsonrpc"):
            self._refuse(None, JsonRpcInvalidRequest("this is no JSON-RPC message"))
        elif hasattr(message, "method") and hasattr(message, "id"):
            self._handle_incoming_request(message)
        elif self.initialized or getattr(message, "method", types.EXIT) == types.EXIT:
            super().handle_message(message)

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Any,
        callback: Callable[[Any], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Forget a message once it is handled: pygls keeps what it knows of notifications for ever, 2 KB of each save."""

        def handled(future: Any) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, handled, args, kwargs)

    def _handle_incoming_request(self, message: Any) -> None:
        if self._shutdown:
            self._refuse(message.id, JsonRpcInvalidRequest("the server is shutting down"))
        elif message.method == types.INITIALIZE and self.initialized:
            self._refuse(message.id, JsonRpcInvalidRequest("the server is initialized already"))
        elif message.method != types.INITIALIZE and not self.initialized:
            self._refuse(message.id, JsonRpcServerNotInitialized("`initialize` must come first"))
        else:
            self.initialized = True
            super().handle_message(message)

    def _refuse(self, message_id: str | int | None, error: JsonRpcException) -> None:
        log.warning("a message was refused: %s", error)
        if message_id is not None:
            self._send_response(message_id, error=error.to_response_error())

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> Generator[Any, Any, None]:
        """End the reading loop; `main` returns the code."""
        self._server.shutdown()
        yield from ()


class MendedServer(LanguageServer):
    """pygls' server with its gaps closed."""

    protocol: MendedProtocol  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, name: str, version: str) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            name, version, protocol_cls=MendedProtocol, max_workers=2
        )

    @property
    def exit_code(self) -> int:
        """0 after `shutdown`, as LSP's `exit` prescribes."""
        return 0 if self.protocol._shutdown else 1

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log; what cannot be read at all is answered as JSON-RPC says."""
        log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=error)
        if isinstance(error, json.JSONDecodeError):
            answer = JsonRpcParseError(f"not JSON: {error}").to_response_error()
            self.protocol._send_data({"jsonrpc": "2.0", "id": None, "error": answer})
        elif isinstance(error, JsonRpcInternalError | JsonRpcInvalidParams):
            log.debug("the message was answered with an error")
