"""Whether a word in a text is negated there: "nobody was injured", 没有人受伤, "injured: none".

Only plain negations count. Unknown words in between (没有路灯有人受伤), doubt ("not sure if"),
double negation (不是没人受伤), questions (有没有人受伤) and limits ("nobody else", "not seriously") leave it a fact.
"""

import re
from typing import Final

_FAR: Final = 80
"""How many characters before and after are considered."""
_ENDS: Final = r"(?=[，。；！？、,.;!?\s]|$)"
_BETWEEN: Final = (
    "人员|人们|任何|什么|一个|一人|工作人员|居民|群众|行人|路人|市民|村民|业主|住户|员工|职工|工人|老人|小孩|孩子|儿童"
    "|学生|司机|乘客|车主|游客|看到|看见|发现|发生|出现|造成|导致|引起|引发|听说|听到|接到|存在|受到|人|有|是|会|曾|再|见|被"
)
_NO: Final = re.compile(f"(?P<no>没有|没|无|未|不|并非|非|零|(?<![0-9.])0)(?:{_BETWEEN})*$")
_NOT_SO: Final = re.compile(
    "(?:还|不是|不可能|不能|不敢说|不能说|不能保证|不保证|不敢保证|不确定|不知道?|不清楚|难说|不见得|未必|怀疑|谁说|难道"
    "|不一定|不等于|是否|差点|几乎|险些|有)(?:就|是|到底|究竟|现场)?$"
)
_ABOUT: Final = "(?:人数|人员|者|情况|现象|事故|问题|隐患|险情|的人|的|了|吗|么)*"
_THEN_NO: Final = re.compile(
    rf"{_ABOUT}(?:(?:\s*[:：？?=]+\s*|为)(?:暂?无|没有|没|否|零|0)|0|零)(?:人|例|起)?{_ENDS}"
    rf"|{_ABOUT}(?:并?没有|并?未)(?:发生|出现){_ENDS}"
    rf"|{_ABOUT}(?:已经|已|都|均|现)*被?(?:排除|解除|消除|修好|修复|扑灭|处理好|处理完|解决)(?:了|完毕)?{_ENDS}"
    rf"|[a-z]*(?: (?:people|persons))?\s*[:?？=]+\s*(?:no|none|nil|0|zero|nobody|no one|n/a)\s*(?=[.,;!?]|$)"
    r"|[a-z]*(?: (?:has|have|had|was|is|were|been|now|already))*"
    rf" (?:fixed|repaired|stopped|put out|extinguished|made safe){_ENDS}"
)
_AGAIN: Final = re.compile("又|还在|再次|仍|再度|again|still")
_CLAUSE: Final = re.compile(
    r"[.!?;:,，。；！？、：()（）\n]|\b(?:and|but|however|although|though|yet|because|when|while|after|so|then)\b"
)
_TOKEN: Final = re.compile(r"[^\W_]+(?:'[a-z]+)?")
_NEGATORS: Final = frozenset({
    "no", "not", "never", "none", "nobody", "nothing", "without", "neither", "nor", "non", "cannot", "0", "zero",
    "isnt", "arent", "wasnt", "werent", "hasnt", "havent", "didnt", "doesnt", "dont",
})  # fmt: skip
_PASSED: Final = frozenset({
    "one", "body", "person", "persons", "people", "anyone", "anybody", "anything", "any", "of", "us", "them", "him",
    "her", "me", "you", "it", "he", "she", "they", "we", "the", "a", "an", "is", "are", "was", "were", "be", "been",
    "being", "has", "have", "had", "got", "get", "gets", "getting", "there", "here", "report", "reports",
    "reported", "sign", "signs", "evidence", "risk", "danger", "resident", "residents", "child", "children", "kids",
    "man", "men", "woman", "women", "driver", "drivers", "worker", "workers", "pedestrian", "pedestrians", "my",
    "our", "his", "their", "or", "hurt", "killed", "dead", "harmed", "fire", "smoke", "smell", "visible", "longer",
    "actually", "currently", "really", "appears", "seems", "to",
})  # fmt: skip
"""What may come between a negation and the negated word."""
_UNSURE: Final = frozenset(
    {"doubt", "if", "whether", "unless", "until", "sure", "know", "knows", "say", "said", "that"}
)
_UP_TO: Final = 3
"""How many words before a negation can reverse it."""


def denied(text: str, begin: int, end: int) -> bool:
    """Whether the casefolded text from `begin` to `end` is negated, or said to be over."""
    before, after = text[max(0, begin - _FAR) : begin], text[end : end + _FAR]
    if _THEN_NO.match(after) and not _AGAIN.search(after):
        return True
    return _denied_in_english(before) if text[begin].isascii() else _denied_in_chinese(before)


def _denied_in_chinese(before: str) -> bool:
    found = _NO.search(before)
    if found is None:
        return False
    lead, at = before[: found.start()], found.end("no")
    asked = found["no"] in {"不", "没"} and lead[-1:] != "" and lead[-1:] == before[at : at + 1]
    return not asked and _NOT_SO.search(lead) is None


def _denied_in_english(before: str) -> bool:
    cuts = [cut.end() for cut in _CLAUSE.finditer(before)]
    tokens = [token.removesuffix("'s") for token in _TOKEN.findall(before[cuts[-1] if cuts else 0 :])]
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        contracted = token.endswith("n't")
        if contracted or token in _NEGATORS:
            asked = contracted and place == 0 and len(tokens) > 1  # isn't there a gas leak?
            earlier = tokens[max(0, place - _UP_TO) : place]
            return not asked and not any(each in _NEGATORS or each in _UNSURE or "n't" in each for each in earlier)
        if token not in _PASSED:
            return False
    return False
