#!/usr/bin/env bash
# Sets up, trains and serves the Rasa project. Usage: orienta_rasa.sh setup | train | serve | subset [EACH]
#   PIPELINE=light|diet   which configuration (light)
#   RASA_PORT=5005        where it is served, on 127.0.0.1 only
#   RASA_DATA=DIR         training data; light: ../data, the same files that the embedded engine reads;
#                         diet: a fixed subset of them, because all of them would take it hours
#   RASA_MODEL=NAME       name of the model file (the pipeline)
set -euo pipefail
cd "$(dirname "$0")"
export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore
pipeline="${PIPELINE:-light}"
case "$pipeline" in
  light) config=config.yml ;;
  diet) config=config-diet.yml ;;
  *) echo "PIPELINE must be light or diet, not $pipeline" >&2; exit 2 ;;
esac
data="${RASA_DATA:-}"
name="${RASA_MODEL:-$pipeline}"
model="models/$name.tar.gz"

# Rasa runs on Python 3.10 only: one on the path, one of pyenv, or one that uv finds or brings.
python310() {
  local found
  for found in "${PYTHON310:-}" "$(command -v python3.10 || true)" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
    if [ -x "$found" ] && "$found" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
      echo "$found"
      return
    fi
  done
  echo 3.10
}

setup() { [ -x .venv/bin/rasa ] || uv sync --frozen --quiet --python "$(python310)"; }

# Where the training data is; for diet the subset is written first, unless other data was named.
choose_data() {
  if [ -z "$data" ] && [ "$pipeline" = diet ]; then
    subset
    data=build/subset
  fi
  data="${data:-../data}"
}

train() {
  mkdir -p build
  setup
  choose_data
  # What it is trained on is kept, so that another engine can be measured on the very same sentences later.
  local kept
  kept="$(mktemp -d build/kept.XXXXXX)"
  cp -r "$data/." "$kept"
  .venv/bin/rasa train nlu --nlu "$kept" --domain domain.yml --config "$config" --out models --fixed-model-name "$name"
  rm -rf "build/$name" && mv "$kept" "build/$name"
}

# The first EACH sentences of every label and language, for a pipeline too slow for all of them; a build product.
subset() {
  setup
  rm -rf build/subset
  .venv/bin/python subset.py ../data "build/subset" "${1:-10}"
  echo "RASA_DATA=build/subset"
}

serve() {
  [ -f "$model" ] || train
  # No request log: it would hold what people wrote.
  exec .venv/bin/rasa run --enable-api --model "$model" --interface 127.0.0.1 --port "${RASA_PORT:-5005}" --log-file /dev/null --quiet
}

case "${1:-serve}" in
  setup) setup ;;
  train) train ;;
  subset) subset "${2:-}" ;;
  serve) setup; serve ;;
  *) echo "unknown order $1: setup, train, subset or serve" >&2; exit 2 ;;
esac
