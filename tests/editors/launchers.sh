# tests/editors/launchers.sh, read by setup.sh: uv and poetry, which start the user's Python in environments they make.

check_uv() { works uv --version; }
check_poetry() { works poetry --version; }

install_uv() {
  "$PYTHON" -m pip install -q --disable-pip-version-check --no-deps --target "$PREFIX/uv" uv &&
    launcher uv "exec \"$PREFIX/uv/bin/uv\" \"\$@\""
}

install_poetry() { # in an environment of its own: it would have a say in the versions of everything else
  "$PYTHON" -m pip install -q --disable-pip-version-check --target "$PREFIX/poetry/tools" virtualenv &&
    PYTHONPATH=$PREFIX/poetry/tools "$PYTHON" -m virtualenv -q "$PREFIX/poetry/environment" &&
    "$PREFIX/poetry/environment/bin/python" -m pip install -q --disable-pip-version-check poetry &&
    launcher poetry "exec \"$PREFIX/poetry/environment/bin/poetry\" \"\$@\""
}
