#!/usr/bin/env bash
# Finds the plan that was made of this very tree, the newest first; a run of plan.yml that succeeded must have kept it.
set -euo pipefail

name="plan-$ENVIRONMENT-$(git rev-parse 'HEAD^{tree}')"

# A fork's pull request can run workflows here that keep files under any name: only what this repository's own branches made counts.
found=$(gh api --paginate "repos/$GITHUB_REPOSITORY/actions/artifacts?name=$name&per_page=100" --jq '.artifacts[]
  | select(.expired | not)
  | select(.workflow_run.repository_id == .workflow_run.head_repository_id)
  | "\(.created_at) \(.id) \(.workflow_run.id)"' | sort --reverse)

while read -r _ artifact run; do
  [ -n "$artifact" ] || continue
  verdict=$(gh api "repos/$GITHUB_REPOSITORY/actions/runs/$run" \
    --jq '"\(.path | split("@")[0]) \(.conclusion)"')
  if [ "$verdict" = ".github/workflows/plan.yml success" ]; then
    echo "artifact=$artifact" >>"$GITHUB_OUTPUT"
    echo "run=$run" >>"$GITHUB_OUTPUT"
    exit 0
  fi
done <<<"$found"

if [ -z "$PLAN_PASSPHRASE" ] && [ "$PRIVATE" != true ]; then
  echo "::error::There is no plan to deploy: a public repository keeps none without the secret PLAN_PASSPHRASE. Set it, run the workflow \"plan\" on main, read its review, and run this one again"
else
  echo "::error::No plan was made of what main is now (it has moved since the review, the policies failed, or the plan has expired). Run the workflow \"plan\" on main, read its review, and run this one again"
fi
exit 1
