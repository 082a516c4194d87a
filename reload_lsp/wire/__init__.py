"""What both processes share: runtime folder, handshake, frames, messages."""
