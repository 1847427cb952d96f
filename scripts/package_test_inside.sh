#!/usr/bin/env bash
# package_test_inside.sh VERSION OLDER: run by package_test.sh as root of a bare Debian 12 that holds nothing else, in a folder
# with both versions of the packages and the homes that 0.1.0 left. Ends with 0 where everything is as it should be.
set -euo pipefail
version=$1 older=$2
source package_test_words.sh
daemons=()
trap 'for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT

get() { apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends --allow-downgrades "$@"; }
start_both() {
  runuser -u blo -- blod --home /var/lib/blo --passphrase-file /etc/blo/passphrase --listen 127.0.0.1:7117 >>/tmp/uz.log 2>&1 &
  uz_pid=$!
  blod --home /srv/tj --listen 127.0.0.1:7118 >>/tmp/tj.log 2>&1 &
  tj_pid=$!
  daemons=("$uz_pid" "$tj_pid")
  until_so "blod serves at Oybek" at_uz status
  until_so "blod serves at Fotehobod" at_tj status
}
stop_both() {
  pkill_children "$uz_pid"
  kill "$tj_pid"
  wait "$uz_pid" "$tj_pid" || true
  daemons=()
}
# runuser waits for what it runs, and hands no signal on.
pkill_children() {
  local child
  for child in $(cat "/proc/$1/task/$1/children"); do kill "$child"; done
}
step "an auditor's machine"
get update >/dev/null
get install ./blo-audit.deb
says "blo-audit $version" blo-audit --version
says "VERIFIED: 2 journals" blo-audit verify valid-pair/export --authority valid-pair/UZ.pem --authority valid-pair/TJ.pem
[ ! -e /usr/bin/blo ] && [ ! -e /usr/bin/blod ] || wrong "an office's programs came with it"
[ ! -d /var/lib/blo ] || wrong "an office's home came with it"
get purge blo-audit
[ ! -e /usr/bin/blo-audit ] && [ ! -e /usr/share/doc/blo-audit ] || wrong "something is left of blo-audit"

step "an office's machine, with $older"
get install ./blo-link-before.deb ./blo-audit-before.deb
[ "$(state_of blo-link)" = "$older installed" ] || wrong "blo-link is $(state_of blo-link)"
says "blod $version" blod --version
says "commit" blo --version
for place in "/var/lib/blo 750 blo blo" "/etc/blo 750 root blo" "/var/backups/blo 700 blo blo"; do
  read -r path mode owner group <<<"$place"
  says "$mode $owner $group" stat -c '%a %U %G' "$path"
done
says "/usr/sbin/nologin" getent passwd blo
for path in /usr/share/man/man1/blo.1.gz /usr/share/man/man8/blod.8.gz /usr/share/bash-completion/completions/blo \
  /usr/share/doc/blo-link/docs/operating.md /lib/systemd/system/blod.service /lib/systemd/system/blo-backup.timer; do
  [ -s "$path" ] || wrong "$path is missing"
done
for path in $(sed -nE 's/^Exec[A-Za-z]+=(\/usr[^ ]*).*/\1/p' /lib/systemd/system/blo*.service); do
  [ -x "$path" ] || wrong "a unit names $path, which is not there"
done
[ ! -e /etc/systemd/system/multi-user.target.wants/blod.service ] || wrong "the service is enabled before there is an office"
for program in blo blod blo-audit; do
  [ "$(stat -c %s /usr/bin/$program)" -lt 30000000 ] || wrong "$program has its debug symbols"
done

step "homes that 0.1.0 left, under $older"
put_homes
keys=$(sha256sum /var/lib/blo/office.* /srv/tj/office.*)
start_both
says "127.0.0.1:7118" at_uz pair address TJ-FOTEHOBOD 127.0.0.1:7118
exchange "before the upgrade"

step "the upgrade to $version, with a session open"
get install ./blo-link.deb ./blo-audit.deb
[ "$(state_of blo-link)" = "$version installed" ] || wrong "blo-link is $(state_of blo-link)"
[ "$(state_of blo-audit)" = "$version installed" ] || wrong "blo-audit is $(state_of blo-audit)"
exchange "by the daemons that went on"
stop_both
start_both
exchange "after the upgrade"
[ "$keys" = "$(sha256sum /var/lib/blo/office.* /srv/tj/office.*)" ] || wrong "keys or certificates have changed"
says "hashish under the trailer" at_uz show UZ-OYBEK/TJ-FOTEHOBOD/2

step "a downgrade"
before=$(sha256sum /usr/bin/blod /usr/bin/blo)
refuses 100 "$older is older than $version" get install ./blo-link-before.deb
[ "$(state_of blo-link)" = "$version installed" ] || wrong "after the refusal blo-link is $(state_of blo-link)"
[ "$before" = "$(sha256sum /usr/bin/blod /usr/bin/blo)" ] || wrong "the refused package has changed a program"
exchange "after a downgrade that was refused"
stop_both

step "a store of a later release"
cp -a /var/lib/blo/store.db /tmp/store.db
printf '\377' | dd of=/var/lib/blo/store.db bs=1 seek=63 conv=notrunc status=none # the schema's number
before=$(sha256sum /var/lib/blo/store.db)
refuses 78 "written by a newer version of blod" runuser -u blo -- blod --home /var/lib/blo --passphrase-file /etc/blo/passphrase
[ "$before" = "$(sha256sum /var/lib/blo/store.db)" ] || wrong "the store that was refused has changed"
cp -a /tmp/store.db /var/lib/blo/store.db

step "remove and purge"
get remove blo-link
[ ! -e /usr/bin/blod ] && [ ! -e /lib/systemd/system/blod.service ] || wrong "something is left of blo-link"
says "were not touched: /var/lib/blo /etc/blo" get purge blo-link
[ "$keys" = "$(sha256sum /var/lib/blo/office.* /srv/tj/office.*)" ] || wrong "a purge has touched the keys"
[ ! -e /var/backups/blo ] || wrong "an empty folder is left"
install -m 0755 /bin/true /usr/local/bin/blod
says "before what this package brings: /usr/local/bin/blod" get install ./blo-link.deb
rm /usr/local/bin/blod
start_both
exchange "installed again"
stop_both
rm -rf /var/lib/blo /etc/blo /var/backups/blo
said=$(get purge blo-link 2>&1)
[[ "$said" != *"were not touched"* ]] || wrong "a purge speaks of what is not there: $said"
step "ok"
