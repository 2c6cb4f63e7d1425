"""The report of a joint inspection (联检报告) with maps and photo pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from boundaries.inspection.papers import wording
from boundaries.inspection.papers.results import Result, state_word, step_word, treatment
from boundaries.inspection.papers.wording import Meeting, Say
from boundaries.inspection.round.state import RoundState, Step
from boundaries.survey.report import WEIGHTS
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text
from gazetteer.common.value_words import value_titles
from gazetteer.documents import word


def blocks(
    state: RoundState,
    results: Sequence[Result],
    meeting: Meeting,
    say: Say,
    *,
    figures: Mapping[str, bytes],
    photos: Mapping[str, Sequence[word.Captioned]],
) -> list[word.Block]:
    """Return the report.

    Parameters
    ----------
    state, results, meeting
        The round.
    figures
        A map of each line by its code, handed in.
    photos
        Photos of markers by number.
    """
    both = wording.sides(state, say)
    made: list[word.Block] = [
        word.Heading(
            say(f"{both}行政区域界线联检报告", f"Report of the joint inspection of {both}"), 0
        ),
        wording.standing(state, say),
        wording.round_facts(state, meeting, say),
        word.Heading(say("一、界线概况", "1. The lines")),
        _lines(state, say),
        word.Heading(say("二、检查依据", "2. On what grounds")),
        word.Paragraph(
            say(
                "《行政区域界线管理条例》第六、七、八、十、十二条；界线协议书及附图、附表，界桩登记表，历次联检报告。",
                "行政区域界线管理条例, articles 6, 7, 8, 10 and 12; the agreements with their maps"
                " and tables, the registration cards of markers, earlier reports.",
            )
        ),
        word.Heading(say("三、检查结果", "3. What was found")),
        _states(results, say),
        word.Heading(say("（一）界桩", "Markers"), 2),
        _markers(results, say),
        word.Heading(say("（二）问题清单", "Findings"), 2),
        *_findings(state, say),
        word.Heading(say("四、结论", "4. Conclusion")),
        word.Paragraph(_conclusion(state, results, say)),
        *wording.signatures(state, say),
    ]
    made += _maps(state, figures, say)
    return [*made, *_photos(results, photos, say), *wording.proof(state, say)]


def _lines(state: RoundState, say: Say) -> word.Table:
    rows = [
        say.heads(
            "界线|性质|长度（千米）|协议书|上次联检",
            "Line|Status|Length (km)|Agreement|Last inspected",
        )
    ]
    for row in state.lines.sort_values("code").to_dict("records"):
        status = str(row["legal_status"])
        rows.append(
            [
                f"{row['name'] or ''}\n{row['code']}",
                say.of(value_titles()["legal_status"].get(status, Text(status, status))),
                f"{float(row['length_m']) / 1000:.2f}",
                wording.agreement(row),
                wording.last_inspected(row, state),
            ]
        )
    return word.Table(rows)


def _states(results: Sequence[Result], say: Say) -> word.Table:
    counts = Counter(say.of(state_word(each)) for each in results)
    total = say("合计", "Total")
    return word.Table([[*counts, total], [*(str(n) for n in counts.values()), str(len(results))]])


def _markers(results: Sequence[Result], say: Say) -> word.Table:
    rows = [say.heads("界桩编号|位置|现状|偏移（米）|处理", "Marker|Place|State|Offset (m)|Done")]
    for each in results:
        offset = "" if each.offset_m is None else f"{each.offset_m:.2f}"
        rows.append(
            [
                each.number,
                each.description,
                say.of(state_word(each)),
                offset,
                say.of(treatment(each)),
            ]
        )
    return word.Table(rows)


def _findings(state: RoundState, say: Say) -> list[word.Block]:
    if not state.findings:
        return [word.Paragraph(say("未发现问题。", "Nothing was found."))]
    rows = [say.heads("序号|程度|说明|依据|处理", "No.|Weight|Finding|Clause|Done")]
    for at, each in enumerate(state.findings, 1):
        weight = say.of(WEIGHTS[each.severity])
        rows.append([at, weight, say.of(each.message), each.clause, _handled(each, say)])
    return [word.Table(rows)]


def _handled(each: Finding, say: Say) -> str:
    """Return the step that has put a finding right; the law settles what a moved marker means."""
    if "step" in each.details:
        done = Step(kind=each.details["step"], key="", on=each.details["step_on"], present=())
        return say.of(step_word(done))
    if each.rule == "inspection/marker-moved":
        return say("以协议位置为准", "the agreed position stands")
    return say("待处理", "to be done")


def _conclusion(state: RoundState, results: Sequence[Result], say: Say) -> str:
    open_, every = state.comparison, wording.all_sides(state, say)
    left = len(open_.differing) + len(open_.conflicts) + len(open_.missing)
    good = sum(each.state == "good" for each in results)
    if left:
        return say(
            f"界桩{len(results)}个中{good}个完好；尚有{left}项{every}未达成一致，须继续会商，界线以协议书为准。",
            f"{good} of {len(results)} markers are good; {left} matters are not agreed yet;"
            " the line of the agreement stands.",
        )
    course = wording.course(state, say)
    return say(
        f"界桩{len(results)}个中{good}个完好。{course}；"
        "问题按上表处理，联检成果一式三份归档并报批准机关备案。",
        f"{good} of {len(results)} markers are good. {course};"
        " findings are dealt with as listed; three copies are kept.",
    )


def _maps(state: RoundState, figures: Mapping[str, bytes], say: Say) -> list[word.Block]:
    made: list[word.Block] = []
    for row in state.lines.sort_values("code").to_dict("records"):
        if row["code"] in figures:
            made += [
                word.PageBreak(),
                word.Heading(
                    say(f"附图 {row['name'] or row['code']}", f"Map: {row['name'] or row['code']}")
                ),
                word.Picture(figures[row["code"]], word.TEXT_WIDTH_CM),
            ]
    return made


def _photos(
    results: Sequence[Result], photos: Mapping[str, Sequence[word.Captioned]], say: Say
) -> list[word.Block]:
    shown = [one for each in results for one in photos.get(each.number, ())]
    bare = [each.number for each in results if not photos.get(each.number)]
    made: list[word.Block] = [
        word.PageBreak(),
        word.Heading(say("附件 界桩照片", "Photos of markers")),
    ]
    if shown:
        made.append(word.Pictures(shown))
    if bare:
        made.append(
            word.Paragraph(
                say(
                    f"无照片的界桩：{say.listed(bare)}。",
                    f"Markers without a photo: {say.listed(bare)}.",
                )
            )
        )
    return made
