# make grade            grade all that you have written       make grade EX=relu_backward    one exercise
# make hint EX=name     one hint further each time            make grade TOPIC=04            one topic
# make reset EX=name    put the stub back                     make test                      test the course itself
# make handout TO=dir   the learner's repository, without solutions; TOPICS="04 08" for some topics
# make plot EX=name     your answer beside the expected one, as a picture
# make watch            grade whatever you save, at once
# make progress         how far you have come                 make progress PICTURE=progress.png
# make open             the map, the lessons and your work in a browser, live
# make report           the same as pages to keep
# make path EX=name     the shortest way there                make placement                 where to begin
# make stuck SYMPTOM="loss is nan"                            what to look at, and what teaches it
# For teachers:         make class IN=submissions OUT=results OPTIONS="--roster class.csv"     grade a class
#                       make demo                             grade a made-up class and look at what comes out
#                       make gradescope                       the autograder for Gradescope
#                       make export FORMAT=canvas GRADEBOOK=grades.csv COLUMN=title     fill Canvas's gradebook
#
# Every command does its own set-up on a fresh machine: a folder .venv with pinned versions.

PYTHON ?= python3
BIN := .venv/bin
GRADER := $(BIN)/python -m grader
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

.DEFAULT_GOAL := grade
.PHONY: grade handout hint open path placement plot progress report reset stubs stuck watch class demo test check bench bench-peers clean gradescope
.PHONY: export test-slow

grade: .venv/ready
	@$(GRADER) grade $(EX) $(if $(TOPIC),--topic $(TOPIC)) $(if $(ASSISTED),--assisted)

handout: .venv/ready
	@$(GRADER) handout "$(or $(TO),$(error Say where to: make handout TO=folder))" $(TOPICS:%=--topic %)

watch: .venv/ready
	@$(GRADER) watch $(EX)

hint: .venv/ready
	@$(GRADER) hint $(or $(EX),$(error Say which exercise: make hint EX=name))

plot: .venv/ready-plots
	@$(GRADER) plot $(or $(EX),$(error Say which exercise: make plot EX=name))

progress: $(if $(PICTURE),.venv/ready-plots,.venv/ready)
	@$(GRADER) progress $(if $(PICTURE),--picture "$(PICTURE)")

open: .venv/ready-web
	@$(GRADER) open $(OPTIONS)

report: .venv/ready
	@$(GRADER) report $(if $(TO),--to '$(TO)')

path: .venv/ready
	@$(GRADER) path $(EX) $(if $(TRACK),--track $(TRACK))

stuck: .venv/ready
	@$(GRADER) stuck $(or $(SYMPTOM),$(error Say what you see: make stuck SYMPTOM="loss is nan"))

placement: .venv/ready
	@$(GRADER) placement

reset: .venv/ready
	@$(GRADER) reset $(or $(EX),$(error Say which exercise: make reset EX=name))

stubs: .venv/ready
	@$(GRADER) stubs

class: .venv/ready
	@$(GRADER) class "$(or $(IN),$(error Say where the submissions are: make class IN=submissions OUT=results))" \
	  "$(or $(OUT),$(error Say where the results go: make class IN=submissions OUT=results))" $(OPTIONS)

demo: .venv/ready
	@$(BIN)/python -m tests.demo

test: .venv/ready-dev
	@$(PYTEST) -m "not slow"

test-slow: .venv/ready-dev
	@$(PYTEST) -m slow

check: .venv/ready-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(GRADER) check
	@$(BIN)/python -m tests.sabotage

gradescope: .venv/ready
	@$(GRADER) gradescope --out $(or $(OUT),autograder.zip) $(foreach name,$(EX),--exercise $(name)) \
	  $(if $(TOPIC),--topic $(TOPIC))

export: .venv/ready
	@$(GRADER) export $(or $(FORMAT),$(error Say for which system: make export FORMAT=canvas)) "$(or $(IN),results)" \
	  $(if $(GRADEBOOK),--gradebook "$(GRADEBOOK)") $(if $(COLUMN),--column "$(COLUMN)") $(if $(OUT),--out "$(OUT)")

bench: .venv/ready-dev
	@$(BIN)/python -m tests.bench

bench-peers: .venv/ready-dev
	@$(BIN)/python -m tests.peers_class

clean:
	rm -rf .venv .grader/keys .grader/peers  # the history, and what was put aside, stay

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.11"; exit 2; }
	@echo "Setting up .venv, once. This takes a minute."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable .
	@touch $@

.venv/ready-web: .venv/ready
	@echo "Setting up what the page needs, once."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[web,plots]'
	@touch $@

.venv/ready-plots: .venv/ready
	@echo "Setting up what pictures need, once."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[plots]'
	@touch $@

.venv/ready-dev: .venv/ready
	@echo "Setting up what tests need, once."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@
