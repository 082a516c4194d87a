"""The version of this installation and of the wire it speaks; the agent has no package metadata to ask."""

VERSION = "0.1.0"
PROTOCOL = 1
