# tests/editors/display.sh, read by setup.sh: an X server that shows nothing, for programs with windows.

check_Xvfb() { works Xvfb -help; }

install_Xvfb() {
  local root=$PREFIX/Xvfb
  fetch trixie "$root" xvfb x11-xkb-utils xkb-data || return 1
  relocate "$root" "$root/usr/bin/Xvfb" && relocate "$root" "$root/usr/bin/xkbcomp" || return 1
  # It starts /usr/bin/xkbcomp: ours, below the folder it is started in.
  LC_ALL=C sed -i 's#/usr/bin\x00#usr/bin\x00\x00#g' "$root/usr/bin/Xvfb"
  launcher Xvfb "cd \"$root\"" "exec usr/bin/Xvfb -xkbdir \"$root/usr/share/X11/xkb\" \"\$@\""
}
