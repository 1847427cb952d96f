# Sourced by ./dev: what ./dev package --try does, a step of ./dev test --long. It installs, upgrades, downgrades, removes
# and purges the packages on a bare Debian 12 in a folder of its own, and boots that. What is typed there stands in
# package_test_inside.sh and package_test_booted.sh.

# package_test VERSION: of the packages in build/package.
package_test() (
  local folder=build/package version=$1 older=$1~before deb
  [ "$(id -u)" -eq 0 ] || fail "a bare system is made with debootstrap and chroot, which need root"
  install "${packages_fresh[@]}" xz-utils systemd systemd-container
  source scripts/fresh.sh
  trap fresh_end EXIT
  trap 'exit 130' INT TERM
  fresh_folder=$(mktemp -d /var/tmp/blo-packages.XXXXXX)
  local root=$fresh_folder/root
  fresh_base "$root"
  fresh_enter "$root"
  mkdir "$root/src"
  for deb in blo-link blo-audit; do
    cp "$folder/${deb}_${version}_$(dpkg --print-architecture).deb" "$root/src/$deb.deb"
    package_renumbered "$root/src/$deb.deb" "$older" "$root/src/$deb-before.deb"
  done
  cp scripts/package_test_{words,inside,booted}.sh "$root/src"
  tar -C "$root/src" -xJf tests/data/home-0.1.0/homes.tar.xz
  cp -r tests/bundles/valid-pair "$root/src"
  fresh_run "$root" bash package_test_inside.sh "$version" "$older"
  package_test_boot "$root" "$version" "$older"
)

# The same system booted, in a container with a network of its own: what the units do, done under them.
package_test_boot() {
  local root=$1
  fresh_run "$root" apt-get -q -y --no-install-recommends install systemd-sysv ./blo-link-before.deb ./blo-audit.deb
  fresh_leave
  cat >"$root/etc/systemd/system/package-test.service" <<TXT
[Unit]
After=multi-user.target
[Service]
Type=oneshot
WorkingDirectory=/src
ExecStart=/bin/bash package_test_booted.sh $2 $3
StandardOutput=append:/src/said
StandardError=append:/src/said
ExecStopPost=/bin/sh -c 'echo "\$EXIT_STATUS" >/src/ended; journalctl --no-pager >/src/journal; systemctl --no-block poweroff'
[Install]
WantedBy=multi-user.target
TXT
  systemctl --root="$root" enable package-test.service
  for _ in once again; do
    say "In the bare Debian 12, booted"
    rm -f "$root/src/ended" "$root/src/said"
    # What nspawn itself would keep from every unit: locked memory, and the question of NTP.
    timeout 600 systemd-nspawn --quiet --directory="$root" --register=no --keep-unit --boot --private-network \
      --console=read-only --rlimit=RLIMIT_MEMLOCK=67108864 --system-call-filter='@memlock adjtimex clock_adjtime' \
      </dev/null >"$fresh_folder/console" 2>&1 || true
    cat "$root/src/said"
    [ "$(cat "$root/src/ended" 2>/dev/null)" = 0 ] || {
      tail -n 60 "$root/src/journal"
      fail "under the units something is not as it should be"
    }
  done
}

# package_renumbered DEB VERSION OUT: the same package under another number.
package_renumbered() {
  local unpacked
  unpacked=$(mktemp -d "$fresh_folder/unpacked.XXXXXX")
  dpkg-deb -R "$1" "$unpacked"
  sed -i "s/^Version: .*/Version: $2/" "$unpacked/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$unpacked" "$3" >/dev/null
  rm -r "$unpacked"
}
