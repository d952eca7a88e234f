#!/usr/bin/env bash
# Builds kube-apiserver and kube-controller-manager 1.20.2 from Debian 12's own source package and keeps them, with
# Debian's etcd, in the cache folder given as the first argument. The folder appears by one rename, so that a broken
# build is never taken for a good one. Needs root on Debian 12; says why and exits 3 where it cannot run.
set -euo pipefail

target=${1:?usage: build-kube-apiserver.sh CACHE_FOLDER}
[ -x "$target/kube-apiserver" ] && [ -x "$target/etcd" ] && exit 0

cannot() { echo "kube-apiserver cannot be built here: $1" >&2; exit 3; }
[ "$(id -u)" = 0 ] || cannot "installing Debian packages needs root"
command -v apt-get >/dev/null || cannot "no apt-get"
. /etc/os-release
[ "${VERSION_CODENAME:-}" = bookworm ] || cannot "the recipe is for Debian 12, this is ${PRETTY_NAME:-unknown}"

mkdir -p "$(dirname "$target")"
exec 9>"$target.lock"
flock 9
[ -x "$target/kube-apiserver" ] && [ -x "$target/etcd" ] && exit 0

# The mirror and its keyring are those that the machine already trusts.
source_list=/etc/apt/sources.list.d/lockkeeper-deb-src.list
mirror=$(apt-cache policy | sed -n 's/^ *[0-9]* \([a-z]*:[^ ]*\) bookworm\/main .*/\1/p' | sed -n 1p)
[ -n "$mirror" ] || { apt-get update -qq; mirror=$(apt-cache policy | sed -n 's/^ *[0-9]* \([a-z]*:[^ ]*\) bookworm\/main .*/\1/p' | sed -n 1p); }
[ -n "$mirror" ] || cannot "no bookworm main mirror is configured"
# The entry must name the same keyring as the binary entry of that mirror, or apt refuses both.
keyring=$(grep -rhoiE '/[^] ]*debian-archive[^] ]*\.(gpg|pgp|asc)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | sed -n 1p || true)
echo "deb-src ${keyring:+[signed-by=$keyring] }$mirror bookworm main" > "$source_list"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends golang-go etcd-server dpkg-dev rsync jq make \
  golang-github-modern-go-reflect2-dev >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# apt's download user must be able to enter the folder.
chmod 755 "$work"
cd "$work"
apt-get source -qq kubernetes >/dev/null 2>&1 || cannot "the source package could not be downloaded"
cd kubernetes-*/

# reflect2 1.0.1 does not know the map iterator of Go 1.18 and later: the server would crash on the first custom resource.
vendored=vendor/github.com/modern-go/reflect2
packaged=/usr/share/gocode/src/github.com/modern-go/reflect2
rm -f "$vendored"/*.go "$vendored"/*.s
for file in "$packaged"/*.go "$packaged"/*.s; do
  case "$file" in *_test.go) ;; *) cp "$file" "$vendored/" ;; esac
done

GO111MODULE=off CGO_ENABLED=0 KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_TREE_STATE=clean KUBE_GIT_COMMIT=debian \
  GOLDFLAGS="-s -w" make WHAT="cmd/kube-apiserver cmd/kube-controller-manager" >"$work/build.log" 2>&1 ||
  { tail -n 20 "$work/build.log" >&2; cannot "the build failed"; }

staging="$target.new.$$"
mkdir -p "$staging"
cp _output/local/go/bin/kube-apiserver _output/local/go/bin/kube-controller-manager /usr/bin/etcd "$staging/"
rm -rf "$target"
mv "$staging" "$target"
