# Sourced by what package_test.sh runs inside: how a step says what is wrong, and the two offices that 0.1.0 left. Oybek has
# the service's home, Fotehobod one in /srv/tj.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 HOME=${HOME:-/root}

step() { printf 'package test: %s\n' "$*"; }
wrong() {
  printf 'package test: WRONG: %s\n' "$*" >&2
  exit 1
}
# says WORDS COMMAND…: it ends with 0, and WORDS stand in what it said.
says() {
  local words=$1 said
  shift
  said=$("$@" 2>&1) || wrong "$* ended with $?: $said"
  [[ "$said" == *"$words"* ]] || wrong "$* did not say '$words': $said"
}
# refuses CODE WORDS COMMAND…
refuses() {
  local code=$1 words=$2 said got=0
  shift 2
  said=$("$@" 2>&1) || got=$?
  [ "$got" = "$code" ] || wrong "$* ended with $got, not with $code: $said"
  [[ "$said" == *"$words"* ]] || wrong "$* did not say '$words': $said"
}
# until_so WHAT COMMAND…
until_so() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 600; ++tries)); do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.2
  done
  wrong "it did not come to be: $what"
}
state_of() { dpkg-query -W -f '${Version} ${db:Status-Status}' "$1"; }

at_uz() { BLO_HOME=/var/lib/blo BLO_OFFICERS=$HOME/uz-officers blo "$@"; }
at_tj() { BLO_HOME=/srv/tj BLO_OFFICERS=$HOME/tj-officers blo "$@"; }
connected() { at_uz --json status | grep -q '"connected":true'; }
# exchange GOODS: one alert each way, each with its receipt.
exchange() {
  until_so "the two are connected" connected
  says "Receipt of TJ-FOTEHOBOD" at_uz send alert --to TJ-FOTEHOBOD --goods "$1" --reason r --action a --wait 60
  says "Receipt of UZ-OYBEK" at_tj send alert --to UZ-OYBEK --goods "$1" --reason r --action a --wait 60
}
# The homes and what opens them, as their owners keep them.
put_homes() {
  cp -a uz-officers tj-officers "$HOME"/ && cp -a tj /srv/tj && cp -a uz/. /var/lib/blo/
  install -m 0600 passphrase /etc/blo/passphrase
  chown -R root:root /srv/tj "$HOME"/uz-officers "$HOME"/tj-officers
  chown -R blo:blo /var/lib/blo /etc/blo/passphrase
}
