"""Life inside the user's process: start-up, discovery, connection, safe points, fork."""
