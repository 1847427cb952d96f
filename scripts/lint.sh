# Sourced by ./dev: what ./dev lint does. Sets nothing but functions.

lint() {
  bash -n dev .ci/run scripts/*.sh
}
