"""What can be wrong with the lines of a delivery and the edges of its units."""

from __future__ import annotations

import math

from sample_county.delivery import texts
from sample_county.delivery.survey import LineRecord, Survey
from sample_county.model import XY
from sample_county.planting import moved


def _free_vertex(line: LineRecord, survey: Survey) -> int:
    """Return a vertex of a line, near its middle, that is no marker and no listed point."""
    taken = {marker.at for marker in survey.markers}
    middle = len(line.xy) // 2
    return next(
        i
        for i in range(middle, len(line.xy) - 2)
        if i % 12 in {1, 2, 3} and line.xy[i] not in taken
    )


def aside(line: LineRecord, vertex: int, left_m: float) -> XY:
    """Return a vertex moved to the left of its line (m)."""
    (x0, y0), (x1, y1) = line.xy[vertex - 1], line.xy[vertex + 1]
    share = left_m / math.dist((x0, y0), (x1, y1))
    x, y = line.xy[vertex]
    return round(x - (y1 - y0) * share, 3), round(y + (x1 - x0) * share, 3)


def _move_edge(survey: Survey, code: str, left_m: float) -> None:
    """Move one vertex of the left unit's polygon; its neighbour keeps it."""
    line = survey.line(code)
    vertex = _free_vertex(line, survey)
    unit = next(unit for unit in survey.units if unit.code == line.left)
    unit.shape = moved(unit.shape, {line.xy[vertex]: aside(line, vertex, left_m)})


def gap(survey: Survey, code: str) -> None:
    """A unit's edge is drawn back by 2 m."""
    _move_edge(survey, code, 2.0)


def overlap(survey: Survey, code: str) -> None:
    """A unit's edge is pushed out by 2 m."""
    _move_edge(survey, code, -2.0)


def off_edge(survey: Survey, code: str) -> None:
    """A vertex of a line is 3 m off the units' edge."""
    line = survey.line(code)
    vertex = _free_vertex(line, survey)
    line.xy[vertex] = aside(line, vertex, 3.0)


def line_missing(survey: Survey, code: str) -> None:
    """A line between two units is missing."""
    survey.lines.remove(survey.line(code))


def sides(survey: Survey, code: str) -> None:
    """Left and right unit are swapped."""
    line = survey.line(code)
    line.left, line.right = line.right, line.left


def line_code(survey: Survey, code: str) -> None:
    """A line's code is not that of its sides."""
    line = survey.line(code)
    line.code = f"{code[:9]}999"


def status(survey: Survey, code: str) -> None:
    """A line has a legal status that there is not."""
    survey.line(code).status = "历史线"


def length(survey: Survey, code: str) -> None:
    """A length in the table is 2 % too long."""
    survey.told_lengths[code] = 1.02


def point_off(survey: Survey, code: str) -> None:
    """A boundary point in the table is off its line."""
    x, y = survey.line(code).xy[6]
    survey.told_points[f"{code}-001"] = (x + 9.0, y + 9.0)


def direction(survey: Survey, code: str) -> None:
    """A description tells the opposite direction."""
    text = texts.description(survey, survey.line(code))
    first = text.index("向") + 1
    after = next(i for i in range(first, len(text)) if text[i].isdigit())
    opposite = (texts.SECTORS.index(text[first:after]) + 8) % 16
    survey.told_texts[code] = text[:first] + texts.SECTORS[opposite] + text[after:]


def told_distance(survey: Survey, code: str) -> None:
    """A description tells a distance half as long again."""
    text = texts.description(survey, survey.line(code))
    at = next(i for i, letter in enumerate(text) if letter.isdigit() and "向" in text[:i])
    end = text.index("千米", at)
    survey.told_texts[code] = f"{text[:at]}{float(text[at:end]) * 1.5:.2f}{text[end:]}"


def no_text(survey: Survey, code: str) -> None:
    """A line has no description."""
    survey.told_texts[code] = None


def both_sides(survey: Survey, _: str) -> None:
    """The other side's line swings out by up to 6 m, over 400 m and more."""
    line = survey.other
    start = len(line.xy) // 3
    away = [6.0 * math.sin(math.pi * step / 9) for step in range(1, 9)]
    shifted = [aside(line, start + i, left_m) for i, left_m in enumerate(away)]
    line.xy[start : start + len(shifted)] = shifted


def told_short(survey: Survey, code: str) -> None:
    """A description leaves a section out."""
    text = texts.description(survey, survey.line(code))
    survey.told_texts[code] = "。".join(text.split("。")[1:])


def told_twice(survey: Survey, code: str) -> None:
    """A description tells a section twice."""
    text = texts.description(survey, survey.line(code))
    survey.told_texts[code] = f"{text}{text.split('。')[0]}。"


def told_marker(survey: Survey, code: str) -> None:
    """A description names a marker of another line."""
    text = texts.description(survey, survey.line(code))
    number = survey.markers_of(code)[0].number
    other = next(each.number for each in survey.markers if each.line != code)
    survey.told_texts[code] = text.replace(f"{number}号", f"{other}号")


def told_tri_point(survey: Survey, code: str) -> None:
    """A description begins at a tri-point that is not on the line."""
    line = survey.line(code)
    far = next(p for p in survey.tri_points if not {line.left, line.right} & set(p.codes))
    text = texts.description(survey, line)
    survey.told_texts[code] = text.replace("从界线起点起", f"从{far.number}号三交点起")


def told_nothing(survey: Survey, code: str) -> None:
    """A description tells no direction and no distance."""
    survey.told_texts[code] = "界线走向见附图。"


def told_more(survey: Survey, code: str) -> None:
    """A description has words that no check understands."""
    text = texts.description(survey, survey.line(code))
    survey.told_texts[code] = f"{text}此段双方另有约定。"


def marker_line(survey: Survey, code: str) -> None:
    """A marker is recorded on another line than its number says."""
    other = next(line.code for line in survey.lines if line.code != code)
    number = survey.markers_of(code)[-1].number
    survey.marker(number).line = other
