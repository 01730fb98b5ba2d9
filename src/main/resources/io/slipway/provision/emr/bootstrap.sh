#!/bin/bash
# Slipway's bootstrap action: prepares each node of a cluster that was made to order. It is the same for all clusters: what differs comes
# as arguments. It may run again on the same node. Each line of its log says what was done.
#   --python 3.11     the Python of Spark's programs; absent: the system's python3
#   --life 1500       minutes after which the primary node shuts down, and the cluster with it, whatever else happens
#   --packages a b c  what pip installs, into an environment of its own: the system's own packages are never touched
set -euo pipefail

ROOT="${SLIPWAY_BOOTSTRAP_ROOT:-}" # of the file system; another one in tests
HOME_OF_PYTHON="$ROOT/opt/slipway/python"
python=""
life=""
packages=()

say() { echo "slipway: $*"; }

die() {
  echo "slipway: $*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case "$1" in
    --python) python="$2"; shift 2 ;;
    --life) life="$2"; shift 2 ;;
    --packages) shift; packages=("$@"); set -- ;;
    *) die "unknown argument $1" ;;
  esac
done

linux() {
  [ -r "$ROOT/etc/os-release" ] || die "there is no /etc/os-release: this is no Amazon Linux 2 or 2023"
  local ID="" VERSION_ID=""
  # shellcheck disable=SC1091
  . "$ROOT/etc/os-release"
  case "$ID-$VERSION_ID" in
    amzn-2) echo AL2 ;;
    amzn-2023*) echo AL2023 ;;
    *) die "this is $ID $VERSION_ID, not Amazon Linux 2 or 2023" ;;
  esac
}

has() { command -v "$1" >/dev/null 2>&1; }

# Other bootstrap work of the node may hold the package manager's lock for a while.
patiently() {
  local try
  for try in 1 2 3 4 5; do
    "$@" && return 0
    say "'$*' failed (try $try of 5)"
    [ "$try" = 5 ] || sleep "${SLIPWAY_BOOTSTRAP_PAUSE:-10}"
  done
  return 1
}

arm_timer() {
  local info="$ROOT/mnt/var/lib/info/instance.json"
  [ -n "$life" ] || return 0
  if grep -Eq '"isMaster"[[:space:]]*:[[:space:]]*true' "$info" 2>/dev/null; then
    sudo shutdown -h "+$life" "the longest life of this cluster is over"
    say "primary node: it shuts down in $life minutes"
  else
    say "no primary node: no timer"
  fi
}

install_python() {
  local command="python$python"
  [ -n "$python" ] || command=python3
  if has "$command"; then
    say "$command is there: $("$command" --version 2>&1)"
    return 0
  fi
  case "$(linux)" in
    AL2)
      if [ "$python" = 3.8 ]; then
        patiently sudo amazon-linux-extras install -y python3.8 || die "python3.8 could not be installed"
      else
        patiently sudo yum install -y python3 || die "python3 could not be installed"
      fi
      ;;
    AL2023) patiently sudo dnf install -y "$command" || die "$command could not be installed" ;;
  esac
  has "$command" || die "$command is not there after its installation"
  say "$command was installed: $("$command" --version 2>&1)"
}

install_packages() {
  local command="python$python"
  [ -n "$python" ] || command=python3
  if [ -x "$HOME_OF_PYTHON/bin/python" ] && [ "$(cat "$HOME_OF_PYTHON/.slipway" 2>/dev/null)" = "$command ${packages[*]:-}" ]; then
    say "the environment is there: $HOME_OF_PYTHON"
    return 0
  fi
  sudo rm -rf "$HOME_OF_PYTHON"
  sudo mkdir -p "$(dirname "$HOME_OF_PYTHON")"
  sudo "$command" -m venv "$HOME_OF_PYTHON" || die "no environment could be made by $command"
  if [ "${#packages[@]}" -gt 0 ]; then
    patiently sudo "$HOME_OF_PYTHON/bin/python" -m pip install --no-input --disable-pip-version-check --no-cache-dir \
      --only-binary :all: "${packages[@]}" || die "pip could not install: ${packages[*]}"
    say "installed: ${packages[*]}"
  fi
  echo "$command ${packages[*]:-}" | sudo tee "$HOME_OF_PYTHON/.slipway" >/dev/null
  sudo chmod -R a+rX "$(dirname "$HOME_OF_PYTHON")"
  say "the environment was made: $HOME_OF_PYTHON"
}

say "Linux: $(linux), arguments: python '$python', life '$life', packages '${packages[*]:-}'"
arm_timer
if [ -n "$python" ] || [ "${#packages[@]}" -gt 0 ]; then
  install_python
  install_packages
fi
say "done"
