# Sourced by ./dev: what ./dev lint does. Every check runs, so that one call shows everything.

lint() {
  local failed=()
  lint_check "bash syntax" lint_bash
  lint_check "Python syntax" lint_python
  lint_check "formatting" lint_format
  lint_check "the project's own rules" "$python" -B tests/tidy/tidy.py .
  lint_check "clang-tidy" lint_clang_tidy
  [ ${#failed[@]} -eq 0 ] || fail "lint: not clean: $(printf '%s; ' "${failed[@]}" | sed 's/; $//')"
  say "lint: clean"
}

# lint_check NAME COMMAND…
lint_check() {
  local name=$1
  shift
  say "lint: $name"
  "$@" || failed+=("$name")
}

# Files that git tracks or would add, and that exist; each ends with a NUL: names may have blanks.
lint_files() {
  local file
  git ls-files --cached --others --exclude-standard -z -- "$@" | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done
}

# Those whose first line names PROGRAM, a regular expression: lint_scripts PROGRAM.
lint_scripts() {
  local file line
  lint_files | while IFS= read -r -d '' file; do
    line=
    { IFS= read -r line <"$file"; } 2>/dev/null || true
    [[ ! $line =~ ^#!.*[/\ ]($1)$ ]] || printf '%s\0' "$file"
  done
}

lint_bash() {
  local file status=0
  while IFS= read -r -d '' file; do
    bash -n "$file" || status=1
  done < <({ lint_scripts '(ba)?sh'; lint_files '*.sh'; } | sort -zu)
  return $status
}

lint_python() {
  { lint_files '*.py'; lint_scripts 'python3'; } | sort -zu | xargs -0 -r "$python" -c '
import sys
bad = False
for path in sys.argv[1:]:
    try:
        compile(open(path, encoding="utf-8").read(), path, "exec")
    except SyntaxError as error:
        print(f"{path}:{error.lineno}: {error.msg}")
        bad = True
sys.exit(bad)'
}

lint_format() {
  lint_files '*.h' '*.cpp' | xargs -0 -r clang-format --dry-run -Werror || {
    say "clang-format -i on these files mends it."
    return 1
  }
}

lint_clang_tidy() {
  cmake --preset dev >build/configure-dev.log 2>&1 || {
    tail -n 15 build/configure-dev.log >&2
    return 1
  }
  cmake --build build/dev --target blo_proto -j "$jobs" >build/proto.log 2>&1 || {
    tail -n 15 build/proto.log >&2
    return 1
  }
  "$python" -B scripts/clang_tidy.py build/dev
}
