"""A module's text as statements: table, diff, code pairs. Pure."""
