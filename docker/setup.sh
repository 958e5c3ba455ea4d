#!/bin/sh
# Makes what compose.yaml needs: secrets, folders, docker/.env. Keeps whatever is there, so it can be run again.
#   sh docker/setup.sh notary.example.gov/log     the name of the log: a host name you own and a path, for ever
#   sh docker/setup.sh --pin                      writes the digests of the base images into docker/.env; needs docker and its registry
set -eu
cd "$(dirname "$0")"
umask 077

# Appends NAME=value to .env unless NAME is set there.
setting() {
  grep -q "^$1=" .env 2>/dev/null || printf '%s=%s\n' "$1" "$2" >>.env
}

# Writes standard input to a new file of mode 0600.
secret() {
  [ -s "$1" ] || { cat >"$1.part" && mv "$1.part" "$1"; }
}

if [ "${1-}" = --pin ]; then
  pin() {
    digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$2")
    [ "${digest#sha256:}" != "$digest" ] || { echo "setup.sh: expected a digest of $2, got \"$digest\"" >&2; exit 1; }
    grep -v "^$1=" .env >.env.part || true
    printf '%s=%s@%s\n' "$1" "$2" "$digest" >>.env.part
    mv .env.part .env
    echo "$1=$2@$digest"
  }
  pin NODE_IMAGE docker.io/library/node:24-bookworm-slim
  pin POSTGRES_IMAGE docker.io/library/postgres:18-bookworm
  pin REDIS_IMAGE docker.io/library/redis:8-bookworm
  exit
fi

origin=${1-$(sed -n 's/^LOG_ORIGIN=//p' .env 2>/dev/null || true)}
case $origin in
'' | -* | *://* | *[!A-Za-z0-9.:/_~-]*)
  echo "setup.sh: expected the name of the log, a host name you own and a path such as notary.example.gov/log" >&2
  exit 64
  ;;
esac

# The containers run as the owner of the secrets. Root's would be root: user 1000 gets them instead.
uid=$(id -u) gid=$(id -g)
[ "$uid" != 0 ] || uid=1000 gid=1000

mkdir -p secrets/anchors trust state
openssl genpkey -algorithm ed25519 | secret secrets/signing-key.pem
openssl rand -hex 32 | secret secrets/admin-token
openssl rand -hex 32 | secret secrets/database-password
setting LOG_ORIGIN "$origin"
setting SEALROOT_USER "$uid:$gid"
[ "$(id -u)" != 0 ] || chown -R "$uid:$gid" secrets trust state .env

if [ "$(sed -n 's/^LOG_ORIGIN=//p' .env)" != "$origin" ]; then
  echo "setup.sh: docker/.env names the log $(sed -n 's/^LOG_ORIGIN=//p' .env), not $origin; a log keeps its name for ever" >&2
  exit 1
fi
echo "Keep a copy of docker/secrets in a safe place. Settings go into docker/.env. Next:"
echo "  docker compose -f docker/compose.yaml up --build --detach"
