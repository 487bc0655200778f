#!/usr/bin/env bash
# gpg with the passphrase from standard input, and with a home that is gone afterwards.
set -euo pipefail

GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill all || true; rm -rf "$GNUPGHOME"' EXIT
gpg --batch --yes --quiet --pinentry-mode loopback --passphrase-fd 0 "$@"
