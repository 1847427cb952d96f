#!/usr/bin/env bash
# package_test_booted.sh VERSION OLDER: run by package_test.sh in a booted Debian 12 on which OLDER is installed and no
# office is: the work of an office under the units. Ends with 0 where everything is as it should be.
set -euo pipefail
version=$1 older=$2
source package_test_words.sh

property() { systemctl show --value --property="$2" "$1"; }
another_second() { [ ! -e "/var/backups/blo/office-$(date -u +%Y-%m-%dT%H%M%SZ).backup" ]; }
status_is() { [[ "$(property blod StatusText)" == $1 ]]; }

if [ -e booted-before ]; then
  step "after a restart of the machine"
  [ "$(property blod ActiveState)" = active ] || wrong "blod has not started by itself: $(property blod ActiveState)"
  says UZ-OYBEK at_uz status
  for timer in blo-backup blo-retention; do
    [ "$(property $timer.timer ActiveState)" = active ] || wrong "$timer.timer is $(property $timer.timer ActiveState)"
  done
  step "a removal"
  dpkg -r blo-link
  [ "$(property blod ActiveState)" = inactive ] || wrong "blod still runs: $(property blod ActiveState)"
  [ "$(property blo-ntp ActiveState)" = inactive ] || wrong "blo-ntp still runs: $(property blo-ntp ActiveState)"
  [ -s /var/lib/blo/office.key ] && [ -s /etc/blo/passphrase.cred ] || wrong "the office's key is gone"
  step "ok"
  exit 0
fi

step "the office is founded as docs/operating.md has it"
[ "$(property blod ActiveState)" = inactive ] || wrong "blod is started before there is an office"
rm -rf /var/lib/blo/* /srv/tj "$HOME"/??-officers
put_homes
systemd-creds encrypt --name=blo-passphrase /etc/blo/passphrase /etc/blo/passphrase.cred
shred -u /etc/blo/passphrase
systemctl enable --now blod
[ "$(property blod ActiveState)/$(property blod Type)" = active/notify ] || wrong "blod is $(property blod ActiveState)"
[ "$(property blod TimeoutStartUSec)" = infinity ] || wrong "a start is ended by a time limit"
says UZ-OYBEK at_uz status
status_is "UZ-OYBEK serves its officers; waits for *TJ-FOTEHOBOD" || wrong "its status is $(property blod StatusText)"
systemd-run --quiet --unit=tj blod --home /srv/tj --listen 127.0.0.1:7118
until_so "blod serves at Fotehobod" at_tj status
says "127.0.0.1:7118" at_uz pair address TJ-FOTEHOBOD 127.0.0.1:7118
exchange "under the unit"
until_so "its status says that nothing is waited for" status_is "UZ-OYBEK serves its officers"

step "the sandbox"
says "Overall exposure level for blod.service: 1." systemd-analyze security --no-pager --threshold=13 blod
[ "$(property blo-ntp ActiveState)" = active ] || wrong "blo-ntp is $(property blo-ntp ActiveState)"
[[ "$(cat /run/blo-ntp/state)" =~ ^(in-step\ [0-9]+|not-in-step\ 0)\ [0-9]+$ ]] || wrong "of NTP it says $(cat /run/blo-ntp/state)"
[ "$(sed -nE 's/^VmLck:[^0-9]*([0-9]+) kB/\1/p' "/proc/$(property blod MainPID)/status")" -gt 0 ] || wrong "keys can be swapped out"
says "2" sed -n 's/^Seccomp:\t//p' "/proc/$(property blod MainPID)/status"
says "0000000000000000" sed -n 's/^CapBnd:\t//p' "/proc/$(property blod MainPID)/status"

step "an officer of the group, and somebody else"
useradd --create-home --groups blo officer
useradd --create-home stranger
cp -a "$HOME/uz-officers" /home/officer/keys && chown -R officer:officer /home/officer/keys
says "under the unit" runuser -u officer -- env BLO_OFFICERS=/home/officer/keys blo inbox
if runuser -u stranger -- blo inbox >/dev/null 2>&1; then wrong "a stranger reads"; fi

step "the upgrade to $version, and a downgrade"
pid=$(property blod MainPID)
dpkg -i ./blo-link.deb
[ "$(state_of blo-link)" = "$version installed" ] || wrong "blo-link is $(state_of blo-link)"
[ "$(property blod MainPID)" != "$pid" ] || wrong "blod was not started again"
[ "$(property blod ActiveState)" = active ] || wrong "after the upgrade blod is $(property blod ActiveState)"
exchange "after the upgrade"
pid=$(property blod MainPID)
refuses 1 "$older is older than $version" dpkg -i ./blo-link-before.deb
[ "$(property blod MainPID)" = "$pid" ] || wrong "a downgrade that was refused has started blod again"
exchange "after the downgrade that was refused"

step "a mistyped line"
cp -a /var/lib/blo/blod.toml /tmp/blod.toml
systemctl reload blod
echo 'liste = []' >/var/lib/blo/blod.toml
refuses 1 "" systemctl reload blod
[ "$(property blod MainPID)/$(property blod ActiveState)" = "$pid/active" ] || wrong "a reload that failed has changed blod"
exchange "after a reload that failed"
refuses 1 "" systemctl restart blod
[ "$(property blod ActiveState)/$(property blod ExecMainStatus)" = failed/78 ] ||
  wrong "blod is $(property blod ActiveState), $(property blod ExecMainStatus)"
says "line 1" journalctl --no-pager -u blod -n 20
cp -a /tmp/blod.toml /var/lib/blo/blod.toml
systemctl restart blod
exchange "after it was mended"

step "a kill, backups and retention"
kill -9 "$(property blod MainPID)"
until_so "systemd has started it again" at_uz status
exchange "after a kill"
blo backup create-key UZ-OYBEK --no-passphrase --out /tmp/backup.key
install -m 0644 /tmp/backup.pub /etc/blo/backup.pub
for night in 1 2; do
  until_so "the second is over" another_second
  systemctl start blo-backup || wrong "backup $night: $(journalctl --no-pager -u blo-backup -n 20)"
done
[ "$(find /var/backups/blo -name 'office-*.backup' -user blo -perm 600 | wc -l)" = 2 ] || wrong "$(ls -l /var/backups/blo)"
printf '[retention]\nalert = { keep = "3650d", basis = "Act 12" }\n' >>/var/lib/blo/blod.toml
systemctl restart blod
until_so "the two are connected" connected
systemctl start blo-retention || wrong "retention: $(journalctl --no-pager -u blo-retention -n 20)"
systemctl enable --now blo-backup.timer blo-retention.timer
for timer in blo-backup blo-retention; do
  [ "$(property $timer.timer ActiveState)" = active ] || wrong "$timer.timer is $(property $timer.timer ActiveState)"
done

step "an auditor verifies it all"
at_uz journal export /tmp/export >/dev/null
says VERIFIED blo-audit verify /tmp/export --authority authority-UZ/authority.pem --authority authority-TJ/authority.pem
systemctl stop blod
[ "$(property blod Result)" = success ] || wrong "blod ended with $(property blod Result)"
touch booted-before
