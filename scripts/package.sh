# Sourced by ./dev: what ./dev package does. Debian packages of HEAD, built from an export of it, in build/package.

package() {
  local version='' source folder=build/package try=
  version=$(sed -nE 's/^project\(blo-link VERSION ([0-9.]+) .*/\1/p' CMakeLists.txt)
  while [ $# -gt 0 ]; do
    case "$1" in
      --version)
        # Of the number in CMakeLists.txt, and what comes before or after it: 0.2.0~pre, 0.2.0+post.
        [[ "${2:-}" =~ ^"$version"([~+][a-z0-9.]+)?$ ]] || fail "--version wants $version, $version~WORD or $version+WORD"
        version=$2
        shift
        ;;
      --try) try=yes ;;
      *) fail "./dev package knows --version and --try, not '$1'" ;;
    esac
    shift
  done
  [ -z "$(git status --porcelain)" ] || say "Note: what is not committed is not in the packages."

  # The folder's depth is a checkout's build/release's: the compiler cache is the same.
  source=$folder/source
  rm -rf "$source" "$folder"/blo-*
  mkdir -p "$source"
  git archive HEAD | tar -C "$source" -x
  cp -a "$source/packaging/debian" "$source/debian"
  package_changelog "$version" >"$source/debian/changelog"
  say "Building the packages of $version; what is said goes to $folder/build.log"
  (
    cd "$source"
    # ccache's own base folder is the export: what is looked up has the names it has in any checkout.
    export CCACHE_BASEDIR=$PWD DEB_BUILD_OPTIONS="nocheck parallel=$jobs" SOURCE_DATE_EPOCH
    SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct)
    dpkg-buildpackage --build=binary --no-sign
  ) >"$folder/build.log" 2>&1 || {
    tail -n 20 "$folder/build.log" >&2
    fail "the packages could not be built; everything that was said is in $folder/build.log"
  }
  lintian --fail-on error --suppress-tags initial-upload-closes-no-bugs --tag-display-limit 0 "$folder"/*.changes ||
    fail "lintian found an error in the packages"
  say "Packages:"
  ls -sh "$folder"/*.deb
  [ -z "$try" ] || package_test "$version"
}

# debian/changelog: the release's, where CHANGELOG.md tells what is new.
package_changelog() {
  local version=$1
  cat <<TXT
blo-link ($version) unstable; urgency=medium

  * CHANGELOG.md says what is new.

 -- BLO Link maintainers <maintainers@blo-link.example>  $(git log -1 --format=%cd --date=rfc)
TXT
}
