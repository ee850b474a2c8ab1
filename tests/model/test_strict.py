"""Definition files are read strictly: what is wrong is said in one Chinese line with file and line number."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from jixiao.model import MAX_DEFINITION, Body, DefinitionError, load_yaml, read_json, read_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{n}: &{n} [*{m}, *{m}, *{m}, *{m}, *{m}, *{m}, *{m}, *{m}, *{m}]\n"
    for m, n in zip("abcdefgh", "bcdefghi", strict=True)
)
WRONG: dict[str, tuple[int | None, str]] = {
    "a: 1\nb: 2\na: 3\n": (3, "键“a”重复"),
    "a:\n  b: 1\n  b: 2\n": (3, "键“b”重复"),
    "a: .inf\n": (1, "数字“.inf”应写成普通十进制"),
    "a: 0x10\n": (1, "数字“0x10”应写成普通十进制"),
    "a: 1_000\n": (1, "数字“1_000”应写成普通十进制"),
    "a: 1:30\n": (1, "数字“1:30”应写成普通十进制"),
    "a: 1\nb: !!python/name:os.system x\n": (2, "不支持的类型"),
    "a: !!binary aGk=\n": (1, "不支持的类型"),
    "- a\n- b\n": (1, "最外层应为“键: 值”"),
    "": (1, "最外层应为“键: 值”"),
    "文字\n": (1, "最外层应为“键: 值”"),
    "a: [1, 2\nb: 3\n": (2, "不是有效的 YAML"),
    "a: 1\n\tb: 2\n": (2, "不是有效的 YAML"),
    "a: *nobody\n": (1, "不是有效的 YAML"),
    "a: 1\n---\nb: 2\n": (2, "不是有效的 YAML"),
    'a: "\\x07\n': (2, "不是有效的 YAML"),
    "? [a, b]\n: 1\n": (1, "键应为文字"),
    "a: &a [*a]\n": (1, "嵌套过深或内容过多"),
    BOMB: (None, "嵌套过深或内容过多"),
    "a: " + "[" * 200_000: (1, "嵌套过深或内容过多"),
    "a: " + "{a: " * 60 + "}" * 60: (1, "嵌套过深或内容过多"),
    "".join("  " * n + "a:\n" for n in range(60)): (41, "嵌套过深或内容过多"),
    "- " * 300 + "a": (1, "嵌套过深或内容过多"),
}  # fmt: skip


class Refusing(yaml.SafeLoader):
    """A reader that bounds nesting on its own and in its own words, as the releases from 6.0.4 on do at 1000 levels."""

    def fetch_flow_collection_start(self, token: Any) -> None:
        """An opening bracket; not one too many."""
        if self.flow_level > 45:
            raise yaml.scanner.ScannerError(None, None, "exceeded maximum nesting depth", self.get_mark())
        super().fetch_flow_collection_start(token)


READERS = {"as installed": None, "without libyaml": yaml.SafeLoader, "refusing deep text itself": Refusing}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", WRONG, ids=lambda text: repr(text[:24]))
def test_wrong_text_is_refused_with_file_and_line(
    text: str, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if READERS[reader]:
        monkeypatch.setattr(yaml, "CSafeLoader", READERS[reader])
    line, problem = WRONG[text]
    with pytest.raises(DefinitionError) as caught:
        read_yaml(text, "例.yaml")
    assert problem in caught.value.problem
    assert caught.value.where == "例.yaml"
    assert "\n" not in str(caught.value)
    if line:
        assert caught.value.line == line
        assert str(caught.value).startswith(f"例.yaml 第{line}行：")


def test_nothing_of_a_definition_is_ever_run() -> None:
    with pytest.raises(DefinitionError):
        read_yaml("a: !!python/object/apply:os.system [ls]\nb: !!python/name:os.system x\n", "例.yaml")


def test_plain_values_arrive_exact() -> None:
    made = read_yaml(
        "a: 0.1\nb: 90%\nc: true\nd: null\ne: 2023-04-28\nf: '1'\ng: [1, {h: 2}]\ni: -3\nj: 007\n", "例"
    )
    assert made["a"] == Decimal("0.1")
    assert (made["b"], made["c"], made["d"], made["e"], made["f"]) == ("90%", True, None, "2023-04-28", "1")
    assert made["g"][1] == {"h": Decimal(2)}
    assert made["g"][1].line == 7
    assert made["i"] == -3


def test_files_that_cannot_be_read_are_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"没有\.yaml：无法读取"):
        load_yaml(tmp_path / "没有.yaml")
    with pytest.raises(DefinitionError, match="无法读取"):
        load_yaml(tmp_path)
    gb = tmp_path / "国标.yaml"
    gb.write_bytes("名称: 遂溪".encode("gb18030"))
    with pytest.raises(DefinitionError, match="不是 UTF-8 编码的文本"):
        load_yaml(gb)
    large = tmp_path / "大.yaml"
    large.write_bytes(b"a: 1\n" * (MAX_DEFINITION // 5 + 1))
    with pytest.raises(DefinitionError, match="文件超过 4 MB"):
        load_yaml(large)
    bom = tmp_path / "bom.yaml"
    bom.write_bytes("名称: 遂溪".encode("utf-8-sig"))
    assert load_yaml(bom) == {"名称": "遂溪"}


def test_keys_are_checked_where_they_stand() -> None:
    made = read_yaml("a: 1\nb: 2\n", "例.yaml")
    assert made.only(("a",), ("b", "c")) is made
    with pytest.raises(DefinitionError, match=r"例\.yaml 第2行：未知的键“b”，可用的键：a、c"):
        made.only(("a",), ("c",))
    with pytest.raises(DefinitionError, match=r"例\.yaml 第1行：缺少键“d”"):
        made.only(("a", "b", "d"))


TYPED = [
    ("text", "[1]", "应为文字"),
    ("text", "true", "应为文字"),
    ("text", "null", "应为文字"),
    ("number", "三", "应为数字"),
    ("number", "90%", "应为数字"),
    ("whole", "1.5", "应为整数"),
    ("flag", "maybe", "应为 true 或 false"),
    ("flag", "1", "应为 true 或 false"),
    ("part", "[1]", "应为“键: 值”"),
    ("parts", "{a: 1}", "应为若干项“键: 值”的列表"),
    ("parts", "[1]", "应为若干项“键: 值”的列表"),
    ("texts", "甲", "应为文字的列表"),
    ("texts", "[[甲]]", "应为文字的列表"),
]


@pytest.mark.parametrize(("getter", "value", "problem"), TYPED)
def test_a_value_of_another_type_is_refused_with_its_line(getter: str, value: str, problem: str) -> None:
    made = read_yaml(f"a: 1\nkey: {value}\n", "例.yaml")
    with pytest.raises(DefinitionError, match="第2行：“key”" + problem):
        getattr(made, getter)("key")
    with pytest.raises(DefinitionError, match="缺少键“没有”"):
        getattr(made, getter)("没有")


def test_values_of_the_right_type_are_given() -> None:
    made = read_yaml("a: 2022\nb: true\nc: {d: 1}\ne: [{f: 1}]\ng: [甲, 1]\n", "例.yaml")
    assert (made.text("a"), made.number("a"), made.whole("a")) == ("2022", Decimal(2022), 2022)
    assert (made.flag("b"), made.flag("没有", False), made.text("没有", "")) == (True, False, "")
    assert (made.part("c"), made.parts("e"), made.texts("g")) == ({"d": 1}, [{"f": 1}], ["甲", "1"])
    assert (made.parts("没有", []), made.texts("没有", [])) == ([], [])


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a": NaN}', '{"a": Infinity}', "1", '"a"', "[" * 100_000, '{"a": ' * 100_000]
)
def test_json_inside_a_workbook_is_read_as_strictly(text: str) -> None:
    with pytest.raises(DefinitionError, match="评分簿内"):
        read_json(text, "评分簿内的定义")


@pytest.mark.parametrize("levels", [60, 100_000])
def test_json_is_bounded_in_depth_whatever_the_reader_bears(levels: int) -> None:
    with pytest.raises(DefinitionError, match=r"评分簿内的定义：嵌套过深或内容过多"):
        read_json('{"a": ' + "[" * levels + "]" * levels + "}", "评分簿内的定义")


def test_json_numbers_are_exact() -> None:
    made = read_json('{"a": 0.1, "b": [{"c": 3}]}', "例")
    assert made["a"] == Decimal("0.1")
    assert isinstance(made["b"][0], Body)
