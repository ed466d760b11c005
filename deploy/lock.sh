#!/bin/sh
# Pin every dependency with its hashes; the lock names no index, so that it serves behind any mirror.
set -eu
cd "$(dirname "$0")/.."
options="--quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host"
# shellcheck disable=SC2086
.venv/bin/pip-compile $options --output-file requirements.lock pyproject.toml
# shellcheck disable=SC2086
.venv/bin/pip-compile $options --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
