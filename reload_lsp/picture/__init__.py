"""Pictures of a program's modules: who reads whom, in the order of reloading. Pure."""
