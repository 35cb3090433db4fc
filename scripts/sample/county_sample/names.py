"""Fictional people, institutions and numbers. Nothing here belongs to anyone."""

from .dice import Dice

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷史龙陶贺顾毛郝龚邵万"
FIRST = "建志文晓春秋冬海玉红丽国立新永庆金银桂秀淑雅思宇子浩俊明成振世景书瑞嘉佳慧静雪凤兰素爱卫东学少长树广德安继亚小美"
SECOND = "军伟强芳娟敏霞燕玲萍红梅英平勇涛超杰鹏辉斌峰刚波丽娜洁婷琴云莲荣华生林山海洋阳光明亮龙虎彬凯博轩琪瑶欣怡雯倩颖莉珍香花"
# Invented words; an institution is one of them and a plain ending.
WORDS = (
    "禾穗 麦笙 稷苗 槿禾 榆荫 砚耘 蓁远 苇航 笃匠 衡艺 桐畦 澄匠 朴耘 砺禾 檀艺 栩耘 菽园 楸实 筑穗 沐耘 荞风 黍光 藜照 梓匠 "
    "芃野 岫禾 稔丰 棠耘 煦禾 砥艺 蔚畦 柘林 苡禾 矩匠 绯麦 漪禾 樗木 昀耘 穰岁 葭苇 拾稻 椿艺 蒲月 箬溪 锦穗 芷匠 豫稔 怀麦 覃耘 沁穗"
).split()
ENDINGS = ["职业培训学校", "职业技能培训学校", "职业培训学校有限公司", "职业技能培训中心"]
STREETS = ["禾苗路", "榆钱街", "麦浪大道", "稻香街", "槐序路", "桑麻路", "砚池街", "苇塘路"]
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGION = "410899"  # no such division in GB/T 2260


class People:
    """Gives out names, each only once, and phones that no operator issues (they begin with 100)."""

    def __init__(self):
        self._names = set()
        self._phones = set()

    def name(self, *label):
        dice = Dice("person", *label)
        while True:
            name = dice.pick(SURNAMES) + (dice.pick(FIRST) if dice.chance(780) else "") + dice.pick(SECOND)
            if len(set(name)) == len(name) and name not in self._names:
                self._names.add(name)
                return name

    def phone(self, *label):
        dice = Dice("phone", *label)
        while True:
            phone = f"100{dice.below(10**8):08d}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone


def uscc(kind, *label):
    """A unified social credit code (GB 32100) of region 410899 with a valid check character."""
    dice = Dice("uscc", *label)
    body = kind + REGION + "MA" + "".join(dice.pick(USCC_ALPHABET) for _ in range(7))
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]
