"""The tour's survey: a delivery checked, its repaired version accepted, a line told and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd

from boundaries import survey
from boundaries.office import importing, records, sources
from gazetteer.common.findings import summary
from gazetteer.common.language import Language, Text
from gazetteer.store import County
from maps.surveys import hand_on
from sample_county.delivery import make_delivery
from sample_county.make import DELIVERY, FILES

PROFILE = "township-10000"
REPAIRED = "raw/delivery-整改后"
LINE = "429921001104"


def steps(folder: Path, county: Path, *, language: Language) -> Iterator[Text]:
    """Check the survey as delivered, accept it as repaired, describe one line and write its forms.

    Parameters
    ----------
    folder
        Of the demo; the results go to its folders 勘界检查 and 界桩表格.
    county
        County file.
    language
        Of the documents.
    """
    profile = survey.shipped(PROFILE)
    with County(county) as opened:
        register = gpd.GeoDataFrame(opened.layer("divisions"))
    yield from _checked(folder, register, profile, language)
    make_delivery(folder / REPAIRED, defects=())
    own = survey.read(folder / REPAIRED / "own")
    found = survey.check(own, profile=profile, register=register)
    with County(county, writing=True) as opened:
        landed = importing.accept(
            opened, own, found, sha256=importing.fingerprint(folder / REPAIRED / "own")
        )
        known = records.of_county(opened)
    counts = "、".join(f"{kind} {each.landed}" for kind, each in landed.items())
    yield Text(f"   整改后验收入库:{counts}", f"   Repaired, accepted: {counts}")
    yield from _told(folder, known, language)


def _checked(
    folder: Path, register: gpd.GeoDataFrame, profile: survey.Profile, language: Language
) -> Iterator[Text]:
    delivery = survey.read(folder / DELIVERY / "own")
    other = survey.read(folder / DELIVERY / "other-side")
    review = survey.review(delivery, profile=profile, register=register, other_side=other)
    out = folder / "勘界检查"
    handed = hand_on(
        review, out, delivery=delivery, profile=profile, name="勘界成果", language=language
    )
    counts = summary(review.findings)
    verdict = handed.scored.verdict
    yield Text(
        f"7. 勘界成果检查:{counts['total']} 处问题({counts['error']} 错误),{verdict.zh},见 {out}",
        f"7. Survey checked: {counts['total']} findings ({counts['error']} errors), "
        f"{verdict.en}, see {out}",
    )


def _told(folder: Path, known: records.Records, language: Language) -> Iterator[Text]:
    rivers = sources.features(folder / FILES["roads"], layer="河流")
    code, text = records.describe(known, LINE, features=rivers)
    out = folder / "界桩表格"
    written = records.write_forms(known, out, line=code)
    name = str(known.line(code)["name"])
    sources.write(out / "走向说明.docx", records.document(code, name, text, language=language))
    yield Text(f"   {name}:{text.zh[:60]}…", f"   {name}: {text.en[:90]}...")
    yield Text(f"   {len(written.files)} 份表格在 {out}", f"   {len(written.files)} forms in {out}")
