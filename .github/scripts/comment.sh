#!/usr/bin/env bash
# Puts review.md into the one comment about $ENVIRONMENT that pull request $PULL_REQUEST has; without one, into the run's summary.
# CODE is the exit code of the review, COMMIT what was reviewed.
set -euo pipefail

export MARKER="<!-- plan:$ENVIRONMENT -->"
run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
{
  echo "$MARKER"
  echo "### Plan of $ENVIRONMENT"
  echo
  case "$CODE" in
    0 | 2 | 3) cat review.md ;;
    *) echo "**There is no plan**: [the run]($run) says why." ;;
  esac
  echo
  echo "<sub>Of ${COMMIT:0:12}, by [this run]($run). A merge applies this plan and nothing else.</sub>"
} >comment.md

if [ -z "$PULL_REQUEST" ]; then
  cat comment.md >>"$GITHUB_STEP_SUMMARY"
  exit 0
fi

# Only a comment of the workflow's own: anybody can write the marker into theirs.
comment=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments?per_page=100" \
  --jq '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id' | sed -n 1p)
if [ -n "$comment" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" --field body=@comment.md --silent
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field body=@comment.md --silent
fi
