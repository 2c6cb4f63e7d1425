@echo off
rem Install the toolkit from this folder alone: install.bat [WHERE]
setlocal
set "HERE=%~dp0"
set "WHERE=%~1"
if "%WHERE%"=="" set "WHERE=%LOCALAPPDATA%\gazetteer"
set "PY=python"
where py >nul 2>nul && set "PY=py -3"

%PY% -c "import sys; sys.exit(sys.version_info < (3, 11))"
if errorlevel 1 (
    echo 需要 Python 3.11 或以上版本。请先安装 Python（64 位），再运行本程序。
    pause
    exit /b 1
)
%PY% -m venv "%WHERE%"
if errorlevel 1 goto failed
"%WHERE%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheels" --force-reinstall gazetteer-toolkit
if errorlevel 1 goto failed
"%WHERE%\Scripts\gazetteer.exe" --version
echo 安装完成。命令在：%WHERE%\Scripts\gazetteer.exe
pause
exit /b 0

:failed
echo 安装没有成功。请确认整个文件夹已完整拷贝，且 Python 的版本与文件夹相符。
pause
exit /b 1
