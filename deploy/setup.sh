#!/bin/sh
# Prepare this machine: `deploy/setup.sh run` for the product, `deploy/setup.sh tests` for developers too.
# Runs again only what changed: the virtual environment carries the hash of the lock that it was made from.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
case $purpose in
    run) lock=requirements.lock ;;
    tests) lock=requirements-dev.lock ;;
    *) echo "deploy/setup.sh run|tests" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

# Virtual environment ---------------------------------------------------------------------------------------------------

make_environment() {
    python=${HRDB_PYTHON:-python3}
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say "Cần Python 3.11 trở lên: apt-get install -y python3 python3-venv"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        say "Python thiếu mô-đun venv: apt-get install -y python3-venv"
        exit 1
    fi
    "$python" -m venv .venv
    say "Đang cài thư viện theo $lock (chỉ lần đầu hoặc khi danh sách thay đổi)..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    sha256sum requirements.lock > .venv/.lock-run
    [ "$purpose" = run ] || sha256sum "$lock" > ".venv/.lock-$purpose"
}

sha256sum --check --status ".venv/.lock-$purpose" 2>/dev/null || make_environment

# Libraries of the system -----------------------------------------------------------------------------------------------

missing_packages() {
    .venv/bin/python - <<'PYTHON'
import ctypes
libraries = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}
for library, package in libraries.items():
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
    command -v fc-list >/dev/null || echo fontconfig
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname 'Tinos-Regular*' -print -quit 2>/dev/null)" ] || echo fonts-croscore
    [ "$purpose" = run ] || [ -x /usr/bin/chromium ] || echo chromium
}

install_packages() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then root=env; elif sudo -n true 2>/dev/null; then root="sudo env"; else return 1; fi
    say "Đang cài gói hệ thống: $*"
    $root DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1 || true
    $root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

packages=$(missing_packages)
# shellcheck disable=SC2086
if [ -n "$packages" ] && ! install_packages $packages; then
    say "Máy còn thiếu gói để in PDF hoặc chạy thử; hãy cài bằng: sudo apt-get install -y" $packages
fi
