#!/usr/bin/env bash
# What the launcher says before anything is set up: help of every command, and what it answers to wrong usage.
# No network and nothing made: the cache folder it is given must stay as it was. Argument: the repository root.
set -uo pipefail

top=$1
empty=$(mktemp -d)
trap 'rm -rf -- "$empty"' EXIT
export XDG_CACHE_HOME=$empty/cache
faults=0

fault() {
  printf 'FAULT: %s\n' "$1"
  faults=$((faults + 1))
}

expect() {  # STATUS TEXT COMMAND...: the status, and TEXT somewhere in what is said
  local wanted=$1 text=$2 said status
  shift 2
  said=$("$@" 2>&1 </dev/null)
  status=$?
  [[ $status == "$wanted" ]] || fault "$* gave status $status, not $wanted: $said"
  [[ $said == *"$text"* ]] || fault "$* does not say \"$text\": $said"
  [[ $said != *$'\e'* ]] || fault "$* puts colour into a pipe"
}

listed=$("$top/promenade" --help | sed -nE 's/^  ([a-z]+) .*/\1/p')
for command in demo test setup build shell hall rehearse report boxoffice circuit film plan bench console headset help; do
  grep -qx "$command" <<<"$listed" || fault "--help does not list $command"
done
[[ $("$top/promenade") == "$("$top/promenade" --help)" ]] || fault "no command and --help differ"
[[ $("$top/promenade" help) == "$("$top/promenade" --help)" ]] || fault "help and --help differ"

for command in $listed; do
  expect 0 "Usage: promenade $command" "$top/promenade" "$command" --help
  [[ $("$top/promenade" help "$command") == "$("$top/promenade" "$command" --help)" ]] || fault "help $command differs from $command --help"
done

expect 2 'Try: promenade --help' "$top/promenade" headsett
expect 2 '"headsett" is not a command' "$top/promenade" headsett
expect 2 'is not a command' "$top/promenade" help headsett
expect 2 'Try: promenade test --help' "$top/promenade" test --everything
expect 2 'wants a pattern' "$top/promenade" test -k
expect 2 'Try: promenade setup --help' "$top/promenade" setup --fast
expect 2 'Try: promenade build --help' "$top/promenade" build --fast

[[ ! -e $XDG_CACHE_HOME ]] || fault "help or wrong usage made something in the cache folder"

# The package list: one name a line, a reason for each, none twice.
names=$(sed -E '/^[[:space:]]*(#|$)/d' "$top/packages.txt")
! grep -vE '^[a-z0-9][a-z0-9.+-]+ +# [^ ]' <<<"$names" || fault "packages.txt: each line is a name and its reason"
twice=$(awk '{ print $1 }' <<<"$names" | sort | uniq -d)
[[ -z $twice ]] || fault "packages.txt lists twice: $twice"

((faults == 0)) && echo "the launcher's help and answers are in order"
exit $((faults > 0))
