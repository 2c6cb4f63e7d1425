"""Word division kind by kind: settled by a rule and decided, or open; never wrong and decided."""

from __future__ import annotations

import pytest

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.names.romanization import Decisions, decide, romanize, undecided
from gazetteer.names.romanization.classes import kind_of
from gazetteer.names.romanization.decisions import Decision

SETTLED = [
    # inner works: an ordinal of several syllables and a modifier have their rule (rule 2)
    ("前进农场第三管理区", None, "Qiánjìn Nóngchǎng Dìsān Guǎnlǐqū"),
    ("前进农场第三管理区", "21720", "Qiánjìn Nóngchǎng Dìsān Guǎnlǐqū"),
    ("友谊农场第一管理区第三作业站", None, "Yǒuyì Nóngchǎng Dìyī Guǎnlǐqū Dìsān Zuòyèzhàn"),
    ("五大连池农场东作业区", None, "Wǔdàliánchí Nóngchǎng Dōngzuòyèqū"),
    ("幸福家园北区", None, "Xìngfú Jiāyuán Běiqū"),
    ("阳光花园南苑", "26100", "Yángguāng Huāyuán Nányuàn"),
    ("石泉水库东干渠", None, "Shíquán Shuǐkù Dōnggànqú"),
    # projects and lines
    ("南水北调中线", None, "Nánshuǐběidiào Zhōngxiàn"), ("东风灌区", None, "Dōngfēng Guànqū"),
    # estates behind a point
    ("绿地·中央公馆", None, "Lǜdì·Zhōngyāng Gōngguǎn"),
    ("绿地・中央公馆", None, "Lǜdì·Zhōngyāng Gōngguǎn"),
    ("时代天街", None, "Shídài Tiānjiē"), ("阳光花园A区", None, "Yángguāng Huāyuán A Qū"),
    # works with their class
    ("汉口站", "23320", "Hànkǒu Zhàn"), ("龙兴寺", "25100", "Lóngxīng Sì"),
    ("赵州桥", "23610", "Zhàozhōu Qiáo"), ("汉口站", "22200", "Hànkǒuzhàn"),
    ("石首南站", None, "Shíshǒu Nánzhàn"), ("东关清真寺", None, "Dōngguān Qīngzhēnsì"),
    ("天主教堂", None, "Tiānzhǔ Jiàotáng"), ("第一中学", None, "Dìyī Zhōngxué"),
    # words of institutions, townships in front, no word read across the start of another
    ("石首长江大桥", "23610", "Shíshǒu Chángjiāng Dàqiáo"),
    ("石首市人民法院", "27300", "Shíshǒu Shì Rénmín Fǎyuàn"),
    ("绣林街道社区卫生服务中心", "27300", "Xiùlín Jiēdào Shèqū Wèishēng Fúwù Zhōngxīn"),
    ("高基庙镇中心小学", "27300", "Gāojīmiào Zhèn Zhōngxīn Xiǎoxué"),
    ("碧桂园·翡翠湾", "26100", "Bìguìyuán·Fěicuì Wān"), ("新厂汽渡", "23150", "Xīnchǎng Qìdù"),
    ("红花岭", "13400", "Hónghuā Lǐng"), ("红花岭", "22200", "Hónghuālǐng"),
    ("太行山", None, "Tàiháng Shān"), ("梧桐巷", None, "Wútóng Xiàng"),
    # roads: codes and ordinals in figures (rule 7), dates in pinyin (rule 6)
    ("二〇八国道", None, "208 Guódào"), ("二〇八国道", "street", "208 Guódào"),
    ("二○八国道", "23210", "208 Guódào"), ("三一八国道", None, "318 Guódào"),
    ("G207国道", None, "G207 Guódào"), ("京港澳高速", None, "Jīnggǎng'ào Gāosù"),
    ("一百二十三弄", None, "123 Lòng"), ("一百零三弄", None, "103 Lòng"),
    ("中山大道一〇二巷", None, "Zhōngshān Dàdào 102 Xiàng"), ("三八路", None, "Sānbā Lù"),
    ("一二九路", None, "Yī'èrjiǔ Lù"), ("解放路2段", None, "Jiěfànglù 2 Duàn"),
    ("解放路3巷", "street", "Jiěfànglù 3 Xiàng"), ("中山路南延", None, "Zhōngshānlù Nányán"),
    ("建设路、江堤路", None, "Jiànshè Lù, Jiāngdī Lù"),
    # a street called by its ordinal keeps the figure before its parts (rule 7)
    ("三环路", None, "3 Huánlù"), ("三环路北段", None, "3 Huánlù Běiduàn"),
    ("二环路南一段", "street", "2 Huánlù Nán 1 Duàn"), ("四环路辅路", None, "4 Huánlù Fǔlù"),
    ("一环路北三段", None, "1 Huánlù Běi 3 Duàn"), ("二马路东段", None, "2 Mǎlù Dōngduàn"),
    ("经五路南段", None, "Jīng 5 Lù Nánduàn"), ("第五大街西段", None, "Dì-5 Dàjiē Xīduàn"),
    ("中山南二路三段", None, "Zhōngshān Nán 2 Lù 3 Duàn"),
    ("东四十二条胡同", None, "Dōngsì 12 Tiáo Hútong"),
    ("三道街", None, "Sāndào Jiē"), ("五里街", None, "Wǔlǐ Jiē"), ("五条街", None, "Wǔtiáo Jiē"),
    ("五一路南段", None, "Wǔyīlù Nánduàn"), ("五一路小学", None, "Wǔyīlù Xiǎoxué"),
    # what an ordinal of several syllables counts stands apart alone as in a longer name (rule 2)
    ("第十二师", None, "Dìshí'èr Shī"), ("第八师", None, "Dìbā Shī"),
    ("第八师石河子总场", None, "Dìbā Shī Shíhézǐ Zǒngchǎng"), ("十二队", None, "Shí'èr Duì"),
    ("前进农场十二队", None, "Qiánjìn Nóngchǎng Shí'èr Duì"), ("十二连", None, "Shí'èr Lián"),
    ("第三十二中学", None, "Dìsānshí'èr Zhōngxué"),
    ("十三营", None, "Shísānyíng"), ("第十二社区", None, "Dìshí'èr Shèqū"),
    # a numeral of a village that is all of its specific, or stands with one character
    ("五一村", "21610", "Wǔyī Cūn"), ("前三村", "21610", "Qiánsān Cūn"),
    ("第三村", "21610", "Dìsān Cūn"),
    ("高新区", "21730", "Gāoxīn Qū"), ("浦东新区", None, "Pǔdōng Xīnqū"),
    # outside a gate or a crossing; words of farms and canals
    ("东关外大街", None, "Dōngguānwài Dàjiē"), ("新街口外大街", None, "Xīnjiēkǒuwài Dàjiē"),
    ("五七干校", None, "Wǔqī Gànxiào"),
    ("国营大沙湖农场", None, "Guóyíng Dàshāhú Nóngchǎng"),
    ("灌溉总渠", None, "Guàngài Zǒngqú"), ("东干渠", None, "Dōng Gànqú"),
    # transliterated names of townships and villages are as long as they are
    ("喀拉哈巴克乡", None, "Kālāhābākè Xiāng"),
    ("乔拉克吐尔村委会", None, "Qiáolākètǔ'ěr Cūnwěihuì"),
    # natural villages (rule 3), committees
    ("李家屯", None, "Lǐjiātún"), ("油坊桥", None, "Yóufángqiáo"),
    ("御佳园社区", None, "Yùjiāyuán Shèqū"), ("多那牧委会", None, "Duōnà Mùwěihuì"),
]  # fmt: skip

OPEN = [
    # a numeral of one syllable: specific (rule 1) or modifier (rule 2)?
    ("红旗林场一分场", None, "Hóngqí Línchǎng Yī Fēnchǎng", "Hóngqí Línchǎng Yīfēnchǎng"),
    ("第八师石河子总场三分场", None, "Dìbā Shī Shíhézǐ Zǒngchǎng Sān Fēnchǎng",
     "Dìbā Shī Shíhézǐ Zǒngchǎng Sānfēnchǎng"),
    ("东风农场四队", None, "Dōngfēng Nóngchǎng Sì Duì", "Dōngfēng Nóngchǎng Sìduì"),
    ("东风农场四队", "22200", "Dōngfēng Nóngchǎng Sì Duì", "Dōngfēng Nóngchǎng Sìduì"),
    ("阳光花园二期", None, "Yángguāng Huāyuán Èr Qī", "Yángguāng Huāyuán Èrqī"),
    ("王庄村三组", None, "Wángzhuāng Cūn Sān Zǔ", "Wángzhuāng Cūn Sānzǔ"),
    ("柳河村5社", None, "Liǔhécūn 5 Shè", ""), ("三队", None, "Sānduì", "Sān Duì"),
    # a work (rule 1) or a natural village (rule 3)?
    ("汉口站", None, "Hànkǒu Zhàn", "Hànkǒuzhàn"), ("龙兴寺", None, "Lóngxīng Sì", "Lóngxīngsì"),
    ("赵州桥", None, "Zhàozhōu Qiáo", "Zhàozhōuqiáo"), ("葛洲坝", None, "Gězhōu Bà", "Gězhōubà"),
    ("石首港", None, "Shíshǒugǎng", "Shíshǒu Gǎng"),
    ("红花岭", None, "Hónghuā Lǐng", "Hónghuālǐng"),
    ("汤家巷", None, "Tāngjiā Xiàng", "Tāngjiāxiàng"),
    ("王家山", None, "Wángjiāshān", "Wángjiā Shān"),
    ("石首一医院", "27300", "Shíshǒuyī Yīyuàn", ""),
    ("恒大御景半岛", "26100", "Héngdàyùjǐng Bàndǎo", ""),
    # what is behind a point without a generic, words too long, farms inside a word
    ("恒大·绿洲三期", None, "Héngdà·Lǜzhōusānqī", ""),
    ("前进农场机关", None, "Qiánjìn Nóngchǎng Jīguān", "Qiánjìnnóngchǎngjīguān"),
    # a code or a date?
    ("八五〇农场", None, "850 Nóngchǎng", "Bāwǔlíng Nóngchǎng"),
    ("八五二农场", None, "Bāwǔ'èr Nóngchǎng", "852 Nóngchǎng"),
    ("东三环北路", None, "Dōng 3 Huán Běilù", "Dōngsānhuán Běilù"),
    # what is counted alike is open alike in every position
    ("二环东路", None, "2 Huán Dōnglù", "Èrhuán Dōnglù"),
    ("南三环", None, "Nán 3 Huán", "Nánsānhuán"),
    ("二环广场", None, "Èrhuán Guǎngchǎng", "2 Huán Guǎngchǎng"),
    ("二环路高架桥", None, "Èrhuánlù Gāojiàqiáo", "2 Huánlù Gāojiàqiáo"),
    ("三马路街道", "township", "Sānmǎlù Jiēdào", "3 Mǎlù Jiēdào"),
    ("经五路小学", "27300", "Jīngwǔlù Xiǎoxué", "Jīng 5 Lù Xiǎoxué"),
    ("经七纬二路", "street", "Jīng 7 Wěi 2 Lù", "Jīngqīwěi 2 Lù"),
    ("第八师一二一团", None, "Dìbā Shī Yī'èryītuán", "Dìbā Shī 121 Tuán"),
    ("第十二师一〇四团", None, "Dìshí'èr Shī 104 Tuán", "Dìshí'èr Shī Yīlíngsìtuán"),
    ("兵团第八师", None, "Bīngtuán Dìbā Shī", "Bīngtuándìbāshī"),
    ("二十里", None, "Èrshílǐ", "Èrshí Lǐ"), ("二环广场", "26100", "Èrhuán Guǎngchǎng", ""),
    ("丰镇路第二居委会", None, "Fēngzhènlù Dì'èr Jūwěihuì", "Fēngzhènlùdì'èr Jūwěihuì"),
    ("东风路同乐社区", None, "Dōngfēnglùtónglè Shèqū", ""),
    ("红旗一号水库", None, "Hóngqíyīhào Shuǐkù", ""),
    # the rules' own examples differ (二道沟, 第六屯 apart, 太平沟 joined)
    ("三道沟", None, "Sāndàogōu", "Sāndào Gōu"), ("第七屯", None, "Dìqītún", "Dìqī Tún"),
    ("第七屯", "22200", "Dìqītún", "Dìqī Tún"),
    # a side behind its street, 新村 of a village, the short form of a school, long specifics
    ("人民大道中", "street", "Rénmín Dàdào Zhōng", "Rénmín Dàdàozhōng"),
    ("幸福新村", "21610", "Xìngfú Xīncūn", "Xìngfúxīn Cūn"),
    ("石首一中", None, "Shíshǒu Yīzhōng", "Shíshǒuyīzhōng"),
    ("城南经济新区", None, "Chéngnánjīngjìxīn Qū", ""),
    ("石首南口工业园", None, "Shíshǒunánkǒu Gōngyèyuán", ""),
    # a numeral of one syllable before a village's generic as before a work's
    ("红旗一村", "21610", "Hóngqíyī Cūn", "Hóngqí Yīcūn"),
    ("东风十二村", "village", "Dōngfēngshí'èr Cūn", "Dōngfēng Shí'èrcūn"),
    ("开发区一社区", "village", "Kāifāqūyī Shèqū", ""),
    ("向阳二社区", "21620", "Xiàngyáng'èr Shèqū", ""),
    ("杨家湾二级站", "24400", "Yángjiāwān'èrjí Zhàn", "Yángjiāwān Èrjízhàn"),
    # a feature or street without a generic that a table knows
    ("藕池河东支", "12100", "Ǒuchíhédōngzhī", ""), ("后海南沿", "23510", "Hòuhǎinányán", ""),
    ("东湖新技术开发区", None, "Dōnghúxīnjìshù Kāifāqū", ""),
    # an official form that is no pinyin
    ("阿拉坦苏木", "township", "Ālātǎn Sūmù", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "category", "expected"), SETTLED)
def test_what_a_rule_settles_is_decided(name: str, category: str | None, expected: str) -> None:
    found = romanize(name, category=category)
    assert (found.romanization, found.decided) == (expected, True), found.undecided


@pytest.mark.parametrize(("name", "category", "expected", "other"), OPEN)
def test_what_no_rule_settles_is_open(
    name: str, category: str | None, expected: str, other: str
) -> None:
    found = romanize(name, category=category)
    assert (found.romanization, found.decided) == (expected, False)
    (doubt,) = [each for each in found.undecided if each.words]
    assert name[doubt.index :].startswith(doubt.character)
    if other:
        assert other in doubt.candidates


def test_no_name_of_a_work_is_both_joined_and_decided_without_its_class() -> None:
    villages = {
        row["通名"] for row in tables.rows("generic_terms.csv") if row["write_separately"] == "N"
    }
    works = [
        row["通名"]
        for row in tables.rows("generic_terms.csv")
        if row["write_separately"] == "Y"
        and row["通名"] not in villages
        and kind_of(row["gbt18521_code"]) in ("nature", "institution")
    ]
    found = [romanize(f"青禾{each}") for each in works]
    wrong = [each.name for each in found if each.decided and " " not in each.romanization]
    assert wrong == []


def test_a_word_across_the_end_of_a_division_is_no_evidence() -> None:
    found = romanize("石首长江村", category="village")
    assert [each.character for each in found.undecided] == ["长"]


def test_the_forms_of_a_name_agree_but_for_tones_and_capitals() -> None:
    found = romanize("前进农场第三管理区")
    assert found.sign == "QIANJIN NONGCHANG DISAN GUANLIQU"
    assert romanize("第三大街").sign == "DI-3 DAJIE"
    assert romanize("第二松花江").sign == "DI'ER SONGHUA JIANG"
    assert romanize("绿地·中央公馆").pinyin == "lvdizhongyanggongguan"


def test_a_person_decides_the_words_by_capital_letters() -> None:
    own = decide(Decisions(), "东风农场四队", "Dōngfēng Nóngchǎng Sìduì")
    found = romanize("东风农场四队", decisions=own)
    assert (found.romanization, found.decided) == ("Dōngfēng Nóngchǎng Sìduì", True)
    assert own["东风农场四队"].written == "Dōng fēng Nóng chǎng Sì duì"
    kept = Decision.on_record("东风农场四队", own["东风农场四队"].written)
    assert kept.words == (2, 2, 2) and kept.reading == own["东风农场四队"].reading
    assert undecided(["东风农场四队"], own).empty


IN_PIECES = [
    "汉口站（东）",
    "汉口站A",
    "红旗林场一分场2号楼",
    "柳河村5社",
    "恒大·绿洲三期",
    "费县六合站",
]


@pytest.mark.parametrize(
    ("name", "category"),
    [*((name, category) for name, category, _, _ in OPEN), *((name, None) for name in IN_PIECES)],
)
def test_each_open_word_is_decided_as_it_is_listed(name: str, category: str | None) -> None:
    for doubt in romanize(name, category=category).undecided:
        for spelled in doubt.candidates if doubt.words else ():
            own = decide(Decisions(), doubt.of, spelled)
            kept = Decision.on_record(doubt.of, own[doubt.of].written)
            assert (kept.reading, kept.words) == (own[doubt.of].reading, own[doubt.of].words)
            found = romanize(name, category=category, decisions=[kept])
            assert spelled in found.romanization
            assert not [each for each in found.undecided if each.words and each.of == doubt.of]


def test_a_code_is_decided_in_figures() -> None:
    own = decide(Decisions(), "八五二农场", "852 Nóngchǎng")
    assert own["八五二农场"].written == "852 Nóng chǎng"
    found = romanize("八五二农场", decisions=own)
    assert (found.romanization, found.sign) == ("852 Nóngchǎng", "852 NONGCHANG")
    assert found.decided and found.figures and found.pinyin == "bawuernongchang"


def test_joined_generics_are_read_by_character() -> None:
    found = romanize("石首纪念馆")
    assert (found.romanization, found.initials) == ("Shíshǒu Jìniànguǎn", "ssjng")


def test_a_reading_without_capitals_decides_no_words() -> None:
    own = decide(Decisions(), "汉口站", "hàn kǒu zhàn")
    assert own["汉口站"].words == () and not romanize("汉口站", decisions=own).decided
    with pytest.raises(InputError, match="syllables"):
        decide(Decisions(), "汉口站", "Hànkǒu")


def test_words_that_are_open_are_listed_with_their_spellings() -> None:
    (row,) = undecided(["汉口站", "汉口站"]).to_dict("records")
    assert (row["specific"], row["names"]) == ("汉口站", 2)
    assert row["candidates"] == "Hànkǒu Zhàn / Hànkǒuzhàn"


@pytest.mark.parametrize(
    "name", ["⿰土夭寺", "王⿰土夭站", "石首?寺", "红旗林场⿰土夭一分场", "A□家山"]
)
def test_no_doubt_tells_a_stand_in_and_each_is_where_it_says(name: str) -> None:
    found = romanize(name)
    assert any(each.words for each in found.undecided)
    for doubt in found.undecided:
        assert found.name[doubt.index :].startswith(doubt.character)
        told = "".join((doubt.character, *doubt.candidates))
        assert not any("\ue000" <= each <= "\uf8ff" for each in told)
