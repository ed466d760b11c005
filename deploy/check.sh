#!/bin/sh
# Every linter; all of them run, and the first sentence of the end says which ones found something.
cd "$(dirname "$0")/.." || exit 1
failed=""

check() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name"
}

templates() {
    git ls-files -z 'templates/*.html' | xargs -0r .venv/bin/djade --check
}

check ruff .venv/bin/ruff check .
check format .venv/bin/ruff format --check --quiet .
check mypy .venv/bin/mypy
check imports .venv/bin/lint-imports
check templates templates
check migrations .venv/bin/python manage.py makemigrations --check --dry-run
check deploy env HRDB_HTTPS=1 .venv/bin/python manage.py check --deploy --fail-level WARNING

[ -z "$failed" ] || { printf 'make check: %s\n' "${failed# }" >&2; exit 1; }
echo "make check: không có lỗi"
