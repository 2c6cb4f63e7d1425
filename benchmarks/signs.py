"""Sign codes: signed, drawn, laid out and read again, beside the bare matrix and decoding.

python -m benchmarks.signs [NUMBER]      (default 10000)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import segno

from gazetteer.signs import codes, payload, qr, sheets, signing
from gazetteer.signs import plates as layouts
from maps.print import plates

PART = 400


def wordings(number: int) -> list[layouts.Wording]:
    key = signing.new_key()
    made = []
    for at, code in enumerate(codes.draw(number)):
        claim = payload.Claim(
            code=code,
            name=f"迎宾大道{at + 1}号",
            romanization="Yíngbīn Dàdào",
            division="429921001",
            decision="楚地名〔2026〕12号",
        )
        signed = payload.sign(claim, key=key)
        content = payload.content(code, base="https://dm.example.cn/s", payload=signed)
        text = layouts.Wording(code=code, text="迎宾大道", number=f"{at + 1}号", content=content)
        made.append(text)
    return made


def timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def bare(contents: list[str]) -> tuple[float, float]:
    """Return processor seconds of the library's matrix alone, and of decoding it."""
    matrices = []
    spent = timed(
        lambda: matrices.extend(
            segno.make_qr(text, error=qr.CORRECTION, boost_error=False).matrix for text in contents
        )
    )
    images = [
        np.kron(np.pad(1 - np.array(m), 4, constant_values=1), np.ones((3, 3))).astype(np.uint8)
        * 255
        for m in matrices
    ]
    return spent, timed(lambda: [qr.texts(image) for image in images])


def ours(number: int) -> float:
    """Return processor seconds from drawing the codes to accepted PDF sheets."""

    def work() -> None:
        own = layouts.plate_class("door-small")
        made = [layouts.plate(each, of=own) for each in wordings(number)]
        for start in range(0, number, PART):
            plates.pdf(sheets.impose(made[start : start + PART], paper="A3"))

    return timed(work)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    matrix, decoding = bare([each.content for each in wordings(number)])
    qr.drawn.cache_clear()
    whole = ours(number)
    print(f"{number} codes: matrix {matrix:.1f} s, decoding {decoding:.1f} s, whole {whole:.1f} s")
    print(f"whole / (2 x matrix + decoding) = {whole / (2 * matrix + decoding):.2f}")


if __name__ == "__main__":
    main()
