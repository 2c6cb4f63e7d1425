"""Words that names of the sample county are made of, each with its reading.

A word is written ``text:reading``, the reading in syllables with tone marks, parted by dots.
Readings are those a name takes here; they are part of the recipe's truth.
"""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A piece of a name with its syllables.

    Examples
    --------
    >>> Word("解家", ("xiè", "jiā")) + Word("庄", ("zhuāng",))
    Word(text='解家庄', syllables=('xiè', 'jiā', 'zhuāng'))
    """

    text: str
    syllables: tuple[str, ...]

    def __add__(self, other: Word) -> Word:  # type: ignore[override]
        return Word(self.text + other.text, self.syllables + other.syllables)


def word(told: str) -> Word:
    """Read one word from ``text:reading``.

    Examples
    --------
    >>> word("杨树:yáng.shù")
    Word(text='杨树', syllables=('yáng', 'shù'))
    """
    text, _, reading = told.partition(":")
    return Word(text, tuple(reading.split(".")))


def words(told: str) -> tuple[Word, ...]:
    """Read words parted by blanks."""
    return tuple(word(each) for each in told.split())


SURNAMES = words(
    "李:lǐ 王:wáng 张:zhāng 刘:liú 陈:chén 杨:yáng 黄:huáng 赵:zhào 吴:wú 周:zhōu 徐:xú"
    " 孙:sūn 马:mǎ 朱:zhū 胡:hú 郭:guō 何:hé 高:gāo 林:lín 罗:luó 郑:zhèng 梁:liáng 谢:xiè"
    " 宋:sòng 唐:táng 许:xǔ 韩:hán 冯:féng 邓:dèng 曹:cáo 彭:péng 肖:xiāo 田:tián 董:dǒng"
    " 袁:yuán 潘:pān 于:yú 蒋:jiǎng 蔡:cài 余:yú 杜:dù 叶:yè 程:chéng 苏:sū 魏:wèi 吕:lǚ"
    " 丁:dīng 卢:lú 姚:yáo 钟:zhōng 姜:jiāng 崔:cuī 谭:tán 陆:lù 汪:wāng 范:fàn 金:jīn 石:shí"
    " 廖:liào 贾:jiǎ 夏:xià 韦:wéi 方:fāng 白:bái 邹:zōu 孟:mèng 熊:xióng 秦:qín 邱:qiū"
    " 江:jiāng 尹:yǐn 薛:xuē 闫:yán 段:duàn 雷:léi 侯:hóu 龙:lóng 史:shǐ 陶:táo 黎:lí 贺:hè"
    " 顾:gù 毛:máo 郝:hǎo 龚:gōng 邵:shào 万:wàn 钱:qián 严:yán 武:wǔ 戴:dài 莫:mò 孔:kǒng"
    " 向:xiàng 汤:tāng 涂:tú 易:yì 聂:niè 鲁:lǔ 左:zuǒ 游:yóu"
)
TRAP_SURNAMES = words(
    "解:xiè 单:shàn 仇:qiú 任:rén 曾:zēng 查:zhā 翟:zhái 华:huà 区:ōu 朴:piáo 缪:miào 盖:gě 卜:bǔ"
)
VILLAGE_TAILS = words(
    "湾:wān 庄:zhuāng 台:tái 垸:yuàn 冲:chōng 畈:fàn 岗:gǎng 桥:qiáo 渡:dù 河:hé 坝:bà 榨:zhà"
    " 嘴:zuǐ 墩:dūn 场:chǎng 店:diàn 铺:pù 口:kǒu 坡:pō 塘:táng 堰:yàn 巷:xiàng 大屋:dà.wū"
    " 老屋:lǎo.wū 祠堂:cí.táng 新屋:xīn.wū 河口:hé.kǒu 剅:lóu 大院:dà.yuàn 坊:fāng"
)
NATURE = words(
    "杨树:yáng.shù 桃花:táo.huā 荷叶:hé.yè 芦苇:lú.wěi 白鹤:bái.hè 青龙:qīng.lóng"
    " 黄金:huáng.jīn 双河:shuāng.hé 三岔:sān.chà 石板:shí.bǎn 泥沟:ní.gōu 沙窝:shā.wō"
    " 月牙:yuè.yá 凤凰:fèng.huáng 牛角:niú.jiǎo 马鞍:mǎ.ān 野鸭:yě.yā 鲤鱼:lǐ.yú 莲花:lián.huā"
    " 菱角:líng.jiǎo 柳林:liǔ.lín 枫树:fēng.shù 樟树:zhāng.shù 乌龟:wū.guī 石狮:shí.shī"
    " 龙王:lóng.wáng 观音:guān.yīn 关帝:guān.dì 土地:tǔ.dì 白果:bái.guǒ 梅花:méi.huā"
    " 竹林:zhú.lín 茶园:chá.yuán 横堤:héng.dī 青蒿:qīng.hāo 九岭:jiǔ.lǐng 七里:qī.lǐ"
    " 八角:bā.jiǎo 五福:wǔ.fú 一心:yī.xīn 四方:sì.fāng 金鸡:jīn.jī 铁匠:tiě.jiàng 瓦窑:wǎ.yáo"
    " 油榨:yóu.zhà 新堤:xīn.dī 红花:hóng.huā 黑鱼:hēi.yú 螺蛳:luó.sī 天鹅:tiān.é 东安:dōng.ān"
    " 西安:xī.ān 平安:píng.ān"
)
NATURE_TAILS = words(
    "湾:wān 台:tái 垸:yuàn 冲:chōng 岭:lǐng 岗:gǎng 坡:pō 塘:táng 沟:gōu 桥:qiáo 咀:zuǐ"
    " 口:kǒu 堰:yàn"
)
PREFIXES = words(
    "上:shàng 下:xià 大:dà 小:xiǎo 新:xīn 老:lǎo 东:dōng 西:xī 南:nán 北:běi 前:qián 后:hòu"
)
MODERN = words(
    "胜利:shèng.lì 团结:tuán.jié 红旗:hóng.qí 新民:xīn.mín 建设:jiàn.shè 前进:qián.jìn"
    " 光明:guāng.míng 幸福:xìng.fú 和平:hé.píng 永兴:yǒng.xīng 兴隆:xīng.lóng 富强:fù.qiáng"
    " 合心:hé.xīn 友谊:yǒu.yì 新生:xīn.shēng 民主:mín.zhǔ 长江:cháng.jiāng 群力:qún.lì"
    " 向阳:xiàng.yáng 东升:dōng.shēng 爱国:ài.guó 安乐:ān.lè 星火:xīng.huǒ 丰收:fēng.shōu"
    " 先锋:xiān.fēng 跃进:yuè.jìn 五星:wǔ.xīng"
)
STREET_WORDS = words(
    "人民:rén.mín 解放:jiě.fàng 建设:jiàn.shè 中山:zhōng.shān 文化:wén.huà 滨河:bīn.hé"
    " 东方:dōng.fāng 南岳:nán.yuè 楚溪:chǔ.xī 荷花:hé.huā 桂花:guì.huā 迎宾:yíng.bīn"
    " 建宁:jiàn.níng 笔架:bǐ.jià 绣球:xiù.qiú 学苑:xué.yuàn 科技:kē.jì 兴业:xīng.yè"
    " 惠民:huì.mín 园林:yuán.lín 金平:jīn.píng 张城:zhāng.chéng 书院:shū.yuàn 县门:xiàn.mén"
    " 鼓楼:gǔ.lóu 大寺:dà.sì 花园:huā.yuán 梧桐:wú.tóng 香樟:xiāng.zhāng 银杏:yín.xìng"
    " 明珠:míng.zhū 长安:cháng.ān 太平:tài.píng 永安:yǒng.ān 新华:xīn.huá 振兴:zhèn.xīng"
    " 友爱:yǒu.ài 体育:tǐ.yù 环城:huán.chéng 站前:zhàn.qián 港口:gǎng.kǒu 粮道:liáng.dào"
    " 盐市:yán.shì 米厂:mǐ.chǎng 织造:zhī.zào 鱼市:yú.shì 城隍:chéng.huáng 文庙:wén.miào"
    " 朝阳门:cháo.yáng.mén 重阳:chóng.yáng 长乐:cháng.lè 曲江:qū.jiāng 洞庭:dòng.tíng"
    " 都亭:dū.tíng"
)
STREET_TAILS = words("路:lù 街:jiē 大道:dà.dào 巷:xiàng")
SIDES = words("东:dōng 西:xī 南:nán 北:běi 中:zhōng")
TRAPS = words(
    "解家庄:xiè.jiā.zhuāng 盖家堡:gě.jiā.bǔ 单家集:shàn.jiā.jí 六里铺:liù.lǐ.pù 长乐:cháng.lè"
    " 大埔:dà.bù 都亭:dū.tíng 什字街:shí.zì.jiē 重阳:chóng.yáng 乐塘:lè.táng 曲江:qū.jiāng"
    " 佛子岭:fó.zǐ.lǐng 朝阳:cháo.yáng 洞庭:dòng.tíng 仇家店:qiú.jiā.diàn 任家铺:rén.jiā.pù"
    " 曾家湾:zēng.jiā.wān 查家桥:zhā.jiā.qiáo 翟家营:zhái.jiā.yíng 华家冲:huà.jiā.chōng"
    " 朴家台:piáo.jiā.tái 缪家垸:miào.jiā.yuàn 区家园:ōu.jiā.yuán 卜家岗:bǔ.jiā.gǎng"
    " 重石:chóng.shí 长岗:cháng.gǎng 七里堡:qī.lǐ.pù 都堂:dū.táng 曲塘:qū.táng 行堰:xíng.yàn"
    " 石埠:shí.bù 莘庄:xīn.zhuāng 东阿嘴:dōng.ē.zuǐ 三家店:sān.jiā.diàn 会龙桥:huì.lóng.qiáo"
    " 乐善:lè.shàn 降龙:xiáng.lóng 藏龙:cáng.lóng 调军:diào.jūn 斗湖:dǒu.hú 冠山:guān.shān"
)
NATURAL_KINDS = {
    "river": words("河:hé 溪:xī 港:gǎng 沟:gōu 渠:qú"),
    "lake": words("湖:hú"),
    "hill": words("山:shān 岭:lǐng 峰:fēng 坡:pō"),
    "reservoir": words("水库:shuǐ.kù"),
}
BUILT_KINDS = {
    "bridge": words("桥:qiáo 大桥:dà.qiáo"),
    "school": words("小学:xiǎo.xué 中学:zhōng.xué"),
    "temple": words("寺:sì 庙:miào 庵:ān"),
    "pump": words("泵站:bèng.zhàn"),
    "sluice": words("闸:zhá"),
    "dyke": words("堤:dī 大堤:dà.dī"),
    "farm": words("农场:nóng.chǎng 渔场:yú.chǎng 林场:lín.chǎng"),
    "park": words("公园:gōng.yuán"),
    "estate": words("小区:xiǎo.qū 花园:huā.yuán 家园:jiā.yuán"),
    "ferry": words("渡口:dù.kǒu"),
    "site": words("遗址:yí.zhǐ"),
}
# GB/T 18521-2001 category of each kind, code and Chinese name.
CATEGORIES = {
    "village": ("22200", "农村居民点"),
    "river": ("12100", "河流"),
    "lake": ("12200", "湖泊"),
    "hill": ("13400", "山"),
    "reservoir": ("24230", "水库"),
    "bridge": ("23610", "桥梁"),
    "school": ("27300", "事业单位"),
    "temple": ("25100", "纪念地"),
    "pump": ("24300", "排灌设施"),
    "sluice": ("24400", "堤、堰(坝、闸)"),
    "dyke": ("24400", "堤、堰(坝、闸)"),
    "farm": ("21720", "农、林、牧、渔区"),
    "park": ("25200", "公园"),
    "estate": ("22100", "城镇居民点"),
    "ferry": ("23150", "渡口"),
    "site": ("25100", "纪念地"),
    "street": ("23510", "道路、街巷"),
}
