Attribute VB_Name = "JxText"
Option Explicit

' Texts: the messages lie on the sheet of this add-in, because a module keeps ASCII only.

' The text behind a name; the one for "refused" where there is no such name.
Public Function Message(ByVal key As String) As String
    Dim row As Long
    row = 1
    Do While CStr(ThisWorkbook.Worksheets(1).Cells(row, 1).Value) <> ""
        If CStr(ThisWorkbook.Worksheets(1).Cells(row, 1).Value) = key Then
            Message = CStr(ThisWorkbook.Worksheets(1).Cells(row, 2).Value)
            Exit Function
        End If
        row = row + 1
    Loop
    If key <> "refused" Then Message = Message("refused")
End Function

' Four hex digits a letter, so that a Chinese name survives every code page.
Public Function Letters(ByVal text As String) As String
    Dim place As Long
    Dim made As String
    For place = 1 To Len(text)
        made = made & Right$("000" & Hex$(AscW(Mid$(text, place, 1)) And &HFFFF&), 4)
    Next place
    Letters = made
End Function
