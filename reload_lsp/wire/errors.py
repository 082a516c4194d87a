"""What can go wrong between the two processes, one class for each thing a caller handles differently."""


class WireError(Exception):
    """Anything wrong with the connection or how to find it; its text is meant for the user."""


class FolderError(WireError):
    """The runtime folder cannot be trusted or used."""


class HandshakeError(WireError):
    """The peer is not who it should be, or speaks another protocol."""


class FrameError(WireError):
    """A frame is too long, too deep or no JSON object."""


class MessageError(WireError):
    """A well-formed frame that is no message of the protocol."""


class ConnectionLost(WireError):
    """The peer is gone, or did not answer in time."""


class RemoteError(WireError):
    """The agent answered a request with an error; `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
