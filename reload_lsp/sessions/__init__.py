"""The server's side of each attached process. Features talk to `process.Process`, never to a socket."""
