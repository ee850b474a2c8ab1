@echo off
rem Installs from this folder alone, for the current user: no administrator, no script policy. Every hash is checked.
rem A Python beside this file (the embeddable one, unpacked into the folder python) is used where there is one.
setlocal
chcp 65001 >nul
set "here=%~dp0"
set "target=%LOCALAPPDATA%\jixiao"
if not "%~1"=="" set "target=%~1"
if exist "%here%python\python.exe" goto embedded

py -@PYTHON@ -c "" >nul 2>nul
if errorlevel 1 goto missing
py -@PYTHON@ -m venv "%target%"
if errorlevel 1 goto failed
"%target%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --require-hashes --find-links "%here%wheels" -r "%here%requirements.txt"
if errorlevel 1 goto failed
echo 装好了：%target%\Scripts\jixiao.exe
exit /b 0

:embedded
xcopy /e /i /q /y "%here%python" "%target%\python" >nul
if errorlevel 1 goto failed
rem The embeddable Python looks only where its ._pth file says.
for %%f in ("%target%\python\python*._pth") do (
  >>"%%f" echo.
  >>"%%f" echo Lib\site-packages
)
for %%f in ("%here%wheels\pip-*.whl") do "%target%\python\python.exe" "%%f\pip" install --quiet --disable-pip-version-check --no-index --no-deps --require-hashes --target "%target%\python\Lib\site-packages" --find-links "%here%wheels" -r "%here%requirements.txt"
if errorlevel 1 goto failed
>"%target%\jixiao.cmd" echo @"%%~dp0python\python.exe" -m jixiao %%*
echo 装好了：%target%\jixiao.cmd
exit /b 0

:missing
echo 没有找到 Python @PYTHON@。请安装后再运行，或把可嵌入版解压到本文件夹的 python 文件夹里。
exit /b 1

:failed
echo 没有装上，见上面的说明。
exit /b 1
