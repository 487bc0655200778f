#!/usr/bin/env bash
# Makes plan.tfplan of what was kept. Where there is a passphrase, a plan that was not encrypted with it is somebody else's.
set -euo pipefail

if [ -n "$PLAN_PASSPHRASE" ]; then
  if [ ! -f plan.tfplan.gpg ]; then
    echo "::error::The plan is not encrypted, though PLAN_PASSPHRASE is set: run the workflow \"plan\" on main, read its review, and run this one again"
    exit 1
  fi
  if ! bash .github/scripts/gpg.sh --output plan.tfplan --decrypt plan.tfplan.gpg <<<"$PLAN_PASSPHRASE"; then
    echo "::error::The plan was not encrypted with this PLAN_PASSPHRASE, or was changed since: run the workflow \"plan\" on main, read its review, and run this one again"
    exit 1
  fi
elif [ ! -f plan.tfplan ]; then
  echo "::error::The plan is encrypted, and the secret PLAN_PASSPHRASE is not set"
  exit 1
fi
