"""The root of `_reload_lsp_agent`: the name under which this installation's rooms live in the user's process.

It is loaded by path with the installation as its only search location, so nothing has to be on `sys.path`. A
`reload_lsp` that the user's environment happens to hold is another package, which hands over to this one.
"""
