# GNU make 3.81 (macOS) or newer. `make` alone lists the targets; no target asks for input.
PYTHON      ?= python3
TORCH_INDEX ?=
MODELS      ?= resnet50 resnet18
MIRROR      ?=
PYTEST_ARGS ?=
LAB_ARGS    ?=
BENCH_ARGS  ?=
SUBMISSIONS ?=
ROSTER      ?=
COURSE      ?= .
ASSIGNMENT  ?=
DUE         ?=
ZONE        ?=
EXTRA       ?=
TEAMS       ?=
MAP         ?=
ROSTER_COLUMNS ?=
AGAIN       ?=
STUDENT     ?=
EXERCISE    ?=
GRADE_ARGS  ?=
LOOK_ARGS   ?=
ANSWERS_ARGS ?=

export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export JUPYTER_PREFER_ENV_PATH := 1

# RUN puts .venv/bin first, because Jupyter and nbgrader start programs by their bare names.
# RUN_QUIET is for headless work: one torch thread a process is faster than many in each other's way.
RUN       := PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/python
RUN_QUIET := OMP_NUM_THREADS=1 $(RUN)
RUN_TESTS := $(RUN_QUIET) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --junitxml=build/test.xml
OF_ONE     = $(if $(ASSIGNMENT),--assignment "$(ASSIGNMENT)")
PIP       := .venv/bin/python -m pip install -c constraints.txt

INTAKE_ARGS = $(if $(ROSTER),--roster "$(ROSTER)") $(if $(DUE),--due "$(DUE)") $(if $(ZONE),--zone "$(ZONE)") \
    $(if $(TEAMS),--teams "$(TEAMS)") $(if $(MAP),--map "$(MAP)") \
    $(if $(ROSTER_COLUMNS),--roster-columns "$(ROSTER_COLUMNS)")

# .venv/.built-for holds the wheel index and the folder that .venv was built for.
# Another index, or a folder that was moved or copied, means building it anew.
built_for := $(shell cat .venv/.built-for 2>/dev/null)
index     := $(or $(strip $(TORCH_INDEX)),$(firstword $(built_for)),default)
export BUILD_FOR := $(index) $(CURDIR)

.PHONY: help setup demo test test-all look grade explain formgrader feedback report test-answers test-mutants fuzz \
    hostile lab run refresh release kit validate bench bench-grading bench-class lint weights constraints clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:  ## list the targets (this is what plain `make` does)
	@echo 'Every target sets up .venv by itself when it needs to. Usage: make TARGET'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: .venv/.stamp  ## build .venv once (PYTHON=python3.12, TORCH_INDEX=URL of another wheel index)
	@echo ".venv is ready, with $$(.venv/bin/python --version). Plain make lists what you can do next."

demo: .venv/.stamp  ## grade a demonstration class: scores, feedback, executed notebooks in build/demo
	$(RUN_QUIET) -m helpers.grading.commands.demo

test: .venv/.stamp  ## run the tests but the most thorough ones (PYTEST_ARGS="-k images"), results in build/test.xml
	$(RUN_TESTS) -m "not thorough" $(PYTEST_ARGS)

test-all: .venv/.stamp  ## run every test, as CI does, results in build/test.xml
	$(RUN_TESTS) $(PYTEST_ARGS)

look: .venv/.stamp  ## a dry run: what matches, what is late or cannot be read (SUBMISSIONS=..., ROSTER=...); writes nothing
	$(RUN_QUIET) -m helpers.grading.commands.look $(if $(SUBMISSIONS),"$(SUBMISSIONS)") --course "$(COURSE)" \
	    $(INTAKE_ARGS) $(OF_ONE) $(LOOK_ARGS)

grade: .venv/.stamp  ## grade a class (SUBMISSIONS=folder or archive, ROSTER=csv, DUE="2026-12-01 23:59", AGAIN=exercise)
	$(RUN_QUIET) -m helpers.grading.commands.grade $(if $(SUBMISSIONS),"$(SUBMISSIONS)") --course "$(COURSE)" \
	    $(INTAKE_ARGS) $(OF_ONE) $(if $(AGAIN),--again "$(AGAIN)") $(if $(EXTRA),--extra "$(EXTRA)") $(GRADE_ARGS)

explain: .venv/.stamp  ## why a student got these points: what was asked, what came back (STUDENT=id EXERCISE=top_k)
	$(RUN_QUIET) -m helpers.grading.commands.explain "$(STUDENT)" "$(EXERCISE)" --course "$(COURSE)"

formgrader: .venv/.stamp  ## grade free-text answers by hand, in the browser (COURSE=build/demo)
	cd "$(COURSE)" && PATH="$(CURDIR)/.venv/bin:$$PATH" "$(CURDIR)/.venv/bin/python" -m jupyter lab $(LAB_ARGS)

feedback: .venv/.stamp  ## after grading by hand: feedback pages and zips, exports, report
	$(RUN_QUIET) -m helpers.grading.commands.feedback --course "$(COURSE)" $(OF_ONE)

report: .venv/.stamp  ## exports and the class report alone, grading/<assignment>/report.html
	$(RUN_QUIET) -m helpers.grading.commands.feedback --course "$(COURSE)" $(OF_ONE) --no-feedback

test-answers: .venv/.stamp  ## grade the corpus of right and wrong answers to every exercise, build/answers.csv
	$(RUN_QUIET) -m tests.answers $(ANSWERS_ARGS)

test-mutants: .venv/.stamp  ## change every solution a little, and see that its checks notice, build/mutants.csv
	$(RUN_QUIET) -m tests.answers.mutants $(ANSWERS_ARGS)

fuzz: .venv/.stamp  ## try the reader of the line with 400,000 made-up messages (make test tries 20,000)
	FUZZ_MESSAGES=400000 $(RUN_QUIET) -m pytest -q tests/line/test_line_fuzz.py

hostile: .venv/.stamp  ## run the hostile submissions and print what became of each (part of make test-all)
	$(RUN_QUIET) -m tests.hostile

lab: .venv/.stamp  ## open the students' notebooks in JupyterLab
	$(RUN) -m jupyter lab --ServerApp.root_dir=notebooks $(LAB_ARGS)

run: .venv/.stamp  ## execute all solution notebooks into build/executed (.ipynb and .html)
	$(RUN_QUIET) -m helpers.grading.commands.run

refresh: .venv/.stamp  ## execute the solution notebooks, store their outputs, then release
	$(RUN_QUIET) -m helpers.grading.commands.refresh $(OF_ONE)

release: .venv/.stamp  ## generate notebooks/ from solutions/
	$(RUN_QUIET) -m helpers.grading.commands.release $(OF_ONE)

kit: .venv/.stamp  ## write the zip for students, build/exercise_01.zip (ASSIGNMENT=exercise_01: no others)
	$(RUN_QUIET) -m helpers.grading.commands.kit $(OF_ONE)

validate: .venv/.stamp  ## compare the stored outputs of all solution notebooks with fresh ones
	EXERCISE_PROFILE=short EXERCISE_PROGRESS=off $(RUN_QUIET) -m pytest --nbval -n 2 --dist loadscope \
	    -p no:cacheprovider --nbval-sanitize-with tests/notebooks/nbval_sanitize.cfg \
	    --junitxml=build/validate.xml "solutions/$(ASSIGNMENT)"

bench: .venv/.stamp  ## compare the instructor's app with a plain loop (BENCH_ARGS="--photos 100"), about 25 minutes
	$(RUN) -m tests.bench_app $(BENCH_ARGS)

bench-grading: .venv/.stamp  ## compare this harness with nbgrader autograde, about 30 minutes (BENCH_ARGS="--few 3 --rounds 1")
	$(RUN) -m tests.bench_grading $(BENCH_ARGS)

bench-class: .venv/.stamp  ## grade a class of 300 in one run, and compare with 30, about 20 minutes (BENCH_ARGS="--students 60")
	$(RUN) -m tests.bench_grading.large $(BENCH_ARGS)

lint: .venv/.stamp  ## check style and format of code and solution notebooks, types and layers of helpers/
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

weights: .venv/.stamp  ## download weights ahead (MODELS="resnet50 resnet18", MIRROR=http://...)
	$(RUN) -m helpers.weights $(MODELS) $(if $(strip $(MIRROR)),--mirror "$(MIRROR)")

constraints: .venv/.stamp  ## renew constraints.txt from what .venv holds
	@mkdir -p build
	@.venv/bin/python -m pip freeze --all --exclude-editable --exclude pip > build/freeze.txt
	@{ echo '# The exact versions that were last tested together, with $(shell .venv/bin/python --version 2>/dev/null).'; \
	   echo '# Written by `make constraints`. For newer ones: .venv/bin/python -m pip install -U -e ".[dev]",'; \
	   echo '# then `make test`, then `make constraints`. GPU libraries are left to torch.'; \
	   grep -vE '^(nvidia-|cuda-|triton)| @ |^#' build/freeze.txt | sed 's/+.*//' | LC_ALL=C sort -f; \
	 } > build/constraints.txt
	@cp build/constraints.txt constraints.txt && touch .venv/.stamp
	@echo 'constraints.txt is renewed: git diff constraints.txt shows what changed.'

clean:  ## remove build/ and caches (.venv stays)
	rm -rf build .pytest_cache .ruff_cache
	find helpers tests solutions notebooks \
	    \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# ---- .venv ----------------------------------------------------------------------------------

ifneq ($(built_for)$(shell test -x .venv/bin/python || echo ' broken'),$(BUILD_FOR))
.PHONY: .venv/.stamp
endif

.venv/.stamp: pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Python 3.11 or newer is needed, but $(PYTHON) says: $$("$(PYTHON)" --version 2>&1)." >&2; \
	    echo 'Install a newer Python, then name it: make setup PYTHON=python3.12' >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments: its venv package is missing." >&2; \
	    echo 'On Debian or Ubuntu install it with: sudo apt install python3-venv' >&2; exit 1; }
	@limit="$$(ulimit -t)"; [ "$$limit" = unlimited ] || [ "$$limit" -ge 600 ] || { \
	    echo "Every process here is ended after $$limit s of processor time (ulimit -t); setup takes more." >&2; \
	    echo 'Set it up where there is no such limit: in another shell, on a compute node, after a restart.' >&2; \
	    exit 1; }
	@echo 'Setting up .venv. This happens once; if it is interrupted, run it again and it goes on.'
ifeq ($(index),default)
	@echo 'With the default wheels on Linux: about 6 GB of disk and 2-3 minutes.'
	@df -Pk . | awk 'NR == 2 && $$4 < 7000000 \
	    {printf "Only %.1f GB are free here: this may not be enough.\n", $$4 / 1e6}'
endif
	@echo '[1/3] a virtual environment in .venv, apart from everything else on this computer'
	@if { [ ! -e .venv/.built-for ] || [ "$$(cat .venv/.built-for)" = "$$BUILD_FOR" ]; } \
	    && .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then echo '      there is one already: it is kept'; \
	    else "$(PYTHON)" -m venv --clear .venv; fi
	@printf '%s\n' "$$BUILD_FOR" > .venv/.built-for
	@echo '[2/3] the packages of pyproject.toml, in the versions of constraints.txt'
ifneq ($(index),default)
	$(PIP) --no-deps --index-url '$(index)' torch torchvision
endif
	$(PIP) -e '.[dev]'
	@echo '[3/3] do torch and torchvision work together?'
	@.venv/bin/python -c 'import torch, torchvision; \
	    print("      yes: torch", torch.__version__, "and torchvision", torchvision.__version__)' \
	    || { echo 'They do not. Start afresh: rm -rf .venv, then make setup' >&2; exit 1; }
	@touch .venv/.stamp
