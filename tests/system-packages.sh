#!/usr/bin/env bash
# Installs the system packages that tests talk to, where root or passwordless sudo allows it;
# else, or where apt fails, prints the one line to run; the tests concerned skip with it, or fail under REQUIRE_ALL=1.
set -u
PACKAGES="chromium fonts-noto-cjk qgis python3-qgis qgis-providers gdal-bin libreoffice-writer-nogui poppler-utils"

present() {
    local program
    for program in chromium ogrinfo soffice pdftoppm qgis_process.bin; do
        command -v "$program" >/dev/null || return 1
    done
    [ -n "$(find /usr/share/fonts -iname 'NotoSansCJK*' -print -quit 2>/dev/null)" ]
}

present && exit 0
if ! command -v apt-get >/dev/null; then
    echo "Some tests will skip: they need these programs (Debian's names): $PACKAGES"
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    SUDO=""
elif sudo -n true 2>/dev/null; then
    SUDO="sudo"
else
    echo "Some tests will skip. To run them all: sudo apt-get install --no-install-recommends $PACKAGES"
    exit 0
fi
install() {
    $SUDO apt-get update -qq &&
        $SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES
}
if ! install >/dev/null 2>&1; then
    echo "Some tests will skip: apt could not install what they need (no network?). Once it can: sudo apt-get install --no-install-recommends $PACKAGES"
fi
