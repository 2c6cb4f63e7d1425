"""The 1984 rules by their own examples, for and against; decisions, doubts and bad input."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.common.errors import InputError
from gazetteer.names.romanization import Decisions, decide, romanize, romanize_many, undecided
from gazetteer.names.romanization.spelling import toneless

RULES = [
    (1, "太行山", "Tàiháng Shān"), (1, "松花江", "Sōnghuā Jiāng"), (1, "江苏省", "Jiāngsū Shěng"),
    (1, "通县", "Tōng Xiàn"), (1, "西峰镇", "Xīfēng Zhèn"), (1, "虹口区", "Hóngkǒu Qū"),
    (1, "友谊乡", "Yǒuyì Xiāng"), (1, "京津公路", "Jīngjīn Gōnglù"), (1, "南京路", "Nánjīng Lù"),
    (1, "滨江道", "Bīnjiāng Dào"), (1, "长安街", "Cháng'ān Jiē"), (1, "梧桐巷", "Wútóng Xiàng"),
    (1, "门框胡同", "Ménkuàng Hútong"), (1, "大运河", "Dà Yùnhé"),
    (2, "西辽河", "Xīliáo Hé"), (2, "潮白新河", "Cháobái Xīnhé"),
    (2, "新通扬运河", "Xīntōngyáng Yùnhé"), (2, "北雁荡山", "Běiyàndàng Shān"),
    (2, "景山后街", "Jǐngshān Hòujiē"), (2, "造币左路", "Zàobì Zuǒlù"),
    (2, "朝阳门内大街", "Cháoyángménnèi Dàjiē"), (2, "南小街", "Nán Xiǎojiē"),
    (2, "南横东街", "Nánhéng Dōngjiē"), (2, "修文西小巷", "Xiūwén Xīxiǎoxiàng"),
    (2, "东直门外南后街", "Dōngzhíménwài Nánhòujiē"),
    (2, "广安门北滨河路", "Guǎng'ānmén Běibīnhé Lù"),
    (2, "广渠南水关胡同", "Guǎngqú Nánshuǐguān Hútong"),
    (3, "王村", "Wángcūn"), (3, "江镇", "Jiāngzhèn"), (3, "漷县", "Huǒxiàn"),
    (3, "周口店", "Zhōukǒudiàn"), (3, "文家市", "Wénjiāshì"), (3, "油坊桥", "Yóufángqiáo"),
    (3, "铁匠营", "Tiějiàngyíng"), (3, "大虎山", "Dàhǔshān"), (3, "太平沟", "Tàipínggōu"),
    (3, "三岔河", "Sānchàhé"), (3, "龙王集", "Lóngwángjí"), (3, "龚家棚", "Gōngjiāpéng"),
    (3, "众埠街", "Zhòngbùjiē"), (3, "南王家荡", "Nánwángjiādàng"),
    (3, "东桑家堡子", "Dōngsāngjiābǔzi"),
    (4, "渤海湾", "Bóhǎi Wān"), (4, "黑龙江省", "Hēilóngjiāng Shěng"),
    (4, "景德镇市", "Jǐngdézhèn Shì"), (4, "解放路南小街", "Jiěfànglù Nánxiǎojiē"),
    (4, "包头胡同东巷", "Bāotóu Hútong Dōngxiàng"), (4, "刘家峡水库", "Liújiāxiá Shuǐkù"),
    (4, "三里河路", "Sānlǐhé Lù"),
    (5, "左权县", "Zuǒquán Xiàn"), (5, "张之洞路", "Zhāngzhīdòng Lù"),
    (5, "欧阳海水库", "Ōuyánghǎi Shuǐkù"), (5, "张自忠路", "Zhāngzìzhōng Lù"),
    (6, "五指山", "Wǔzhǐ Shān"), (6, "九龙江", "Jiǔlóng Jiāng"), (6, "三门峡", "Sānmén Xiá"),
    (6, "二道沟", "Èrdào Gōu"), (6, "第二松花江", "Dì'èr Sōnghuā Jiāng"),
    (6, "第六屯", "Dìliù Tún"), (6, "三眼井胡同", "Sānyǎnjǐng Hútong"),
    (6, "八角场东街", "Bājiǎochǎng Dōngjiē"), (6, "三八路", "Sānbā Lù"),
    (6, "五一广场", "Wǔyī Guǎngchǎng"), (6, "统一路", "Tǒngyī Lù"),
    (7, "1203高地", "1203 Gāodì"), (7, "1718峰", "1718 Fēng"), (7, "二马路", "2 Mǎlù"),
    (7, "经五路", "Jīng 5 Lù"), (7, "三环路", "3 Huánlù"),
    (7, "大川淀一巷", "Dàchuāndiàn 1 Xiàng"), (7, "东四十二条", "Dōngsì 12 Tiáo"),
    (7, "第九弄", "Dì-9 Lòng"),
    (8, "十里堡", "Shílǐpù"), (8, "大黄堡", "Dàhuángbǎo"), (8, "吴堡", "Wúbǔ"),
    (8, "二十里堡", "Èrshílǐpù"),
    (10, "李庄", "Lǐzhuāng"), (10, "珠江", "Zhū Jiāng"),
    (10, "天宁寺西里一巷", "Tiānníngsì Xīlǐ 1 Xiàng"),
    (11, "西安", "Xī'ān"), (11, "建瓯", "Jiàn'ōu"), (11, "天峨", "Tiān'é"),
    (12, "盆儿胡同", "Pénr Hútong"), (12, "盆胡同", "Pén Hútong"),
    (14, "北京工人体育馆", "Běijīng Gōngrén Tǐyùguǎn"),
    (14, "浙江省测绘局", "Zhèjiāng Shěng Cèhuìjú"), (14, "费县汽车站", "Fèi Xiàn Qìchēzhàn"),
]  # fmt: skip

GUIDE_2000 = [
    ("一线天", "Yīxiàntiān"), ("卢沟晓月", "Lúgōuxiǎoyuè"), ("三潭印月", "Sāntányìnyuè"),
    ("百花深处", "Bǎihuāshēnchù"), ("广西壮族自治区", "Guǎngxī Zhuàngzú Zìzhìqū"),
    ("西双版纳傣族自治州", "Xīshuāngbǎnnà Dǎizú Zìzhìzhōu"),
    ("丰宁满族自治县", "Fēngníng Mǎnzú Zìzhìxiàn"), ("鄂伦春自治旗", "Oroqen Zizhiqi"),
    ("梅里斯达斡尔族区", "Meilisi Daurzu Qu"),
    ("金平苗族瑶族傣族自治县", "Jīnpíng Miáozú Yáozú Dǎizú Zìzhìxiàn"),
    ("三都水族自治县", "Sandu Suizu Zizhixian"),
    ("围场满族蒙古族自治县", "Weichang Manzu Mongolzu Zizhixian"),
    ("大庙子回族乡", "Dàmiàozi Huízú Xiāng"),
]  # fmt: skip

OFFICIAL = [
    ("乌鲁木齐市", "Ürümqi Shi", "Wūlǔmùqí Shì"), ("呼和浩特市", "Hohhot Shi", "Hūhéhàotè Shì"),
    ("日喀则市", "Xigazê Shi", "Rìkāzé Shì"), ("鄂尔多斯市", "Ordos Shi", "È'ěrduōsī Shì"),
    ("拉萨市", "Lhasa Shi", "Lāsà Shì"), ("尉犁县", "Yuli (Lopnur) Xian", "Yùlí Xiàn"),
    ("新疆维吾尔自治区", "Xinjiang Uygur Zizhiqu", "Xīnjiāng Wéiwú'ěr Zìzhìqū"),
]  # fmt: skip

JOINED_OR_APART = [
    ("王庄村", None, "Wángzhuāngcūn"), ("王庄村", "21610", "Wángzhuāng Cūn"),
    ("王庄村委会", None, "Wángzhuāng Cūnwěihuì"),
    ("蒿子沟村村民委员会", None, "Hāozǐgōucūn Cūnmín Wěiyuánhuì"),
    ("清凉寺街道办事处", None, "Qīngliángsì Jiēdào Bànshìchù"),
    ("小汤山", "22200", "Xiǎotāngshān"), ("小汤山", "13400", "Xiǎotāng Shān"),
    ("太平沟", "22200", "Tàipínggōu"), ("人民路", "street", "Rénmín Lù"),
    ("湖北路", None, "Húběi Lù"), ("解放北路", None, "Jiěfàng Běilù"),
    ("中山东一路", None, "Zhōngshān Dōng 1 Lù"), ("上海", None, "Shànghǎi"),
    ("河北省石家庄市长安区", None, "Héběi Shěng Shíjiāzhuāng Shì Cháng'ān Qū"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "expected"), RULES)
def test_1984_rules_by_their_examples(rule: int, name: str, expected: str) -> None:
    assert romanize(name).romanization == expected, rule


@pytest.mark.parametrize(("name", "expected"), GUIDE_2000)
def test_guide_of_2000_and_ethnic_names(name: str, expected: str) -> None:
    assert romanize(name).romanization == expected


@pytest.mark.parametrize(("name", "official", "reading"), OFFICIAL)
def test_minority_names_have_two_outputs(name: str, official: str, reading: str) -> None:
    found = romanize(name)
    assert (found.romanization, found.reading) == (official, reading)


@pytest.mark.parametrize(("name", "category", "expected"), JOINED_OR_APART)
def test_class_decides_joined_or_apart(name: str, category: str | None, expected: str) -> None:
    assert romanize(name, category=category).romanization == expected


def test_toneless_sign_and_keys() -> None:
    found = romanize("吕梁市")
    assert (found.toneless, found.sign) == ("Lüliang Shi", "LÜLIANG SHI")
    assert (found.pinyin, found.pinyin_u, found.initials) == ("lvliangshi", "luliangshi", "lls")
    assert romanize("西安市").sign == "XI'AN SHI"
    assert romanize("陕西省").toneless == "Shaanxi Sheng"
    assert romanize("山西省").toneless == "Shanxi Sheng"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("解家庄", "Xièjiāzhuāng"), ("单家集", "Shànjiājí"), ("仇家庄", "Qiújiāzhuāng"),
     ("查家湾", "Zhājiāwān"), ("解放村", "Jiěfàngcūn"), ("盖家沟", "Gějiāgōu"),
     ("东仇家庄", "Dōngqiújiāzhuāng"), ("小盖家庄", "Xiǎogějiāzhuāng"),
     ("前解家屯", "Qiánxièjiātún"), ("后小解家沟", "Hòuxiǎoxièjiāgōu"),
     ("上单家桥社区", "Shàngshànjiāqiáo Shèqū"), ("中华家园", "Zhōnghuá Jiāyuán"),
     ("小区家委会", "Xiǎoqū Jiāwěihuì")],
)  # fmt: skip
def test_surname_villages(name: str, expected: str) -> None:
    found = romanize(name)
    assert (found.romanization, found.decided) == (expected, True)


def test_a_surname_behind_a_modifier_without_a_house_is_only_likely() -> None:
    assert (romanize("东解庄").reading, romanize("东解庄").decided) == ("Dōngxièzhuāng", False)
    assert romanize("中华村").reading == "Zhōnghuácūn"
    assert romanize("解庄").decided


@pytest.mark.parametrize(
    ("name", "expected"),
    [("碑林区", "Bēilín Qū"), ("清新区", "Qīngxīn Qū"), ("万柏林区", "Wànbǎilín Qū"),
     ("神农架林区", "Shénnóngjià Línqū"), ("浦东新区", "Pǔdōng Xīnqū"),
     ("井陉矿区", "Jǐngxíng Kuàngqū")],
)  # fmt: skip
def test_a_district_keeps_its_specific_whole(name: str, expected: str) -> None:
    assert romanize(name).romanization == expected


@pytest.mark.parametrize("name", ["乐亭县", "大城县", "六合区", "大城", "宕昌", "调关镇", "盖家堡"])
def test_conflicts_and_guesses_are_not_decided(name: str) -> None:
    found = romanize(name)
    assert not found.decided
    assert found.undecided
    assert all(name[doubt.index] == doubt.character for doubt in found.undecided)


def test_one_decision_settles_every_name_with_that_specific_part() -> None:
    names = ["调关镇", "调关村", "调关大桥", "调关中学", "调关街"]
    decided = decide(Decisions(), "调关", "tiáo guān", source="县地名办", who="张")
    for found in romanize_many(names, decisions=decided):
        assert found.decided, found
        assert found.romanization.startswith("Tiáoguān")
        assert found.source == "县地名办"
    assert undecided(names, decided).empty
    assert romanize("排调镇", decisions=decided).romanization != "Tiáo"


def test_decisions_are_values_and_refuse_what_cannot_be() -> None:
    before = Decisions()
    after = decide(before, "调关", "diàoguān")
    assert (len(before), len(after), after["调关"].reading) == (0, 1, ("diào", "guān"))
    with pytest.raises(InputError, match="2 syllables"):
        decide(before, "调关", "diào")
    with pytest.raises(InputError, match="not read 'lè'"):
        decide(before, "调关", "lè guān")
    with pytest.raises(InputError, match="Chinese characters only"):
        decide(before, "A", "a")


def test_a_reading_for_one_place_holds_there_only() -> None:
    assert romanize("卡房乡", within="410000").reading == "Qiǎfáng Xiāng"
    assert romanize("卡房镇", within="532501").reading == "Kǎfáng Zhèn"
    assert not romanize("卡房乡").decided


def test_review_list_puts_wrong_letters_before_wrong_tones() -> None:
    found = undecided(["某弹村", "曲某村", "孙堡村", "孙堡镇"])
    assert found["names"].is_monotonic_decreasing or found["weight"].is_monotonic_decreasing
    assert found.loc[0, "specific"] == "孙堡"
    assert set(found.loc[0, "candidates"].split()) == {"bǎo", "bǔ", "pù"}


HOSTILE = [
    "", " ", "王村" * 5000, "\u202e王村\u202c", "王\x00村", "🏞️公园", "\ue816村", "\uf8ff",
    "<b>王村</b>", "=HYPERLINK(1)", "G320国道", "ＡＢ村",
    "王村(大)", "\ud800", "𰝟渡镇", "〇一",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_never_fail(name: str) -> None:
    found = romanize(name)
    assert found.name == name
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in found.romanization)


def test_what_is_not_chinese_stays() -> None:
    assert romanize("G320国道").romanization == "G320 Guódào"
    assert romanize("<b>王村</b>").romanization == "<b>Wángcūn</b>"
    assert not romanize("").decided


@given(st.text(max_size=40))
def test_any_text_is_spelled_without_tones(text: str) -> None:
    found = romanize(text)
    assert toneless(found.toneless) == found.toneless
    assert found.sign == found.toneless.upper()


@given(st.lists(st.sampled_from(["王村", "调关镇", "乌鲁木齐市", "经五路"]), max_size=6))
def test_many_is_one_by_one(names: list[str]) -> None:
    assert romanize_many(names) == [romanize(name) for name in names]


@pytest.mark.parametrize(
    ("name", "spelled", "lost"),
    [("叶⿰土夭村", "Yè⿰土夭cūn", "⿰土夭"), ("叶⿰土⿱夭口村", "Yè⿰土⿱夭口cūn", "⿰土⿱夭口"),
     ("东⿰", "Dōng⿰", "⿰"), ("茶?村", "Chá?cūn", "?"), ("茶□村", "Chá□cūn", "□"),
     ("⿲彳山攵路", "⿲彳山攵 Lù", "⿲彳山攵")],
)  # fmt: skip
def test_a_character_without_a_code_is_one_that_nobody_reads(
    name: str, spelled: str, lost: str
) -> None:
    found = romanize(name)
    assert (found.romanization, found.decided) == (spelled, False)
    assert [(each.character, each.candidates) for each in found.undecided] == [(lost, ())]


@given(st.text(alphabet="⿰⿱⿲⿾土夭村?□\uf8ff王A ", max_size=40))
def test_no_described_character_is_ever_decided(text: str) -> None:
    found = romanize(text)
    if any("\u2ff0" <= each <= "\u2fff" for each in text):
        assert not found.decided
        assert found.undecided


DECIDED = [
    ("长官镇", "Zhǎngguān Zhèn"), ("丁里长街道", "Dīnglǐzhǎng Jiēdào"),
    ("薄荷台乡", "Bòhetái Xiāng"), ("教书庄", "Jiāoshūzhuāng"), ("十里长屯", "Shílǐchángtún"),
    ("梅花岗", "Méihuāgǎng"), ("柏林村", "Bǎilíncūn"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), DECIDED)
def test_a_word_decides_over_its_characters(name: str, expected: str) -> None:
    found = romanize(name)
    assert (found.romanization, found.decided) == (expected, True)


@pytest.mark.parametrize(
    "name", ["洽川镇", "曲江镇", "曲江村", "朝阳镇", "朝阳路", "朝阳", "八圩乡", "新圩镇", "大栅栏",
             "里长营", "长房村", "高兴村", "长发村", "万石村", "马尾村", "户长山村", "薄板台村"]
)  # fmt: skip
def test_what_a_word_may_contradict_is_not_decided(name: str) -> None:
    assert not romanize(name).decided


def test_a_row_decides_where_its_place_is() -> None:
    assert romanize("八圩乡", within="451221").reading == "Bāxū Xiāng"
    assert romanize("八圩乡", within="451221").decided
    assert romanize("朝阳镇", within="110105").decided
    assert not romanize("朝阳镇", within="421081").decided
    assert not romanize("新圩村", within="350200").decided, "a province's habit names no village"


@pytest.mark.parametrize("within", ["", "32", "421081", "450000"])
@pytest.mark.parametrize("stem", ["曲江", "朝阳", "七圩", "调关", "解家", "长乐", "行堰"])
def test_one_specific_is_read_in_one_way_within_a_county(stem: str, within: str) -> None:
    names = [stem + each for each in ("镇", "村", "街道", "社区", "桥", "小学", "村委会")]
    alone = romanize(stem, within=within).reading
    read = [found.reading.replace(" ", "") for found in romanize_many(names, within=within)]
    assert [each for each in read if not each.startswith(alone)] == []


def test_a_local_habit_is_the_same_guess_for_every_name_there() -> None:
    wei = [found.reading for found in romanize_many(["七圩村", "八圩村"], within="320982")]
    assert wei == ["Qīwéicūn", "Bāwéicūn"]
