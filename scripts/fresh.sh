# Sourced by ./dev: what ./dev fresh does. A bare Debian 12 in a folder, and in it the demo and the tests.

fresh_folder=
fresh_mounts=()
fresh_step=
fresh_commit=

fresh() {
  local started demo_s test_s root
  [ $# -eq 0 ] || [ "$*" = --cache ] || fail "./dev fresh knows only --cache, not '$*'"
  fresh_commit=$(git rev-parse --short HEAD)
  [ -z "$(git status --porcelain)" ] || say "Note: what is not committed is not in the clone."
  trap fresh_end EXIT
  trap 'exit 130' INT TERM

  fresh_step="the bare system"
  fresh_folder=$(mktemp -d /var/tmp/blo-fresh.XXXXXX)
  root=$fresh_folder/root
  fresh_base "$root"
  fresh_enter "$root"
  [ $# -eq 0 ] || fresh_lend_cache "$root"
  git clone -q --no-local "$top" "$root/src"

  fresh_step="./dev demo"
  started=$SECONDS
  fresh_run "$root" ./dev demo
  demo_s=$((SECONDS - started))
  fresh_step="./dev test"
  started=$SECONDS
  fresh_run "$root" ./dev test
  test_s=$((SECONDS - started))
  fresh_step=
  say "fresh: demo ok in $demo_s s, test ok in $test_s s (Debian $(cat "$root/etc/debian_version"), $fresh_commit)"
}

# The base system: from the cache, or made with debootstrap and put there.
fresh_base() {
  local root=$1 mirror tarball=${XDG_CACHE_HOME:-$HOME/.cache}/blo-fresh/bookworm-$(dpkg --print-architecture).tar
  mkdir -p "$root"
  if [ ! -f "$tarball" ]; then
    mirror=$(fresh_mirror)
    say "Making a bare Debian 12 from $mirror"
    debootstrap --variant=minbase --include=git bookworm "$root" "$mirror" >"$fresh_folder/debootstrap.log" 2>&1 || {
      tail -n 15 "$fresh_folder/debootstrap.log" >&2
      fail "debootstrap could not make the base system"
    }
    mkdir -p "$(dirname "$tarball")"
    tar -C "$root" --one-file-system -cf "$tarball.part" . && mv "$tarball.part" "$tarball"
  else
    say "Taking the bare Debian 12 from $tarball"
    tar -C "$root" -xf "$tarball"
  fi
  fresh_apt_settings "$root"
}

# Where this machine's apt gets bookworm from.
fresh_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
  [ -n "$mirror" ] || fail "this machine's apt knows no mirror of Debian 12 (bookworm); 'apt-get update' may help"
  printf '%s\n' "$mirror"
}

# The clone's apt asks the mirrors, through the proxies and with the certificates, that this machine's does.
fresh_apt_settings() {
  local root=$1 path
  rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"
  for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/auth.conf /etc/apt/auth.conf.d /etc/apt/keyrings \
    /etc/apt/trusted.gpg.d /usr/share/keyrings /etc/resolv.conf /etc/ssl/certs; do
    [ -e "$path" ] || continue
    mkdir -p "$root$(dirname "$path")"
    cp -aLT "$path" "$root$path"
  done
  apt-config dump | grep -E '^Acquire::(http|https|ftp)[: ]|^Acquire::Check-' >"$root/etc/apt/apt.conf.d/90host" || true
}

fresh_enter() {
  local root=$1
  # debootstrap leaves this to the installer, which writes it on every system.
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
  fresh_mount "$root/proc" -t proc proc
  fresh_mount "$root/sys" -t sysfs -o ro sysfs
  fresh_mount "$root/dev" -t tmpfs -o mode=755 tmpfs
  local device
  for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    fresh_mount "$root/dev/$device" --bind "/dev/$device"
  done
  mkdir "$root/dev/pts" "$root/dev/shm"
  ln -s /proc/self/fd "$root/dev/fd"
  fresh_mount "$root/dev/pts" -t devpts -o newinstance,ptmxmode=0666 devpts
  ln -s pts/ptmx "$root/dev/ptmx"
  fresh_mount "$root/dev/shm" -t tmpfs tmpfs
  fresh_mount "$root/tmp" -t tmpfs -o mode=1777 tmpfs
}

# fresh_mount PLACE MOUNT-ARGUMENTS…
fresh_mount() {
  local place=$1
  shift
  mount "$@" "$place"
  fresh_mounts=("$place" "${fresh_mounts[@]}")
}

# The clone's compiler cache is this machine's own.
fresh_lend_cache() {
  local from place=$1/var/cache/ccache
  from=$(ccache --get-config cache_dir)
  mkdir -p "$from" "$place"
  fresh_mount "$place" --bind "$from"
}

# Runs a command in the clone with a bare environment.
fresh_run() {
  local root=$1 kept=() name
  shift
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || kept+=("$name=${!name}")
  done
  say "In the bare Debian 12: $*"
  env -i "${kept[@]}" HOME=/root CCACHE_DIR=/var/cache/ccache TERM=dumb CI=true PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    chroot "$root" /bin/sh -c 'cd /src && exec "$@"' sh "$@" </dev/null
}

# Nothing stays mounted.
fresh_leave() {
  local place
  for place in "${fresh_mounts[@]}"; do umount "$place" || umount -l "$place" || true; done
  fresh_mounts=()
}

# However it ends: nothing stays mounted, and the verdict is the last line.
fresh_end() {
  fresh_leave
  # --one-file-system: should a mount have stayed, what is behind it is not ours to delete.
  [ -z "$fresh_folder" ] || rm -rf --one-file-system "$fresh_folder"
  [ -z "$fresh_step" ] || say "fresh: FAILED: $fresh_step (Debian 12, $fresh_commit)"
}
