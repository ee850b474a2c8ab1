"""What becomes of words: which name the quantity, which change nothing, which say that a goal is met, missed or passed.

Words in none of these lists are quoted in a question. The lists are small on purpose: a question is cheap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jixiao.text import denies

_GOAL = r"(?:年度|年初|全年|预期|设定|既定|预定|绩效|指标|目标|计划|任务|规定|工作|标准|要求)"
_WHO = r"(?:实际|项目|部门|单位|各项|数量|任务|指标|目标|工作|完成值|实际值|实际完成值|完成情况|结果|产出|若|部分|的|年度|全年|均|都)"
_PLAN = r"(?:年度|年初|预期|设定|绩效)*(?:目标|指标|计划|预期|任务)(?:值|数|量)?"
MET = re.compile(
    rf"[^≥≤<>]{{0,8}}(?:≥|不低于|不少于|大于等于|大于或等于){_PLAN}"
    rf"|{_WHO}*(?:按期|按时|如期|全部|全额|全面|足额)*(?:完成|达到|达成|实现"
    rf"|达标)(?:{_GOAL}|全部|了|\w{{2,4}}(?=任务))*(?:值|数|量)?的?|(?:全部|全额|足额|全面)\w{{2,4}}的?"
    r"|实际(?P<done>\w{1,6})(?:达到|完成|不低于|≥)(?:年度|年初|计划|目标|预算)+(?P=done)的?"
)
KEPT_TO = re.compile(
    rf"{_WHO}*(?:不超过?|不高于|不突破|未超过?|未突破|控制在|小于等于|≤){_PLAN}(?:以内|之内|内|范围内)?的?"
)
MISSED = re.compile(
    rf"[^≥≤<>]{{0,8}}(?:<|低于|少于|小于){_PLAN}|未(?:全部|全额|足额|全面)\w{{2,4}}的?|{_WHO}*(?:未能|未|没有|没|不能|达不到|低于|少于|不足"
    rf"|小于)(?:全部|按期|足额|能)*(?:完成|达到|达成|实现|达标|达|到)?(?:{_GOAL}|全部|上述|以上)*(?:值|数|量)?的?"
)
PASSED = re.compile(
    rf"(?:超过|超出|高于|大于|超)(?:{_GOAL}|该|此|上述|以上)*(?:值|数|范围|区间|标准|比例)?的?|不在(?:此|该|上述)?(?:范围|区间)内?的?"
)
_AGAINST = r"(?:[^\d]{0,20}[比较与同](?:上年度?|去年|上期|预算|计划|年初|目标值?)(?:相比)?|同比|环比)"
AGAINST = re.compile(_AGAINST)
NOTHING = re.compile(
    r"^(?:全年|年度内?|本年度?|当年|年内)*(?:未|没有|没|无|不|零)|不(?:增|超(?!过?\w*[数额])|上升)|持平|零增长|不存在|及时|按时|按期|以内|之内|相符|一致"
)
_HEADINGS = re.compile(
    r"(?:具体|评价|本项|指标)*(?:评分|计分|得分|评价|打分|赋分|计算|折算)?(?:标准|规则|方法|办法|细则|依据|公式|要点|方式|如下|为|其中)+"
    r"|[A-HIVX]{1,4}(?:档|级|等)?|第[一二三四五]档|[优良中差](?:秀|好|等)?"
)
GRADE = re.compile(
    r"(?P<of>.*?)[为属是评定等级的分]*(?P<label>优秀?|良好?|中等?|合格|一般|较差|差|不合格|及格|不及格)(?:等级?|等次|级|档)?的?"
)
_INTROS = re.compile(
    r"(?:年度|本|该|考核|指标|值|即|其中|年内|评价期内|年度内|全年|当年)*|并(?:予以)?通报(?:批评)?|[^\d]{0,14}(?:高低|情况)?(?:划档|分档)"
    r"|[以按]?绝对值(?:计算)?"
)
_RISKY = re.compile(
    r"^[各每][项个条点]?$|除外|剔除|情节|取整|四舍五入|不再|倍|减半|折半|系数|否决|扣|得分的|加分|不计|不算|计入|视同|视为|取消|酌情|从严|下调|上浮|上调|降档|降级|[一二三四五六七八九]折|不适用|不考核|另行"
    r"|期间|因(?!素)|高者|低者|高分|加权|取平均|平均数|降.?档|升.?档|一档|封顶|累进|从其|恢复|规定的从|单独|另有|择优|就高|就低|孰|较[高低](?:者|值|的|分|得分)"
    r"|取[^,;]*较[高低]"
)
risky = _RISKY.search
"""Whether words inside a name may change the points."""
_LEADS = re.compile(
    r"^(?:其中|若|如果|如|当年|当|凡|对于|对|该|此|本|其|的|根据|按照?|依据|以|实际|全年|年度|本年度|且|则)+"
)
_TAILS = re.compile(r"(?:介于|处于|[降减增升]少?[到至]|下降[到至]|的|为|是|在|达|率为|结果|情况|数为)$")
_PRONOUN = re.compile(
    r"[A-Za-zα-ω]?|(?:实际|指标|目标|年度|任务|该|项|本)*(?:完成)?(?:值|数|率|比率|比例|比|度|进度|程度|幅度|占比|数量|情况|结果|得分|分数)?(?:完成)?"
)
_MANY = re.compile(
    r"、|(?:和|(?<!参)与|以及|及(?![时格]))(?!.{0,10}(?:差异|差距|偏差|相差|之比|比例|比值|比率|对比|之差|相比))|(?<!人)(?<!平)均$|[都各]$|分别|各项|各自"
)
several = _MANY.search
"""Whether a subject names more than one quantity (开工率、完工率均)."""
_INTRO = re.compile(
    r"(?:按照?|根据|依据)[^,;。\d]{1,14}(?:率|度|数|量|额|排名|名次|结果|情况|得分|分数|高低)(?:高低)?(?:计分|计算|计算得分|评分|得分|分档|划档|赋分|折算|换算)(?:后)?(?:计入|计分)?"
)
_OPENING = re.compile(
    r"对[^,;。\d]{2,16}进行(?:[^,;。\d]{0,4}(?:调查|评价|考核|检查))?|(?:开展|计算|对照|抽查|检查)[^,;。\d]{2,12}"
    r"|[^,;。\d]{2,14}[按逐]每?(?:年|季度?|月)(?:度)?(?:考核|统计|通报|计分)?|按(?:照)?(?:年初|年度|既定)?(?:计划|目标)(?:要求)?"
    r"|[^,;。\d]{2,14}[与同和较比][^,;。\d]{2,14}(?:相比|比较|对比)|以[^,;。\d]{2,20}(?:折算|换算)|以[^,;。\d]{2,14}(?:计|(?:作)?为(?:基准|基数|标准))"
)
_ALIAS = re.compile(r"(?P<name>[^()（）,;]{2,20}[^作以])为[A-Za-z]")
DENIAL = re.compile(
    r"(?:部分|各项|项目|均|都)*(?:未|不|没有|没|无)+(?:能|全部)*(?:符合|满足|达标|达到|合格|完成|通过|具备|要求|规定|标准|条件|目标)*的?"
)
DOING = ("", "开展", "组织", "实施", "完成", "举办", "发表")
_MOVES = re.compile(
    r"上升|增加|增长|提高|提升|下降|减少|降低|压减|压缩|缩减|缩短|节约|持平|超支|结余|超过|超出|低于|高于|少于|多于|大于|小于|不足|不变"
)
moves = _MOVES.search
"""Whether words tell of a change of a figure, or of more or less of it."""
_FAULTY = re.compile(
    r"(?<!无)(?<!现)(?<!在)(?:[未没]能?有?(?:按|及时|如期|完成|达)|不(?:规范|合格|合规|合理|准确|完整|及时|达标|符合|到位|健全|齐))"
)
faulty = _FAULTY.search
"""Whether words tell of something done badly (未按期, 不规范), and not of its absence (无不规范)."""
OVER_GOAL = re.compile(
    r"(?:实际|年度|指标)*(?:完成)?(?:值|数量?|情况|量)?[与占和同比](?:年度|预期|绩效|指标|该)*(?:目标|指标|计划|任务)(?:值|数量?|任务数)?的?"
    r"|实际(?P<done>\w{1,6})[与占和同比](?:年度|计划|目标|预算)+(?P=done)的?"
)
"""完成值与指标值的（比例）: the rate that is meant anyway."""
LACKS = re.compile("短?[缺少]|欠|漏")
LATE = re.compile(r"逾期|延迟|延期|延误|推迟|拖延|迟|晚|超期|超时")
OVERRUN = re.compile(
    r"^(?:[^\d]{0,6})?(?:超\w{1,6}支出|超出|超过|逾期|超期|超时|延期|延迟|延误|推迟|拖延|迟报?|晚|超(?:工期|支|预算|概算|编|标准|计划)|偏差|误差)"
)
NEUTRAL_TAILS = re.compile(r"之间|区间|范围内?|时|情况|(?:评)?为[优良中差](?:秀|好|等)?")


def changes_nothing(text: str, *, first: bool) -> bool:
    """Whether a heading or a phrase without points only introduces what follows; a way to compute stands ``first``."""
    if _HEADINGS.fullmatch(text):
        return True
    shapes = (_INTROS, _ALIAS, *((_INTRO, _OPENING) if first else ()))
    return not _RISKY.search(text) and any(shape.fullmatch(text) is not None for shape in shapes)


SUBJECT = re.compile(r"^[^未没不无低少超]{2,14}?(?=(?:全部|按期|如期)*(?:完成|达到|达成|实现))")
"""新增就业人数完成目标任务: who or what did it."""


def alias(text: str) -> str:
    """The quantity that is given a letter (满意度为X); empty where none is."""
    found = _ALIAS.fullmatch(text)
    return "" if found is None else found["name"]


def quantity(text: str) -> str:
    """The words that name the quantity, without those that only lead to it."""
    return _TAILS.sub("", _LEADS.sub("", text))


def same_quantity(name: str, known: Sequence[str]) -> bool:
    """Whether a name means the quantity named before: some of its letters in their order (执行率), or no name at all (结果)."""
    if not known or _PRONOUN.fullmatch(name):
        return True
    named = [other for other in known if not _PRONOUN.fullmatch(other)]
    if any(denies(name) != denies(other) for other in named):
        return False  # 未完成目标80% beside 完成目标80%以上
    return any(
        within(name, other)
        or (len(other) > 2 and name.endswith(other))
        or (_PRONOUN.fullmatch(other) is not None and within(other, name))
        for other in known
    )


def within(name: str, other: str) -> bool:
    """Whether the letters of a name stand in another one in their order."""
    rest = iter(other)
    return all(letter in rest for letter in name)


_GOOD = re.compile(
    r".{2,14}(?:完善|准确|规范|及时|完整|到位|健全|合理|有效|清晰|一致|真实|齐全|充分|明确|有序|合规|良好|优良|科学|[高好全])"
)


def good(text: str) -> bool:
    """Whether words praise something (报表质量高): one of several conditions told side by side."""
    return _GOOD.fullmatch(text) is not None and not risky(text)


_MUST = re.compile(
    r"(?:均|都|并)?(?:必须|需要|须|需|应当|应)(?=提供|提交|出具|附|上传|报送|具备|具有|持有|取得|有|经)"
)
_HANDED = r"(?:提供|提交|出具|附|上传|报送|具备|具有|持有|取得|有)"
_LACKING = re.compile(rf"(?:未能?|没有?|无法|不能|不|无)(?P<verb>{_HANDED}|经)?(?P<what>.*)")


def needed(text: str) -> str:
    """What has to be there (须提供验收报告), or has to be so (须经验收合格); empty where nothing has to."""
    found = _MUST.search(text)
    if found is None or risky(text):
        return ""
    return text[: found.start()] + re.sub(rf"^{_HANDED}", "", text[found.end() :])


def lacking(text: str, what: str) -> bool:
    """Whether words say that it is not there: 未提供的, 无记录."""
    found = _LACKING.fullmatch(text.removesuffix("的").removesuffix("者"))
    return found is not None and within(found["what"], what)


_RISES, _FALLS = "增长|增加|上升|提高|提升|上涨|增", "下降|减少|降低|压减|压缩|缩减|节约|减|降"
_WAYS = ((rf"(?:正)?(?:{_RISES})", 1), (rf"负增长|(?:{_FALLS})", -1), ("持平|不变|零增长|相同|无变化", 0))


def falls(told: str) -> bool:
    """Whether words tell how much something falls."""
    return re.search(_FALLS, told) is not None


def moved(fact: str, told: str) -> tuple[bool, bool, bool] | None:
    """持平或增加 beside a figure that tells how much something falls: below zero, at zero, beyond it; None: no such words."""
    rises = re.search(_RISES, told)
    said = [re.sub(f"^{_AGAINST}|的$", "", part) for part in re.split("[或、]者?|及|以及", fact)]
    found = [next((way for shape, way in _WAYS if re.fullmatch(shape, part)), None) for part in said]
    if None in found or (rises is None) != falls(told):
        return None
    signs = {way if rises is not None else -(way or 0) for way in found}
    return None if signs == {-1, 1} else (-1 in signs, 0 in signs, 1 in signs)


_REMARK = re.compile(r"^(?:备注|注|说明|附注|注意|提示)\d*:")
_WEIGHS = re.compile(r"[得扣加减]\d|不得分|得满分|酌情|除外|否决|减半|折半|加倍|翻倍|[倍折]")
_MOVED = re.compile(
    r"(?:(?:没有|无|不涉及|未涉及|未安排|未发生|不存在|当年|本年度|如|若|当)[^;。]{0,24}[,的])?(?:则|该|此|本|其|相应|政府采购|[,])*(?:指标|项)?"
    r"(?:不考核|不适用|无需考核|不作考核|免予?考核|[,])*[^;。\d%]{0,8}(?:分值|权重|分数)(?:平均|相应)?(?:调整至|调整到|并入|分摊|增加至|计入|转入|转移|合并)[^;。%]{0,24}"
)
_NOT_RATED = re.compile(
    r"(?:如|若|当)*(?=[^,;。]{0,24}(?:为0|无|没有|不涉及|未涉及|未安排|不存在|未发生|新成立|新设立))[^,;。]{2,28}(?:的|时|者)?,?(?:本|该|此)?(?:项|指标|单位|部门)*"
    r"(?:可|则)?(?:不(?:予|作|做|纳入|进行|参与)?(?:考核|评价)|不适用(?:本|该)?(?:指标|项)?|免予?考核)"
)
_ONCE = re.compile(
    r"(?:同一|相同)[^,;。\d]{1,8}(?:,?(?:按|以|取|就)(?:最高|高)[^,;。\d]{0,8}?)?,?(?:不(?:得)?(?:重复|累计|叠加)(?:计分|计算|加分|扣分|得分)?)"
)
_LOSES = re.compile(
    r"(?:本|该|此)?(?:项|指标)*(?:设置?为?|采用|实行|为)(?:倒?扣分[项制]|倒扣[分制]*)(?:指标)?"
)
_SOURCE = re.compile(
    r"[^,;。]{2,20}不计入[^,;。]{1,8}[数额量基]|以[^,;。:()]{2,20}(?:为准|为依据)|截至[\d年月日底末]+|(?:数据|资料)来源[^;。]*"
)


def is_note(text: str, *, ends: bool = True) -> bool:
    """Whether a statement, phrase or bracket is such a remark; ``ends``: nothing goes on behind it (注：… needs that)."""
    words = text.strip(",")
    body = _REMARK.sub("", words)
    if _WEIGHS.search(body):
        return False
    return (body != words and ends) or any(
        shape.fullmatch(body) is not None for shape in (_MOVED, _NOT_RATED, _SOURCE, _ONCE, _LOSES)
    )
