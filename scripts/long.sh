# Sourced by ./dev: what ./dev test --long does. Each step has a short form among the ordinary tests: one seed, 200
# histories, 30 storms of clocks, one lie of each field, the fuzz targets over their seeds.

long_log=build/long.log
long_done=()

long() {
  local seeds=10 histories=2000 seconds=60
  while [ $# -gt 0 ]; do
    case "$1" in
      --seeds) seeds=$(long_number "$@") ;;
      --histories) histories=$(long_number "$@") ;;
      --fuzz) seconds=$(long_number "$@") ;;
      *) fail "./dev test --long knows --seeds, --histories and --fuzz, not '$1'" ;;
    esac
    shift 2
  done
  : >"$long_log"
  install "${packages_fuzz[@]}" "${packages_test[@]}"
  build dev
  long_step "simulated offices, $seeds seeds" long_seeds "$seeds"
  long_step "1000 storms of clocks" long_storms 1000
  long_step "every lie in every field" long_lies
  long_step "both verifiers, $histories histories" long_histories "$histories"
  long_step "functional tests of attacks and faults, 20 times" long_again 20
  long_step "each fuzz target, $seconds s" ./dev fuzz --seconds "$seconds"
  long_step "packages in a bare Debian 12" ./dev package --try
  say "long: ok: $(printf '%s; ' "${long_done[@]}" | sed 's/; $//')"
}

long_number() {
  [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || fail "$1 wants a number"
  printf '%s\n' "$2"
}

# long_step WHAT COMMAND…
long_step() {
  local what=$1 started=$SECONDS
  shift
  say "long: $what"
  "$@" >>"$long_log" 2>&1 || {
    tail -n 30 "$long_log" >&2
    fail "long: FAILED: $what; everything that was said is in $long_log"
  }
  long_done+=("$what ($((SECONDS - started)) s)")
}

# All of tests/sim from other seeds than the ordinary tests' 1; a failure prints its seed.
long_seeds() {
  seq 2 $(($1 + 1)) | xargs -P "$jobs" -I % sh -c \
    'BLO_SIM_SEED=% build/dev/tests/sim/sim_tests >build/long-seed-%.log 2>&1 || { tail -n 40 build/long-seed-%.log; exit 255; }'
}

# The ordinary tests have 30, the first of them; so many in each process.
long_storms() {
  local each=50
  seq 0 "$each" $(($1 - 1)) | xargs -P "$jobs" -I % sh -c \
    "BLO_SIM_STORM=% BLO_SIM_STORMS=$each build/dev/tests/sim/sim_tests 'after a storm of clocks*' "'>build/long-storm-%.log 2>&1 || { tail -n 250 build/long-storm-%.log; exit 255; }'
}

# The ordinary tests tell one lie of each field.
long_lies() { BLO_LIES=all build/dev/tests/sim/sim_tests 'lies in every field*'; }

long_histories() { BLO_BIN=$top/build/dev/bin HISTORIES=$1 "$python" -B tests/functional/run.py invented; }

# What strangers, counterparts, local users, full disks and cuts try, again and again: is the outcome steady?
long_again() {
  local files='hostile|strangers|control_socket|listener|keyholder_place|secret|claims|pages|faults|disk|killed|destroyed|memory'
  ctest --preset dev -j "$jobs" --repeat "until-fail:$1" -R "^functional\.($files)\."
}
