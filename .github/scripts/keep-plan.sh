#!/usr/bin/env bash
# Says which file to keep of plan.tfplan, and under which name: that of the tree, which a merge has as well.
# A plan tells every value, the sensitive ones too: PLAN_PASSPHRASE encrypts it, and where anybody may read it is kept no other way.
set -euo pipefail

echo "artifact=plan-$ENVIRONMENT-$(git rev-parse 'HEAD^{tree}')" >>"$GITHUB_OUTPUT"
if [ -n "$PLAN_PASSPHRASE" ]; then
  bash .github/scripts/gpg.sh --symmetric --cipher-algo AES256 --output plan.tfplan.gpg plan.tfplan <<<"$PLAN_PASSPHRASE"
  echo "file=plan.tfplan.gpg" >>"$GITHUB_OUTPUT"
elif [ "$PRIVATE" = true ]; then
  echo "file=plan.tfplan" >>"$GITHUB_OUTPUT"
else
  echo "::warning::The plan is not kept, so no merge can be deployed: the repository is public, and the secret PLAN_PASSPHRASE is not set"
fi
