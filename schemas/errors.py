"""Errors: the type says what to do next, docstring and `zh` are the default message, the facts are attributes."""

import inspect
from typing import ClassVar, Final

from schemas.names import Language, Name


class Grid36Error(Exception):
    """Something went wrong in Grid36."""

    zh: ClassVar[str] = "Grid36 出错了。"
    """The message in Chinese; every kind has its own, as it has its own docstring."""

    def __init__(self, message: str | Name | None = None, /, **facts: object) -> None:
        """A `message` that is a text comes from elsewhere in the reader's language already, or has only one."""
        default = inspect.cleandoc(type(self).__doc__ or "").replace("\n", " ")
        super().__init__((message.en if isinstance(message, Name) else message) or default)
        self._in_chinese = (message.zh if isinstance(message, Name) else message) or vars(type(self)).get("zh", default)
        self.__dict__.update(facts)
        self.facts = facts

    def message(self, language: Language) -> str:
        """What went wrong and what to do, without the facts."""
        return self._in_chinese if language is Language.ZH else str(self.args[0])

    def say(self, language: Language) -> str:
        """The message, then the facts."""
        zh = language is Language.ZH
        shown = [f"{FACTS.get(k, k)}：{v}" if zh else f"{k.replace('_', ' ')}: {v}" for k, v in self.facts.items()]
        if not shown:
            return self.message(language)
        return self.message(language) + (f"（{'，'.join(shown)}）" if zh else f" ({', '.join(shown)})")

    def __str__(self) -> str:
        """In English, as logs have it."""
        return self.say(Language.EN)


class Parked(Grid36Error):
    """This record cannot be processed; it is put aside in `parked` with its reason, and the rest goes on."""

    zh = "这条记录无法处理；已连同原因存入 parked，其余照常进行。"


class Retry(Grid36Error):
    """This did not work now; the same may work in a moment."""

    zh = "现在没有成功，请稍后再试。"


class Stop(Grid36Error):
    """This will not work by trying again; a person has to change something first."""

    zh = "重试无效，须先由人处理。"


class ServiceAway(Retry):
    """A service that is needed does not answer. Run `grid36 status` to see which, and `grid36 up` to start it."""

    zh = "所需的服务没有应答。用 grid36 status 查看是哪一个，用 grid36 up 启动。"


class WrongInput(Stop):
    """This input cannot be used. Correct what is named and try again."""

    zh = "输入无法使用。请改正指出之处后重试。"


FACTS: Final[dict[str, str]] = {
    "address": "地址",
    "after": "变为",
    "applied": "已处理至",
    "before": "原状态",
    "beginning": "开始于",
    "behind": "落后",
    "box": "范围",
    "by": "办理人",
    "bytes": "字节",
    "case": "案件",
    "cases": "案件数",
    "cell_m": "格宽（米）",
    "cells": "格数",
    "code": "代码",
    "content": "内容",
    "counted": "应有",
    "csv": "CSV",
    "deadline": "时限",
    "detail": "详情",
    "end": "结束于",
    "epoch": "批次",
    "error": "错误",
    "event": "事件",
    "exit_code": "退出码",
    "expected": "应为",
    "fact": "事实",
    "fault": "错误",
    "field": "字段",
    "file": "文件",
    "folder": "文件夹",
    "found": "实为",
    "given": "给出",
    "home": "所在文件夹",
    "id": "编号",
    "key": "键",
    "known": "可用",
    "last": "最近一次",
    "left": "剩余",
    "limit": "上限",
    "log": "日志",
    "logs": "日志",
    "mechanism": "登录方式",
    "most": "最多",
    "n": "序号",
    "offset": "偏移",
    "partition": "分区",
    "partitions": "分区数",
    "path": "路径",
    "pid": "进程号",
    "port": "端口",
    "process": "进程",
    "reason": "原因",
    "region": "地区",
    "report": "上报",
    "reports": "上报数",
    "rulebook": "规则",
    "says": "说明",
    "servers": "服务器",
    "table": "表",
    "topic": "主题",
    "unknown": "未知",
    "user": "用户",
    "v": "版本",
    "variable": "变量",
    "variables": "变量",
    "waiting": "等待",
    "wanted": "应为",
    "what": "情况",
    "why": "原因",
    "works_for": "所属地区",
    "zone": "时区",
}
"""What the facts of errors are called in Chinese; in English they go by their own names."""
