"""What `reload-lsp` can be asked to do besides serving an editor, one command a module."""
