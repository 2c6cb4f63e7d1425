#!/usr/bin/env bash
# `make demo`, twice in a row, on a bare machine: a fresh clone in FOLDER, no font, none of the programs that only
# tests use, nobody's settings, LANG=C; the second time on a console in GBK, over the finished folder.
#
#     .ci/bare.sh FOLDER
#
# Where the kernel permits no mount namespace fonts and programs stay in sight: that is no bare machine, and it is said
# (FOLDER.not-bare holds the sentence); in CI (CI=true, CI=1) it fails, unless BARE_WITHOUT_NAMESPACE=1 says that it may pass.
set -euo pipefail

FONTS="/usr/share/fonts /usr/local/share/fonts $HOME/.fonts $HOME/.local/share/fonts /var/cache/fontconfig
    $HOME/.cache/fontconfig $HOME/.cache/ms-playwright"
PROGRAMS="chromium chromium-browser google-chrome soffice libreoffice lowriter qgis qgis.bin qgis_process
    qgis_process.bin ogrinfo ogr2ogr pdftoppm pdftotext fc-list fc-match node mapshaper"

hide() {
    local folder program path empty
    for folder in $FONTS; do
        [ ! -d "$folder" ] || mount -t tmpfs none "$folder"
    done
    empty=$(mktemp)
    chmod a-x "$empty"
    for program in $PROGRAMS; do
        for path in $(type -aP "$program" | sort -u); do
            mount --bind "$empty" "$path"
        done
    done
    for program in $PROGRAMS; do
        for path in $(type -aP "$program"); do
            [ ! -x "$path" ] || { echo "bare machine: $path is still there" >&2; return 1; }
        done
    done
    for folder in $FONTS; do
        [ -z "$(find "$folder" -type f 2>/dev/null)" ] || { echo "bare machine: fonts in $folder" >&2; return 1; }
    done
}

walk() {
    local start
    unset "${!GAZETTEER_@}" "${!LC_@}" PYTHONPATH PYTHONUTF8 PYTHONIOENCODING REQUIRE_ALL INSTALLED_PASS VIRTUAL_ENV
    unset MAKEFLAGS MAKELEVEL MFLAGS
    export LANG=C
    cd "$1"
    for turn in 1 2; do
        start=$SECONDS
        make demo
        test -s demo/楚溪县.gpkg && test -s demo/地图.html && test -s demo/区划图.pdf && test -s demo/标志/门牌.pdf
        echo "bare machine, make demo, turn $turn: $((SECONDS - start)) s"
        export PYTHONIOENCODING=gbk PYTHONUTF8=0
    done
}

if [ "${1:-}" = --inside ]; then
    hide
    walk "$2"
    exit
fi

how=none
for each in "--mount" "--mount --map-root-user"; do
    # shellcheck disable=SC2086
    if unshare $each true 2>/dev/null; then
        how=$each
        break
    fi
done
told="bare machine: NOT PROVED, mount namespaces are not permitted here: fonts and programs were in sight of the demo"
if [ "$how" = none ] && [ -n "${CI:-}" ] && [ "$CI" != false ] && [ "${BARE_WITHOUT_NAMESPACE:-}" != 1 ]; then
    echo "$told (run privileged, or say BARE_WITHOUT_NAMESPACE=1)" >&2
    exit 1
fi

here=$(cd "$(dirname "$0")/.." && pwd)
# a long way down, in Chinese, with spaces: where offices keep their things
clone="$1/某某县民政局 区划地名科/二〇二六年度 地名与界线管理/工具 第一版"
mkdir -p "$clone"
git clone --quiet "$here" "$clone"
[ -z "$(git -C "$here" status --porcelain)" ] || echo "bare machine: the clone has the last commit, not what is uncommitted"
if [ "$how" != none ]; then
    # shellcheck disable=SC2086
    exec unshare $how bash "$0" --inside "$clone"
fi
(walk "$clone")
echo "$told" | tee "$1.not-bare"
