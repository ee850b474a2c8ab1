# Everything runs in .venv, which is made on first use and renewed when pyproject.toml changes.
# PYTHON=python3.12 make test    takes another interpreter
# JOBS=4 make test               runs more tests at a time

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
JOBS  ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check check-rules check-format check-types check-imports format docs masters addin bench recordings readings kill clean

help:
	@echo "make demo      演示：源表 → 评分簿 → 复核，打印评分表（写入 演示/）"
	@echo "make test      全部测试"
	@echo "make check     ruff、格式、mypy、导入方向"
	@echo "make format    自动整理格式"
	@echo "make masters   重新生成样例源表和空白评分簿（workbooks/）"
	@echo "make addin     重新生成加载项（addin/）"
	@echo "make docs      重新生成 docs/"
	@echo "make bench     速度对照"
	@echo "make recordings 重新记录产品现在的输出（tests/recordings），改动须逐条说明理由"
	@echo "make readings  长时间随机对照：数值、公式、LibreOffice 三种读法"
	@echo "make kill      保存途中强制结束 200 次"

$(READY): pyproject.toml
	@set -e; \
	modern='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(BIN)/python -c "$$modern" 2>/dev/null; then \
	  found=; \
	  for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    if "$$name" -c "$$modern" 2>/dev/null; then found=$$name; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "需要 Python 3.11 或更新的版本，没有找到。请先安装，或用 PYTHON=路径 make … 指定。" >&2; \
	    echo "Python 3.11 or newer is needed and was not found. Install it, or name it: PYTHON=path make …" >&2; \
	    exit 1; \
	  fi; \
	  if ! "$$found" -m venv --clear $(VENV); then \
	    echo "无法建立虚拟环境。Debian/Ubuntu 请安装 python3-venv。" >&2; \
	    echo "The virtual environment could not be made. On Debian/Ubuntu install python3-venv." >&2; \
	    exit 1; \
	  fi; \
	fi; \
	echo "正在安装依赖（只在第一次或依赖变动时）…"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[verify,frame,pdf,serve,dev]'; \
	touch $@

demo: $(READY)
	@$(BIN)/jixiao demo 演示

test: $(READY)
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

check: check-rules check-format check-types check-imports

check-rules: $(READY)
	$(BIN)/ruff check --output-format concise .

check-format: $(READY)
	$(BIN)/ruff format --check --output-format concise .

check-types: $(READY)
	$(BIN)/mypy

check-imports: $(READY)
	$(BIN)/lint-imports --no-logo

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)
	$(BIN)/python docs/build.py

masters: $(READY)
	$(BIN)/python workbooks/specimens/build.py
	$(BIN)/python workbooks/build.py

addin: $(READY)
	$(BIN)/python -m addin.making

bench: $(READY)
	$(BIN)/python benchmarks/run.py

recordings: $(READY)
	JIXIAO_RECORD=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile tests/recordings

readings: $(READY)
	JIXIAO_CASES=10000 JIXIAO_LO_CASES=1000 $(BIN)/python -m pytest tests/properties

kill: $(READY)
	JIXIAO_KILLS=200 $(BIN)/python -m pytest tests -k kill

clean:
	rm -rf $(VENV) build dist 演示 .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
