"""Each line has a route description, and it says what the geometry says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from boundaries import description_check
from boundaries.description_reading import read
from boundaries.survey.case import Case, Issue, column, filled, present
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text

TOLERANCES = {"distance": "description_distance"}


def agree(case: Case) -> Iterator[Issue]:
    """Yield each line without description, and what descriptions say otherwise than geometry."""
    texts = _by_line(case)
    if not case.delivery.descriptions:
        return
    markers = case.metric("markers")
    named = markers[filled(markers, "number")]
    for code, line in case.lines.items():
        if code not in texts:
            message = Text(f"界线{code}没有走向说明", f"line {code} has no description")
            yield Issue("missing", code, message, Severity.WARNING)
            continue
        of_line = named[column(named, "line_code").astype(str) == code]
        tolerance = case.profile.tolerance("description_distance").value
        try:
            disagreeing = description_check.contradictions(
                texts[code],
                line,
                of_line,
                tolerance=tolerance,
                tri_points=case.metric("tri_points") if case.delivery.has("tri_points") else None,
                features=case.features,
            )
            yield from (_issue(code, each) for each in disagreeing)
        except InputError as error:
            zh = f"界线{code}由不相连的几段组成，走向说明未核对"
            message = Text(zh, f"the description of line {code} was not checked: {error}")
            yield Issue("not-checked", code, message, Severity.NOTE)


def _issue(code: str, each: description_check.Contradiction) -> Issue:
    zh, en = f"界线{code}：{each.message.zh}", f"line {code}: {each.message.en}"
    limit = TOLERANCES.get(each.kind, "")
    return Issue(
        each.kind,
        code,
        Text(zh, en),
        Severity.NOTE if each.kind == "not-checked" else Severity.WARNING,
        limit,
        each.measured,
        each.shape,
        key=each.where,
    )


def _by_line(case: Case) -> dict[str, str]:
    """Return each text by the line it is about: named in its heading, or by its markers."""
    lines = case.delivery.layer("lines")
    names = {
        str(word): str(code)
        for word_column in ("code", "name")
        for word, code in zip(column(lines, word_column), column(lines, "code"), strict=True)
        if present(word) and present(code)
    }
    markers = case.delivery.layer("markers")
    of_marker = dict(
        zip(column(markers, "number").astype(str), column(markers, "line_code"), strict=True)
    )
    by_line: dict[str, str] = {}
    for heading, text in case.delivery.descriptions.items():
        for block in text.split("\n"):
            code = _line_of(heading, block, names, of_marker)
            if code is not None:
                by_line[code] = by_line.get(code, "") + block
    return by_line


def _line_of(
    heading: str, text: str, names: dict[str, str], of_marker: dict[str, str]
) -> str | None:
    codes = [code for word, code in names.items() if word in heading]
    if codes:
        return codes[0]
    ends = [point for leg in read(text).legs for point in (leg.start, leg.end)]
    numbers = [point.name for point in ends if point is not None and point.kind == "marker"]
    lines = Counter(str(of_marker[number]) for number in numbers if number in of_marker)
    return lines.most_common(1)[0][0] if lines else None
