#!/usr/bin/env bash
# Print the folder of real data: GAZETTEER_REAL_DATA, else shared/data beside the checkout or beside a folder above
# it, else beside the clone that a work tree belongs to.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd -P)
if [ -n "${GAZETTEER_REAL_DATA:-}" ]; then
    [ -d "$GAZETTEER_REAL_DATA" ] || { echo "GAZETTEER_REAL_DATA names no folder: $GAZETTEER_REAL_DATA" >&2; exit 2; }
    (cd "$GAZETTEER_REAL_DATA" && pwd -P)
    exit
fi
clone=$(git -C "$here" rev-parse --path-format=absolute --git-common-dir 2>/dev/null || true)
for at in "$here" ${clone:+"$(dirname "$clone")"}; do
    while [ "$at" != / ]; do
        at=$(dirname "$at")
        [ ! -d "$at/shared/data" ] || { echo "$at/shared/data"; exit; }
    done
done
echo "no real data beside $here: the tests on it skip (GAZETTEER_REAL_DATA names its folder)" >&2
