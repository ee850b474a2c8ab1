# Everything runs in .venv, which is made on first use, with the versions of requirements.lock, and renewed when they change.
# PYTHON=python3.12 make test    takes another interpreter
# JOBS=4 make test               runs more tests at a time

VENV   := .venv
BIN    := $(VENV)/bin
LOCKED := $(VENV)/.lock
READY  := $(VENV)/.ready
EXTRAS := verify,frame,pdf,serve,sign,template,batch,cloud,cluster,bundle,docs,dev
JOBS   ?= 2
comma  := ,
# Only what went wrong is said: notices of pip and of the places it looks at are not about us.
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help demo test check check-rules check-format check-types check-imports format docs masters shapes addin bench conformance recordings readings fuzz mutants kill tamper figures lock newest release FORCE clean

help:
	@echo "make demo      演示：源表 → 评分簿 → 复核，打印评分表（写入 演示/）"
	@echo "make test      全部测试"
	@echo "make check     ruff、格式、mypy、导入方向"
	@echo "make format    自动整理格式"
	@echo "make masters   重新生成样例源表和空白评分簿（workbooks/）"
	@echo "make shapes    重新列出还没有 Excel 答案的公式写法（src/jixiao/verify/open_shapes.xlsx）"
	@echo "make addin     重新生成加载项（addin/）"
	@echo "make docs      文档（写入 build/site，不联网也能打开和查找）"
	@echo "make bench     速度对照"
	@echo "make conformance 评分一致性测试集（conformance/）对照 jixiao"
	@echo "make recordings 重新记录产品现在的输出（tests/recordings），改动须逐条说明理由"
	@echo "make readings  长时间随机对照：评分与各计算引擎，每种规则 3,000 个案例"
	@echo "make fuzz      五个读法各 5,000 次损坏或拼凑的输入"
	@echo "make mutants   在评分的代码里放入 100 处小错，看测试能不能发现"
	@echo "make kill      保存途中强制结束 300 次"
	@echo "make tamper    随机改动评分簿 500 处，复核须逐一指出"
	@echo "make figures   以上各种试法做一遍，数字写入 SECURITY.md（几十分钟；PART=10 只做十分之一）"
	@echo "make lock      按 pyproject.toml 重新锁定依赖的版本（requirements.lock）"
	@echo "make release   发布的文件（dist/）：wheel、sdist、文档、离线安装，做两遍须逐字节相同"
	@echo "make newest    用允许的最新版本运行快的测试，只提醒"

# The environment is the lock: made anew when requirements.lock says something else than the copy kept in it, or when
# PYTHON= names another interpreter than the one it was made by.
$(LOCKED): requirements.lock $(if $(PYTHON),FORCE)
	@set -e; \
	modern='import sys; sys.exit(sys.version_info < (3, 11))'; \
	which='import os, sys; print(sys.version, os.path.realpath(sys.base_prefix))'; \
	found="$(PYTHON)"; \
	if [ -n "$$found" ]; then \
	  if ! "$$found" -c "$$modern" 2>/dev/null; then \
	    echo "PYTHON=$$found 不能用：需要 Python 3.11 或更新的版本。" >&2; \
	    echo "PYTHON=$$found does not do: Python 3.11 or newer is needed." >&2; \
	    exit 1; \
	  fi; \
	  same="$$("$$found" -c "$$which")"; \
	else \
	  same="$$("$(BIN)/python" -c "$$which" 2>/dev/null || true)"; \
	fi; \
	if cmp -s requirements.lock $@ && "$(BIN)/python" -c "$$modern" 2>/dev/null && \
	   [ "$$same" = "$$("$(BIN)/python" -c "$$which")" ]; then \
	  if [ requirements.lock -nt $@ ]; then touch $@; fi; \
	  exit 0; \
	fi; \
	for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if [ -z "$$found" ] && "$$name" -c "$$modern" 2>/dev/null; then found=$$name; fi; \
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
	echo "正在安装依赖（只在第一次或依赖变动时）…"; \
	$(INSTALL) --require-hashes --requirement requirements.lock; \
	cp requirements.lock $@

# The package itself, with the build backend of the lock. Its .pth file names this folder; Python reads such files in the
# language of the machine and dies of Chinese in an English one, so the way is written as it is from there.
$(READY): pyproject.toml $(LOCKED)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@for pth in $(VENV)/lib/python3.*/site-packages/*jixiao*.pth; do echo ../../../../src > "$$pth"; done
	@touch $@

FORCE:

lock:
	@rm -rf build/lock
	@$(or $(PYTHON),python3) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --disable-pip-version-check 'uv>=0.9,<1'
	@UV_CUSTOM_COMPILE_COMMAND='make lock' build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --upgrade $(foreach extra,$(subst $(comma), ,$(EXTRAS)),--extra $(extra)) \
	  pyproject.toml --output-file requirements.lock
	@rm -rf build/lock

newest: $(READY)
	@.ci/newest $(EXTRAS)

demo: $(READY)
	@$(BIN)/jixiao demo 演示

test: $(READY)
	@$(BIN)/python -m pytest -q -n $(JOBS) --max-worker-restart 0 --dist loadfile --durations=40 --durations-min=5

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
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=. $(BIN)/mkdocs build --strict --quiet

masters: $(READY)
	$(BIN)/python workbooks/specimens/build.py
	$(BIN)/python workbooks/build.py

shapes: $(READY)
	$(BIN)/python -m tests.verify.shapes

addin: $(READY)
	$(BIN)/python -m addin.making

bench: $(READY)
	$(BIN)/python benchmarks/run.py

conformance: $(READY)
	$(BIN)/python conformance/run.py --deviations conformance/deviations.txt -- $(BIN)/python -m conformance.answers

recordings: $(READY)
	JIXIAO_RECORD=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile tests/recordings

readings: $(READY)
	JIXIAO_CASES=3000 $(BIN)/python -m pytest -o faulthandler_timeout=0 tests/properties

tamper: $(READY)
	JIXIAO_EDITS=500 $(BIN)/python -m pytest -o faulthandler_timeout=0 tests/verify -k random

fuzz: $(READY)
	JIXIAO_FUZZ=5000 $(BIN)/python -m pytest -q -o faulthandler_timeout=0 tests/fuzz

mutants: $(READY)
	$(BIN)/python -m tests.mutants

kill: $(READY)
	JIXIAO_KILLS=300 $(BIN)/python -m pytest -o faulthandler_timeout=0 tests -k kill

figures: $(READY)
	$(BIN)/python -m tests.figures --part $(or $(PART),1)

release: $(READY)
	@.ci/release $(BIN)

clean:
	rm -rf $(VENV) .venv-newest build dist 演示 .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
