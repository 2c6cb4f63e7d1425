import pytest

from facilities.indicators import MEASURES
from facilities.kinds import kinds
from facilities.targets import (
    Target,
    parse_plan,
    read_plan,
    shipped_plan,
    shipped_plans,
    verdict,
)
from facilities.targets.judge import contradict, due, gap, met
from gazetteer.common.errors import InputError, UnknownError

INVENTED = {"chuxi", "example"}
PLANS = [shipped_plan(name) for name in shipped_plans() if name not in INVENTED]
TARGETS = [(p, i, t) for p in PLANS for i in p.indicators for t in i.targets]


def goal(op, value, year=2025):
    return Target(op=op, value=value, year=year, binding="", document="d", line=1, quote="q")


@pytest.mark.parametrize(
    ("plan", "indicator", "target"), TARGETS, ids=lambda each: getattr(each, "id", "")
)
def test_every_shipped_target_stands_where_it_says(plan, indicator, target):
    assert target.quote and target.line > 0 and plan.document in target.source
    assert 2021 <= target.year <= 2025 and target.binding
    shown = target.quote.replace("全覆盖", "100").replace("完成", "100").replace("全部", "100")
    shown = shown.replace(",", "").replace(",", "")
    number = f"{target.value:.10g}"
    written = number in shown or any(word in shown for word in WORDS.get(target.value, ()))
    assert written, (number, target.quote)


WORDS = {
    1: ("各建", "每个", "建设", "建成", "成立", "新建", "一套", "一次", "千分之一"),
    2: ("古丈坪社区和栖凤湖村", "颁证厅1个100平方米西式结婚颁证厅1个"),
    4: ("四",),
    7: ("各规划建设1家",),
    8: ("8个街道",),
    6: ("分别新建骨灰寄存楼1处",),
    15: ("一刻钟",),
    100: ("全", "每个", "所有", "建设镇(街道)"),
}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.id)
def test_every_shipped_indicator_can_be_measured(plan):
    for indicator in plan.indicators:
        assert indicator.measure in MEASURES
        asked = indicator.parameters
        named = (*asked.get("kinds", ()), *asked.get("persons", ()), *asked.get("near", ()))
        assert set(named) <= set(kinds()), indicator.id


def test_the_five_plans_hold_all_their_targets_and_statements():
    sizes = {plan.id: (len(plan.indicators), len(plan.statements)) for plan in PLANS}
    assert sizes == {
        "guandu": (34, 22), "shishou": (63, 16), "songming": (19, 20), "xiangxi": (20, 9),
        "yichun": (25, 15),
    }  # fmt: skip


def test_contradictions_of_the_plans_are_intact():
    guandu = {each.id: each for each in shipped_plan("guandu").indicators}
    for name in ("child-station-streets", "volunteer-stations"):
        assert contradict(guandu[name].targets)
        assert verdict(100.0, guandu[name].targets) == "conflict"
    values = [each.value for each in guandu["child-station-streets"].targets]
    assert values == [100, 55]
    green = {each.id: each for each in shipped_plan("shishou").indicators}["cemetery-green-share"]
    assert [(each.op, each.value) for each in green.targets] == [(">", 80), (">=", 80)]


def test_targets_of_two_years_are_no_contradiction():
    early, late = goal(">=", 55, 2022), goal(">=", 60, 2025)
    assert verdict(57, [early, late], year=2022) is True
    assert verdict(57, [early, late], year=2024) is False
    assert verdict(57, [early, late]) is False
    assert due([early, late], year=2023) == [late]


@pytest.mark.parametrize(
    ("op", "value", "wanted", "expected"),
    [
        (">=", 60, 60, True), (">=", 59.9, 60, False), (">", 80, 80, False), ("<=", 50, 50, True),
        ("<", 100, 100, False), ("=", 6, 6, True), ("=", 7, 6, True), ("=", 99.9, 100, False),
        ("+", 200, 200, True), (">=", 0.1 + 0.2, 0.3, True),
    ],
)  # fmt: skip
def test_operators(op, value, wanted, expected):
    assert met(value, goal(op, wanted)) is expected


def test_nothing_to_judge_is_no_verdict():
    assert verdict(5.0, []) is None and verdict(None, [goal("=", 1)]) is None
    assert gap(5.0, []) is None and gap(5.0, [goal("<", 3)]) == 2


HEAD = 'plan = {id="p", name="n", place="x", place_code="1", document="d"}\n'
GOOD = '[[indicator]]\nid="a"\nname="n"\ntopic="t"\nunit="%"\nmeasure="count"\nkinds=["ash-hall"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = = 1", "no TOML"),
        ("plan = 3", "is no table"),
        (HEAD + "plans = 1", "no field 'plans'"),
        (HEAD + "indicator = 3", "no list of tables"),
        (HEAD + '[[indicator]]\nid="a"', "lacks 'name'"),
        (HEAD + GOOD + GOOD, "stands twice"),
        (HEAD + GOOD + 'target=[{op="?",value=1,year=1,binding="",line=1,quote=""}]', "operator"),
        (HEAD + GOOD + 'target=[{op="=",value="1",year=1,binding="",line=1,quote=""}]', "type"),
        (HEAD + GOOD + 'target=[{op="=",value=nan,year=1,binding="",line=1,quote=""}]', "type"),
        (HEAD + GOOD + "target=[{op='='}]", "lacks"),
        (HEAD + "[[scope]]\nlevel=3", "type"),
        ("[" * 5000, "no TOML"),
    ],
)
def test_a_broken_plan_says_where(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_plan(text, place="my.toml")
    assert str(caught.value).startswith("my.toml")


def test_plan_files_of_the_user(tmp_path):
    file = tmp_path / "plan.toml"
    file.write_text("\ufeff" + HEAD + GOOD, encoding="utf-8")
    assert read_plan(file).indicators[0].id == "a"
    file.write_bytes("某县".encode("gbk"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_plan(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_plan(tmp_path / "none.toml")
    with pytest.raises(UnknownError, match="guandu"):
        shipped_plan("北京")
