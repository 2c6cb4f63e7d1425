"""Each row of the shipped plans against the text of its plan, and what cannot all be true."""

import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.status import status
from facilities.targets import (
    bounds,
    contradictions,
    misread,
    parse_plan,
    shipped_plan,
    shipped_plans,
)
from facilities.targets.contradictions import between
from facilities.targets.judge import gap, met
from facilities.targets.model import Target
from gazetteer.common import tables

from .test_status import county

NAMES = [name for name in shipped_plans() if name not in {"chuxi", "example"}]
PLANS = {name: shipped_plan(name) for name in NAMES}
ROWS = [
    (name, row)
    for name, plan in PLANS.items()
    for row in (*(t for i in plan.indicators for t in i.targets), *plan.statements)
]
REACH = 25
"""Lines that a row of a plan's table may take: a cell a line, blank lines between."""
_UNSEEN = re.compile(r"[\s“”\"'‘’]+")


def plain(text):
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def lost(quote, lines, line):
    """Return the part of a quote (cells parted by |, cuts by …) that does not stand at a line."""
    text, place = plain("".join(lines[line - 1 : line + REACH])), 0
    parts = [plain(part) for part in re.split(r"[|…]", quote)]
    if parts[0] not in plain(lines[line - 1]):
        return parts[0]
    for part in parts:
        found = text.find(part, place)
        if found < 0:
            return part
        place = found + len(part)
    return None


@pytest.fixture(scope="session")
def texts(real_data):
    folder = real_data.parent / "domain" / "plans"
    if not folder.is_dir():
        pytest.skip(f"no real data: the texts of the plans are not in {folder}")
    return {name: (folder / f"{name}.txt").read_text("utf-8").split("\n") for name in NAMES}


def test_a_quote_is_found_only_whole_in_order_and_at_its_line():
    lines = ["别的", "覆盖率(%)", "", "90", "预期性", "床位300张,绿地"]
    assert lost("覆盖率(% | 90 | 预期性", lines, 2) is None
    assert lost("覆盖率(% | 预期性 | 90", lines, 2) == "90"
    assert lost("覆盖率(% | 95", lines, 2) == "95"
    assert lost("覆盖率(% | 90", lines, 1) == "覆盖率(%"


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "row"), ROWS, ids=[f"{name}-{row.line}-{n}" for n, (name, row) in enumerate(ROWS)]
)
def test_every_row_stands_in_its_plan_at_its_line(texts, name, row):
    assert lost(row.quote, texts[name], row.line) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_operator_is_other_than_its_quote_says(name):
    assert misread(PLANS[name]) == []


WORDS = [(row["word"], row["place"], row["op"]) for row in tables.rows("target_words.csv")]


@pytest.mark.parametrize(("word", "place", "op"), WORDS)
def test_each_word_of_the_table_bounds_its_number(word, place, op):
    quote = f"建成{word}100张床位" if place == "before" else f"建成100张床位{word}的养老院"
    assert bounds(quote, 100) == {op} and bounds(quote, 99) == frozenset()
    opposite = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "~": ">="}[op]
    assert [each.rule for each in misread(plan_with(opposite, quote))] == ["target-operator"]
    assert misread(plan_with(op, quote)) == []


@pytest.mark.parametrize(("op", "inside"), [(">=", True), ("<=", True), (">", False), ("<", False)])
def test_the_law_says_whether_a_bound_includes_its_number(op, inside):
    """民法典第一千二百五十九条: 以上、以下、以内 include the number; 不满、超过、以外 do not."""
    words = [word for word, _, each in WORDS if each == op]
    assert {">=": "以上", "<=": "以下", ">": "超过", "<": "不满"}[op] in words
    assert met(100, goal(op)) is inside


def goal(op, value=100.0, **more):
    return Target(op=op, value=value, year=2025, binding="", document="d", line=1, quote="", **more)


def plan_with(op, quote):
    return parse_plan(f'''
plan = {{id="p", name="规划", place="某县", place_code="1", document="d"}}
[[indicator]]
id = "x"
name = "某"
topic = "t"
unit = "张"
measure = "count"
kinds = ["ash-hall"]
target = [{{op="{op}", value=100, year=2025, binding="", line=1, quote="{quote}"}}]
''')


@given(st.floats(1, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_an_increase_is_judged_from_its_baseline(added, before, grown):
    assert met(before + added, goal("+", added, baseline=before))
    if grown < added - 1e-3:
        assert not met(before + grown, goal("+", added, baseline=before))
    assert gap(before, [goal("+", added, baseline=before)]) == pytest.approx(added)


@given(st.floats(1, 1e6), st.floats(0, 50))
def test_about_allows_what_the_target_says_on_both_sides(value, allowed):
    about = goal("~", value, tolerance_percent=allowed)
    for share, inside in ((0, True), (0.99, True), (1.05 + 1 / max(allowed, 1), False)):
        for side in (-1, 1):
            assert met(value * (1 + side * share * allowed / 100), about) is (
                inside or allowed * share < 1e-6
            )


FOUND = {
    "guandu": [
        ("plan-targets-differ", "child-station-streets"),
        ("plan-targets-differ", "volunteer-stations"),
        ("plan-statements-differ", "养老机构数"),
        ("plan-sum-differs", "guandu"),
    ],
    "shishou": [
        ("plan-targets-differ", "cemetery-green-share"),
        ("plan-statements-differ", "农村福利院数"),
        ("plan-statements-differ", "高基庙镇肖家岭的建制"),
        ("plan-statements-differ", "社会团体数"),
        ("plan-contradicts-itself", "child-sites"),
        ("plan-contradicts-itself", "shishou"),
        ("plan-contradicts-itself", "community-elderly-centres"),
    ],
    "songming": [("target-below-baseline", "aid-decisions-right")],
    "xiangxi": [("plan-statements-differ", "《湘西自治州殡葬服务设施国土空间专项规划》期限")],
    "yichun": [("target-of-few", "child-protection-counties")],
}


@pytest.mark.parametrize("name", NAMES)
def test_contradictions_of_each_plan_are_found_and_told_with_their_places(name):
    found = contradictions(PLANS[name])
    assert [(each.rule, each.subject) for each in found] == FOUND[name]
    assert all(each.related for each in found)
    told = {each.id for each in status(county(), PLANS[name], sensitivity=False).findings}
    assert {each.id for each in found} <= told


def test_plans_for_one_place_are_compared_and_for_others_not():
    for one, other in itertools.combinations(PLANS.values(), 2):
        assert between(one, other) == []
    mine, theirs = plan_with(">=", "100张"), plan_with(">=", "100张")
    head = {"id": "other", "document": "e", "indicators": ()}
    other = type(theirs)(**{**_fields(theirs), **head, "indicators": _raised(theirs)})
    assert [each.rule for each in contradictions(mine, beside=[other])] == ["plan-targets-differ"]
    assert contradictions(mine, beside=[mine]) == []
    far = type(other)(**{**_fields(other), "place_code": "2"})
    assert contradictions(mine, beside=[far]) == []


def _fields(plan):
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}


def _raised(plan):
    (indicator,) = plan.indicators
    (target,) = indicator.targets
    more = type(target)(**{**_fields(target), "value": 120.0})
    return (type(indicator)(**{**_fields(indicator), "targets": (more,)}),)


@given(st.lists(st.integers(-999, 999), min_size=1, max_size=6), st.sampled_from([0, 1, -3]))
def test_a_sum_that_does_not_add_up_is_told(parts, off):
    told = f"""
plan = {{id="p", name="规划", place="某县", place_code="1", document="d"}}
[[statement]]
topic = "t"
name = "用地"
text = ""
year = "2025"
binding = ""
line = 1
quote = "q"
value = {sum(parts) + off}
parts = {parts}
"""
    rules = [each.rule for each in contradictions(parse_plan(told))]
    assert rules == (["plan-sum-differs"] if off else [])


@pytest.mark.parametrize(
    ("one", "two", "compared"),
    [
        ("360900", "360902", "note"), ("421081", "421081100", "note"), ("42", "421081", "note"),
        ("421081000", "421081", "warning"), ("421081100", "421081100000", "warning"),
        ("421081100", "421081101", None), ("421100", "421081", None), ("421081", "421087", None),
    ],
)  # fmt: skip
def test_plans_are_compared_along_the_codes_of_their_places(one, two, compared):
    mine, theirs = plan_with(">=", "100张"), plan_with(">=", "100张")
    mine = type(mine)(**{**_fields(mine), "place_code": one})
    changed = {"id": "other", "place_code": two, "indicators": _raised(theirs)}
    other = type(theirs)(**{**_fields(theirs), **changed})
    for first, second in ((mine, other), (other, mine)):
        found = [each.severity.value for each in between(first, second)]
        assert found == ([compared] if compared else [])
