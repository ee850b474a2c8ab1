#!/bin/sh
# Installs from this folder alone: sh install.sh [FOLDER]; PYTHON=path names another interpreter. Every hash is checked.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$HOME/.local/share/jixiao}
python=${PYTHON:-python@PYTHON@}
if ! "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then
  echo "需要 Python @PYTHON@，没有找到。装好后再运行，或用 PYTHON=路径 sh install.sh 指明。" >&2
  exit 1
fi
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --require-hashes \
  --find-links "$here/wheels" -r "$here/requirements.txt"
echo "装好了：$target/bin/jixiao"
