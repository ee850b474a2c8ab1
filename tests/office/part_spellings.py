"""Rows of worksheet parts in many spellings: those that the quick reader takes, and those that are the parser's."""

from __future__ import annotations

PLAIN = {
    "number": '<row r="1"><c r="A1"><v>0.1</v></c><c r="B1" s="7"><v>-1E-3</v></c></row>',
    "typed number": '<row r="1"><c r="A1" t="n"><v>1</v></c></row>',
    "not a number": '<row r="1"><c r="A1"><v>1-2</v></c></row>',
    "shared string": '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>9</v></c></row>',
    "inline string": '<row r="2"><c r="AB2" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c></row>',
    "inline, bare": '<row r="2"><c r="AB2" t="inlineStr"><is><t>a\nb</t></is></c></row>',
    "text of a formula": '<row r="1"><c r="A1" t="str"><f>B1&amp;"x"</f><v>a&lt;b&gt;&quot;&apos;&amp;lt;</v></c></row>',
    "empty text": '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>',
    "escapes": '<row r="1"><c r="A1" t="str"><f>B1</f><v>_x000D_x_x0041_</v></c></row>',
    "look-alike": '<row r="1"><c r="A1" t="str"><v>&lt;c r="B1"&gt;</v></c><c r="B1"><v>2</v></c></row>',
    "errors, truth, dates": '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="b"><v>1</v></c>'
    '<c r="C1" t="b"><v>7</v></c><c r="D1" t="d"><v>2022-01-01</v></c></row>',
    "nothing": '<row r="1"/><row r="3"><c r="A3"/><c r="B3" s="4"></c><c r="C3"><v></v></c><c r="D3" t="s"/></row>',
    "uncalculated": '<row r="1"><c r="A1"><f>1+1</f></c></row>',
    "shared formula": '<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>1</v></c>'
    '<c r="B1"><f t="shared" si="0"/><v>2</v></c></row>',
    "as LibreOffice": '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0"'
    ' collapsed="false"><c r="A1" s="0" t="str"><f aca="false">B1</f><v>x</v></c></row>',
    "as Excel": '<row r="1" spans="1:3" s="2" customFormat="1" ht="20" customHeight="1" x14ac:dyDescent="0.25">'
    '<c r="A1" s="1" t="s"><v>0</v></c></row>',
    "text as a number": '<row r="1"><c r="A1"><v>nan</v></c></row>',
    "negative string": '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
    "two texts held": '<row r="1"><c r="A1" t="str"><f>B1</f><v>甲</v></c><c r="B1" t="str"><v>a&amp;b</v></c></row>',
    "a text left, then one held": '<row r="1"><c r="A1" t="str"><v>a&amp;b</v></c><c r="B1" s="3"><v>2</v></c></row>',
    "last column": '<row r="7"><c r="XFD7"><v>1</v></c></row>',
}
OTHER = {
    "no address": "<row><c><v>1</v></c></row>",
    "cell without address": '<row r="1"><c><v>1</v></c></row>',
    "rich text": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>富</t></r><r><t>文</t></r></is></c></row>',
    "comment": '<row r="1"><c r="A1"><!-- <c r="B1"/> --><v>1</v></c></row>',
    "cdata": '<row r="1"><c r="A1" t="str"><v><![CDATA[<v>]]></v></c></row>',
    "blanks between": '<row r="1"> <c r="A1"><v>1</v></c></row>',
    "single quotes": "<row r='1'><c r='A1'><v>1</v></c></row>",
    "attributes in another order": '<row r="1"><c s="1" r="A1"><v>1</v></c></row>',
    "numeric entity": '<row r="1"><c r="A1" t="str"><v>&#65;</v></c></row>',
    "carriage return": '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
    "closing of cdata": '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
    "array formula": '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>',
    "rich value": '<row r="1"><c r="A1" vm="1" t="e"><v>#VALUE!</v></c></row>',
    "extension": '<row r="1"><c r="A1"><v>1</v><extLst/></c></row>',
    "twice": '<row r="1"><c r="A1"/><c r="A1"/></row>',
    "row twice": '<row r="1"><c r="A1"/></row><row r="1"><c r="A1"/></row>',
    "rows backwards": '<row r="2"><c r="A2"/></row><row r="1"><c r="A1"/></row>',
    "cell of another row": '<row r="1"><c r="A2"/></row>',
    "outside the grid": '<row r="1"><c r="XFE1"/></row>',
    "row outside": '<row r="1048577"><c r="A1048577"/></row>',
    "small letters": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "zero first": '<row r="01"><c r="A01"><v>1</v></c></row>',
    "unknown entity": '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
    "doubled attribute": '<row r="1" ht="1" ht="2"><c r="A1"/></row>',
    "value as a text": '<row r="1"><c r="A1" t="inlineStr"><is><v>x</v></is></c></row>',
    "closed by another": '<row r="1"><c r="A1" t="str"><v>x</t></c></row>',
    "no letter at all": '<row r="1"><c r="A1" t="str"><v>\x00</v></c></row>',
    "unclosed": '<row r="1"><c r="A1"><v>1</v></row>',
    "control character": '<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>',
    "no character": '<row r="1"><c r="A1" t="str"><v>\ufffe</v></c></row>',
}
