Attribute VB_Name = "JxBell"
Option Explicit

' The doorbell: a small text file in the inbox of this user, and a short wait for the answer beside it.
' The work is done after this code has returned: the service talks to Excel, and Excel must be free to listen.

Private Const PROTOCOL As String = "jixiao/2"
Private Const PATIENCE As Long = 6 ' seconds; the service lets a request lapse after 3

Private ringing As Boolean

' "taken", or the name of the message that tells why not.
Public Function Ring(ByVal verb As String) As String
    Dim folder As String
    Dim request As String
    If ringing Then
        Ring = "ringing"
        Exit Function
    End If
    ringing = True
    On Error GoTo Failed
    folder = InboxFolder()
    If Dir$(folder, vbDirectory) = "" Then
        Ring = "absent"
    Else
        request = folder & Application.PathSeparator & RequestName()
        PutRequest request, verb
        Ring = Answer(request & ".ans")
    End If
    ringing = False
    Exit Function
Failed:
    ringing = False
    Ring = "unwritten"
End Function

' The local application data on a PC; on a Mac the home that Excel has for itself, which is its own container.
Public Function InboxFolder() As String
    Dim root As String
    root = Environ$("LOCALAPPDATA")
    If root = "" Then root = Environ$("HOME")
    InboxFolder = root & Application.PathSeparator & "Jixiao" & Application.PathSeparator & "inbox"
End Function

' Time and a random number. Made of numbers, because the letters of a date format depend on the language.
Private Function RequestName() As String
    Dim moment As Date
    Dim day_number As Long
    Dim second_number As Long
    Randomize
    moment = Now
    day_number = CLng(Year(moment)) * 10000 + Month(moment) * 100 + Day(moment)
    second_number = 1000000 + CLng(Hour(moment)) * 10000 + Minute(moment) * 100 + Second(moment)
    RequestName = CStr(day_number) & Mid$(CStr(second_number), 2) & "-" & CStr(Int(Rnd() * 900000000) + 100000000)
End Function

' Under another name first, so that nobody reads half a request. Names go as the hex of their letters.
Private Sub PutRequest(ByVal request As String, ByVal verb As String)
    Dim handle As Integer
    handle = FreeFile
    Open request & ".part" For Output As #handle
    Print #handle, PROTOCOL & " " & verb
    Print #handle, "host=excel"
    Print #handle, "addin=" & JxText.Message("release")
    Print #handle, "window=" & WindowNumber()
    Print #handle, "book=" & JxText.Letters(BookName())
    Print #handle, "sheet=" & JxText.Letters(SheetName())
    Print #handle, "end"
    Close #handle
    Name request & ".part" As request & ".req"
End Sub

Private Function Answer(ByVal path As String) As String
    Dim began As Date
    began = Now
    Answer = "nobody"
    Do
        DoEvents
        If Dir$(path) <> "" Then
            Answer = Outcome(path)
            Exit Do
        End If
    Loop While DateDiff("s", began, Now) < PATIENCE
End Function

' The first line of an answer: protocol, state, name of a message.
Private Function Outcome(ByVal path As String) As String
    Dim handle As Integer
    Dim words As Variant
    Dim text As String
    handle = FreeFile
    Open path For Input As #handle
    Line Input #handle, text
    Close #handle
    words = Split(text & "  ", " ")
    If words(0) <> PROTOCOL Then
        Outcome = "version"
    ElseIf words(1) = "refused" Then
        Outcome = words(2)
    Else
        Outcome = "taken"
    End If
End Function

Private Function WindowNumber() As String
    WindowNumber = "0"
    On Error Resume Next
    WindowNumber = CStr(Application.Hwnd)
End Function

Private Function BookName() As String
    On Error Resume Next
    BookName = ActiveWorkbook.FullName
End Function

Private Function SheetName() As String
    On Error Resume Next
    SheetName = ActiveSheet.Name
End Function
