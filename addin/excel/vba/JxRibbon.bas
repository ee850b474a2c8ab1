Attribute VB_Name = "JxRibbon"
Option Explicit

' One procedure a button. Each rings with its request, named in requests.yaml, and does nothing else.

Public Sub JxNew(control As Object)
    Press "new"
End Sub

Public Sub JxFill(control As Object)
    Press "fill"
End Sub

Public Sub JxScore(control As Object)
    Press "score"
End Sub

Public Sub JxUndo(control As Object)
    Press "undo"
End Sub

Public Sub JxCheck(control As Object)
    Press "check"
End Sub

Public Sub JxVerify(control As Object)
    Press "verify"
End Sub

Public Sub JxReport(control As Object)
    Press "report"
End Sub

Public Sub JxHelp(control As Object)
    Press "help"
End Sub

' Silent where somebody took the request: the service speaks for itself from then on.
Private Sub Press(ByVal verb As String)
    Dim outcome As String
    outcome = JxBell.Ring(verb)
    If outcome <> "taken" And outcome <> "ringing" Then
        MsgBox JxText.Message(outcome), vbExclamation, JxText.Message("title")
    End If
End Sub
