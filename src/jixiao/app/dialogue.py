"""Questions at the terminal: what the import of a table left open (``rubric finish``), facts still missing (``fill --ask``)."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao import pipeline
from jixiao.app.terminal import hanging, say, say_json, terminal_width
from jixiao.model import UsageStop
from jixiao.office import load

if TYPE_CHECKING:
    from jixiao.authoring import Asked, Choice
    from jixiao.master import Gap
    from jixiao.model import Fact
    from jixiao.rubric import Question, Rubric

BACK, SKIP, STOP, APART = ("b", "上"), ("", "s", "跳"), ("q", "退"), ("d", "逐")
BY_TEXT = "按原文的意思"


class _Over(Exception):  # noqa: N818 - the person stops, which is no error
    """The person stops; what is answered is saved."""


def finish(target: Path, who: str, as_json: bool) -> int:
    """Ask what is open in a definition file and write every answer into it."""
    if not target.is_file():
        raise UsageStop("J821", name=str(target))
    if target.suffix.lower() not in pipeline.OWN:
        raise UsageStop("J825", name=target.name)
    if as_json:
        rubric = pipeline.rubric(str(target))
        say_json(
            {"rubric": rubric.id, "questions": [as_data(rubric, question) for question in rubric.questions]}
        )
        return 0
    made = Finishing(target, who)
    try:
        made.all()
    except (_Over, EOFError, KeyboardInterrupt):
        say("")
    left = len(made.rubric.questions)
    rest = (
        f"还有 {left} 题，再运行同一命令接着回答"
        if left
        else f"没有待定的问题，可用 jixiao new {target} -o 评分簿.xlsx 建簿"
    )
    say(f"本次回答 {made.count} 题，都已存入 {target.name}；{rest}")
    return 0


def as_data(rubric: Rubric, question: Question) -> dict[str, Any]:
    """A question with its choices, as data."""
    from jixiao.authoring import asked, together

    made = asked(rubric, question)
    group = next((group for group in together(rubric) if question in group), [])
    return {
        **question._asdict(),
        "together": [_about(other) for other in group if other.id != question.id],
        "values": list(made.values),
        "takes": made.takes,
        "choices": [{"label": c.label, "rule": c.sentence, "points": list(c.points)} for c in made.choices],
    }


class Finishing:
    """One sitting: the definition as it is now, which questions were put off, and what was before each answer."""

    def __init__(self, target: Path, who: str) -> None:
        self.target, self.who, self.count = target, who, 0
        self.was = load(target)[1]
        self.rubric = pipeline.rubric(str(target))
        self.skipped: set[int] = set()
        self.apart: set[int] = set()
        self.offered: set[str] = set()
        self.before: list[tuple[list[int], dict[str, Any] | None, int]] = []

    def waiting(self) -> list[list[Question]]:
        """The questions not put off, those of one kind together, but for those that are to be answered one by one."""
        from jixiao.authoring import together

        made: list[list[Question]] = []
        for group in together(self.rubric):
            left = [one for one in group if one.id not in self.skipped]
            whole = [one for one in left if one.id not in self.apart]
            made += [whole] if whole else []
            made += [[one] for one in left if one.id in self.apart]
        return made

    def all(self) -> None:
        """Every open question once."""
        total = len(self.waiting())
        if total:
            say(f"{self.rubric.name}：{total} 个问题。每题答完即保存；{_keys()}")
        while total and not self.who:
            self.who = _ask("谁作决定（姓名）")
        while waiting := self.waiting():
            self.one(waiting[0], len(waiting))

    def one(self, group: list[Question], waiting: int) -> None:
        """One question, about all the items of its group, until it is answered, skipped or left for the one before."""
        from jixiao.authoring import asked

        own, others = group[0], group[1:]
        question = asked(self.rubric, own)
        _show(question, waiting, others)
        while True:
            said = _ask("选哪一个" + ("，或直接写" if question.takes else ""))
            if said in STOP:
                raise _Over
            if said in SKIP:
                self.skipped.update(one.id for one in group)
                self.before.append(([one.id for one in group], None, self.count))
                return
            if said in APART and others:
                self.apart.update(one.id for one in group)
                return
            if said in BACK:
                if self.back():
                    return
                say("已经是第一题")
                continue
            choice = self.chosen(question, said)
            why = _ask(f"理由（回车：{BY_TEXT}）") if choice is not None else ""
            if why in STOP:
                raise _Over
            if choice is not None and why not in BACK:
                self.save(own, choice, why or BY_TEXT)
                for other in others:
                    self.follow(other, choice, why or BY_TEXT)
                self.alike(own, choice)
                return

    def chosen(self, question: Asked, said: str) -> Choice | None:
        """The choice of a number, or of a sentence that the person confirms."""
        from jixiao.authoring import AnswerError, tried, typed

        if said.isdecimal() and 0 < int(said) <= len(question.choices):
            return question.choices[int(said) - 1]
        if not question.takes:
            say(f"请写 1 到 {len(question.choices)} 的序号")
            return None
        try:
            choice, values = typed(self.rubric, question.question, said)
        except AnswerError as error:
            _line(f"用不上：{error}", "  ")
            return None
        if choice.sentence:
            _line(f"读作：{choice.sentence}", "  ")
            _line(_points(values, choice), "  ")
        while choice.sentence:
            more = _ask("就这样定吗（回车确认，n 重写，写一个数值试算）")
            if more in ("n", "N", "否"):
                return None
            if not more:
                break
            say(f"  {more}：{tried(self.rubric, question.question, choice, more) or '不能试算'}")
        return choice

    def save(self, question: Question, choice: Choice, why: str) -> None:
        """Write an answer into the file."""
        from jixiao.authoring import answered

        today = datetime.datetime.now().astimezone().date().isoformat()
        data = answered(self.rubric, question, choice, why=why, who=self.who, when=today)
        self.before.append(([question.id], self.rubric.data["rubric"], self.count))
        self.write(data)
        self.count += 1

    def follow(self, question: Question, choice: Choice, why: str) -> None:
        """The same answer for another question, as one with the answer before; one that has it not stays open."""
        from jixiao.authoring import same

        held = same(self.rubric, question, choice)
        if held is not None:
            self.save(question, held, why)
            self.before.pop()

    def write(self, data: dict[str, Any]) -> None:
        """The definition as the file and this sitting have it."""
        pipeline.save_rubric(self.target, data, self.was)
        self.was = load(self.target)[1]
        self.rubric = pipeline.rubric(str(self.target))

    def back(self) -> bool:
        """Undo the last answer, or take up the question skipped last."""
        if not self.before:
            return False
        numbers, data, self.count = self.before.pop()
        self.skipped.difference_update(numbers)
        if data is not None:
            self.write(data)
        return True

    def alike(self, question: Question, choice: Choice) -> None:
        """Offer the same answer, once, for the other questions of its sort that have it."""
        if choice.label in self.offered:
            return
        self.offered.add(choice.label)
        same = self.same(question, choice)
        named = "、".join(other.about for other, _ in same[:5]) + ("等" if len(same) > 5 else "")
        which = f"另有 {len(same)} 题也可选“{choice.label}”（{named}），一并这样答吗（y/回车不）"
        if same and _ask(which) in ("y", "Y", "是"):
            self.save_alike(question, choice)

    def same(self, question: Question, choice: Choice) -> list[tuple[Question, Choice]]:
        """The other questions of its sort that have the same answer, with it."""
        from jixiao.authoring import same

        others = (other for other in self.rubric.questions if other.asks == question.asks)
        return [(other, held) for other in others if (held := same(self.rubric, other, choice)) is not None]

    def save_alike(self, question: Question, choice: Choice) -> None:
        """The same answer for all of them."""
        for other, held in self.same(question, choice):
            self.save(other, held, f"与“{question.about}”相同")


def facts_asked(waiting: Sequence[Gap]) -> dict[str, Fact]:
    """What a person types for the facts still missing, by name; what was typed counts where the rest is cut off."""
    from jixiao.intake import typed_fact

    say(f"还有 {len(waiting)} 个数没有取得；{_keys()}" if waiting else "没有缺的数")
    given: dict[str, Fact] = {}
    number = 0
    with contextlib.suppress(_Over, EOFError, KeyboardInterrupt):
        while number < len(waiting):
            need = waiting[number].need
            name, where = need.concept.name, "、".join(need.documents)
            say("")
            _line(f"{number + 1}/{len(waiting)}｜{name}（{need.concept.unit}，{waiting[number].period}）", "")
            told = [f"通常在{where}" if where else "", need.note or need.concept.about]
            told.append("没有发生的填0" if waiting[number].event else "")
            if any(told):
                _line("；".join(filter(None, told)), "  ")
            said = _ask("数值")
            if said in STOP:
                break
            if said in BACK:
                number = max(number - 1, 0)
                continue
            if said not in SKIP:
                try:
                    typed_fact(name, said, "", need.concept)
                    given[name] = typed_fact(name, said, _ask("取自哪份材料（可不填）"), need.concept)
                except ValueError as error:
                    _line(f"用不上：{error}", "  ")
                    continue
            number += 1
    return given


def _keys() -> str:
    return "回车跳过，b 回到上一题，q 停下"


def _ask(text: str) -> str:
    return input(f"{text}> ").strip()


def _line(text: str, margin: str) -> None:
    say(hanging(margin + text, terminal_width(), margin + "  "))


def _points(values: tuple[str, ...], choice: Choice) -> str:
    return "  ".join(f"{value}：{points}" for value, points in zip(values, choice.points, strict=True))


def _about(question: Question) -> str:
    """The item that a question is about."""
    point = f" 第{question.point}个要点" if question.point else ""
    return f"{question.about}{point}{f' {question.at}' if question.at else ''}"


def _show(question: Asked, waiting: int, others: Sequence[Question] = ()) -> None:
    own = question.question
    point = f" 第{own.point}个要点" if own.point else ""
    say("")
    if others:
        _line(f"还有 {waiting} 题｜{len(others) + 1} 项同一个问题（d 逐项回答）", "")
        _line("、".join(map(_about, (own, *others))), "  ")
        _line(f"以{own.about}为例：", "  ")
    else:
        _line(f"还有 {waiting} 题｜{own.about}{point}", "")
    if own.says:
        _line(f"原文：{own.says}", "  ")
    at = f"{own.at}：" if own.at else ""
    _line(f"疑问：{at}{own.why}", "  ")
    for number, choice in enumerate(question.choices, 1):
        _line(f"{number}  {choice.label}", "  ")
        if choice.sentence and choice.sentence != choice.label and own.asks == "rule":
            _line(choice.sentence, "     ")
        if choice.points:
            _line(_points(question.values, choice), "     ")
    if question.takes:
        _line(f"或者写{question.takes}", "  ")
