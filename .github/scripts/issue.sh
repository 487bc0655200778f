#!/usr/bin/env bash
# Keeps one open issue about what drift.txt says was changed by hand in $ENVIRONMENT; closes it when nothing is (CODE 0).
set -euo pipefail

export TITLE="Changed by hand in $ENVIRONMENT"
run="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
issues="repos/$GITHUB_REPOSITORY/issues"

# Only an issue of the workflow's own: anybody can open one with this title.
issue=$(gh api --paginate "$issues?state=open&per_page=100" \
  --jq '.[] | select(.user.login == "github-actions[bot]" and .title == env.TITLE and .pull_request == null) | .number' | sed -n 1p)

if [ "$CODE" = 0 ]; then
  [ -n "$issue" ] || exit 0
  gh api --method POST "$issues/$issue/comments" --raw-field body="Nothing is left of it, says [this run]($run)." --silent
  gh api --method PATCH "$issues/$issue" --raw-field state=closed --silent
  exit 0
fi

{
  echo "AWS is not what the last deploy left, as [this run]($run) saw:"
  echo
  echo '~~~~text'
  # GitHub takes 65,536 characters.
  head -c 50000 drift.txt | iconv -c -f UTF-8 -t UTF-8 || true # nor half a character
  echo
  echo '~~~~'
  echo
  echo "The next deploy undoes it. What is to stay belongs into \`src/config/environments.ts\`; this issue closes itself once nothing differs."
} >issue.md
if [ -n "$issue" ]; then
  gh api --method PATCH "$issues/$issue" --field body=@issue.md --silent
else
  gh api --method POST "$issues" --raw-field title="$TITLE" --field body=@issue.md --silent
fi
