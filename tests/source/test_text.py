"""Bytes to text, as the compiler reads them."""

from __future__ import annotations

import hashlib

import pytest

from reload_lsp.source.text import UnreadableSource, decode, digest


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\n", "x = 1\n"),
        ("x = 'ä€𝒳'\n".encode(), "x = 'ä€𝒳'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe4'\n", "# -*- coding: latin-1 -*-\nx = 'ä'\n"),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n",
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n",
        ),
        (b"a = 1\r\nb = 2\rc = 3\n", "a = 1\nb = 2\nc = 3\n"),
        (b"", ""),
    ],
)
def test_the_text_of_a_file(data: bytes, text: str) -> None:
    assert decode(data) == text
    compile(data, "file.py", "exec")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"x = 1\ny = '\0'\n", 1),
        (b"x = 1\n\ny = '\xff'\n", 2),
        (b"# coding: no-such-encoding\n", 0),
        (b"\xef\xbb\xbf# coding: latin-1\n", 0),
    ],
)
def test_what_is_no_source_says_why_and_where(data: bytes, line: int) -> None:
    with pytest.raises(UnreadableSource) as raised:
        decode(data)
    assert raised.value.line == line
    assert raised.value.args[0]
    with pytest.raises((SyntaxError, ValueError)):
        compile(data, "file.py", "exec")


def test_a_version_of_a_file_is_named_by_the_hash_of_its_bytes() -> None:
    assert digest(b"x = 1\n") == hashlib.sha256(b"x = 1\n").hexdigest()
