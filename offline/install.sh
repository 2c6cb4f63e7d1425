#!/usr/bin/env bash
# Install the toolkit from this folder alone: bash install.sh [WHERE]
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
where="${1:-$HOME/gazetteer}"
python="${PYTHON:-python3}"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "需要 Python 3.11 或以上版本（可用 PYTHON=... 指定）。Python 3.11 or newer is needed." >&2
    exit 1
}
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || {
    echo "安装文件不完整，请重新拷贝整个文件夹。Files are damaged: copy the whole folder again." >&2
    exit 1
}
"$python" -m venv "$where"
"$where/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-index --find-links "$here/wheels" --force-reinstall gazetteer-toolkit
"$where/bin/gazetteer" --version
echo "安装完成。命令在：$where/bin/gazetteer"
