"""An official table on the page: imported into the session, its open questions answered one by one, each saved at once."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jixiao import pipeline
from jixiao.app.dialogue import BY_TEXT, Finishing, as_data
from jixiao.app.service.sessions import OFFICIAL, Session, clean_name, keep_private
from jixiao.app.service.uploads import files, of_file, own_definition
from jixiao.model import Stop, UsageStop

if TYPE_CHECKING:
    from jixiao.authoring import Choice
    from jixiao.rubric import Question, Rubric


def take_table(session: Session, given: str, data: bytes) -> dict[str, Any]:
    """Import an official table as the definition of the session; its questions, and what the import found."""
    name = clean_name(given, OFFICIAL)
    folder = session.fresh("table")
    keep_private(folder / name, data)
    made = folder / f"{PurePosixPath(name).stem}.yaml"
    try:
        findings = pipeline.import_rubric(folder / name, made)
    except Stop as stop:
        stop.finding = of_file(stop.finding, name)
        raise
    session.put(made.name, "definition", made.read_bytes())
    session.told["import"] = pipeline.as_data(findings)
    return {**files(session), "questions": state(session), "findings": session.told["import"]}


def state(session: Session) -> dict[str, Any] | None:
    """The definition of the session and what is open in it; None where there is none."""
    if not session.definition:
        return None
    rubric = pipeline.rubric(str(own_definition(session)))
    return {
        "name": rubric.name,
        "file": session.definition,
        "questions": [question._asdict() for question in rubric.questions],
        "decisions": [decision._asdict() for decision in rubric.decisions if decision.who],
        "back": bool(session.before),
    }


def question(session: Session, words: dict[str, str]) -> dict[str, Any]:
    """A question with its choices and what each gives."""
    return as_data(*_asked(session, words))


def tried_out(session: Session, words: dict[str, str]) -> dict[str, Any]:
    """An answer before it counts: how it is read, its points at the question's values and at one that was named."""
    from jixiao.authoring import tried

    rubric, asked = _asked(session, words)
    choice, values = _choice(rubric, asked, words)
    at = tried(rubric, asked, choice, words["value"]) or "不能试算" if words.get("value") else ""
    return {"rule": choice.sentence, "values": values, "points": choice.points, "at": at}


def answer(session: Session, words: dict[str, Any]) -> dict[str, Any]:
    """Save an answer with who decided and why; what is open then. ``alike``: the same for the questions that also have it."""
    from jixiao.authoring import together

    rubric, asked = _asked(session, words)
    who, why = words.get("who", "").strip(), words.get("why", "").strip() or BY_TEXT
    if not who:
        raise UsageStop("J861", why="还没有写明谁作决定")
    choice, _ = _choice(rubric, asked, words)
    path = own_definition(session)
    before = path.read_bytes()
    made = Finishing(path, who)
    others = [one for group in together(rubric) if asked in group for one in group if one != asked]
    made.save(asked, choice, why)
    if words.get("alike") and not others:
        made.save_alike(asked, choice)
    for other in others if words.get("alike") else ():
        made.follow(other, choice, why)
    session.before.append(before)
    session.changed = True
    return {"count": made.count, "questions": state(session)}


def back(session: Session) -> dict[str, Any]:
    """The definition as it was before the last answer."""
    if session.before:
        keep_private(own_definition(session), session.before.pop())
        session.changed = True
    return {"questions": state(session)}


def definition_file(session: Session) -> tuple[str, bytes]:
    """The definition as it is now: its name and bytes."""
    return session.definition, own_definition(session).read_bytes()


def _asked(session: Session, words: dict[str, str]) -> tuple[Rubric, Question]:
    rubric = pipeline.rubric(str(own_definition(session)))
    found = next((each for each in rubric.questions if str(each.id) == words.get("question", "")), None)
    if found is None:
        raise UsageStop("J861", why="这个问题已经回答过")
    return rubric, found


def _choice(rubric: Rubric, asked: Question, words: dict[str, str]) -> tuple[Choice, tuple[str, ...]]:
    """The choice of a number from 0, or the sentence that was typed, and the values at which its points are told."""
    from jixiao.authoring import AnswerError, typed
    from jixiao.authoring import asked as offered

    number = words.get("choice", "")
    if number:
        made = offered(rubric, asked)
        if not (number.isascii() and number.isdecimal() and int(number) < len(made.choices)):
            raise UsageStop("J879", why="选项")
        return made.choices[int(number)], made.values
    try:
        return typed(rubric, asked, words.get("text", ""))
    except AnswerError as error:
        raise UsageStop("J861", why=str(error)) from error
