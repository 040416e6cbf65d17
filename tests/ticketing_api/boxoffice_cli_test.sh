#!/bin/bash
# The programs as a new user runs them: sell, redeem, report, verify, pull; and every bad input with its message and
# exit code. Usage: boxoffice_cli_test.sh BIN_DIR SOURCE_DIR
set -u
office="$1/promenade-boxoffice" circuit="$1/promenade-circuit" config="$2/venue-configs/wuxi-420/boxoffice.toml"
work=$(mktemp -d) failures=0 server=0
cleanup() {
  [ "$server" != 0 ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
film=001100012026 hall=wuxi-420

# expect NAME EXIT_CODE TEXT COMMAND...: runs it, checks code and that stdout or stderr holds the text.
expect() {
  local name=$1 code=$2 text=$3 got
  shift 3
  "$@" >"$work/out" 2>&1
  got=$?
  if [ "$got" != "$code" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$work/out"; }; then
    echo "FAILED $name: exit $got, wanted $code and '$text'; output:"
    cat "$work/out"
    failures=$((failures + 1))
  fi
}
at="--config $config --data $work/data"

expect "help" 0 "serve" "$office" --help
for command in serve settle-evacuation sell comp refund change redeem close-day correct approve-late-entry report export verify rebuild backup restore rotate-key key "ticket show" "key add"; do
  expect "help of $command" 0 "--help" "$office" $command --help
done
expect "no command" 2 "required" "$office"
expect "unknown command" 2 "" "$office" dance
expect "no configuration" 2 "--config" "$office" sell --film $film
expect "missing configuration" 2 "nowhere.toml" "$office" sell --film $film --config "$work/nowhere.toml"
sed 's/^capacity = .*/capacity = -1/' "$config" >"$work/bad.toml"
expect "bad configuration" 2 "bad.toml:" "$office" serve --config "$work/bad.toml" --data "$work/data"
expect "folder as configuration" 2 "a folder, not a file" "$office" serve --config "$work" --data "$work/data"
echo 'no [configuration' >"$work/text.toml"
expect "no TOML" 2 "text.toml:1: " "$office" serve --config "$work/text.toml" --data "$work/data"
sed '/^\[\[films\]\]/,$ s/^id = "001100022026"/id = "001100012026"/' "$config" >"$work/twice.toml"
expect "film twice" 2 "is there twice" "$office" serve --config "$work/twice.toml" --data "$work/data"
expect "nothing to report" 3 "There is no ledger in" "$office" report --config "$config" --data "$work/nowhere" today
expect "nothing to verify" 3 "There is no ledger in" "$office" verify --config "$config" --data "$work/nowhere"
expect "nothing to refund" 3 "There is no ledger in" "$office" refund --config "$config" --data "$work/nowhere" 1111111111111111
[ ! -e "$work/nowhere" ] || { echo "FAILED: a folder was made only to look"; failures=$((failures + 1)); }
expect "no keys" 1 "no API key" "$office" key list --data "$work/nowhere"
expect "unwritable folder" 3 "Cannot make the folder" "$office" sell --film $film --config "$config" --data /proc/nothing

# The whole way, offline.
expect "sell" 0 "PMT1." "$office" sell $at --film $film --count 2 --svg "$work/svg"
token=$(grep -o 'PMT1[^ ]*' "$work/out" | head -1)
code=$(ls "$work/svg" | head -1 | cut -d. -f1)
other=$(grep -o 'PMT1[^ ]*' "$work/out" | tail -1)
[ "$(ls "$work/svg" | wc -l)" = 2 ] || { echo "FAILED svg files"; failures=$((failures + 1)); }
expect "unknown film" 1 "does not show" "$office" sell $at --film 999900009999
expect "film code of the wrong shape" 2 "12 digits" "$office" sell $at --film 12
expect "too many" 2 "" "$office" sell $at --film $film --count 51
expect "settlement of nothing" 1 "knows of no evacuation" "$office" settle-evacuation $at --refund --all-open
expect "two settlements" 2 "" "$office" settle-evacuation $at --refund --rebook --all-open
expect "settlement for nobody" 2 "" "$office" settle-evacuation $at --refund
expect "settlement, only looked at" 0 "nothing was booked" "$office" settle-evacuation $at --refund --ticket "$code" --evacuation e-1 --supervisor eva --dry-run
expect "not inside" 1 "was not redeemed" "$office" settle-evacuation $at --refund --ticket "$code" --evacuation e-1 --supervisor eva
expect "comp without reason" 1 "needs a reason" "$office" comp $at --film $film
expect "comp" 0 "0.00" "$office" comp $at --film 001100022026 --reason press
expect "redeem" 0 "redemption" "$office" redeem $at "$token" --hall $hall --headset 7
expect "used twice" 1 "was redeemed at" "$office" redeem $at "$token" --hall $hall
expect "malformed" 1 "" "$office" redeem $at "PMT1.abc.def" --hall $hall
expect "ticket show" 0 "redemptions" "$office" ticket show "$code" $at
expect "unknown ticket" 1 "no ticket" "$office" ticket show 1111111111111111 $at
expect "refund of an unknown ticket" 1 "not in this venue's ledger" "$office" refund 1111111111111111 $at
expect "refund of no ticket" 2 "16 digits" "$office" refund 12 $at
# What lowers a price, as at the counter's page.
cheap="--config $config --data $work/cheap"
expect "help names what lowers a price" 0 "--voucher-code" "$office" sell --help
expect "discount" 0 "discount pupil: 26.40 CNY off each ticket" "$office" sell $cheap --film $film --discount pupil
expect "unknown discount" 1 "no discount" "$office" sell $cheap --film $film --discount nobody
expect "vouchers, one for each ticket" 0 "x 58.00 = 116.00 CNY" "$office" sell $cheap --film $film --voucher gift --voucher-code gift-0000-0001 --voucher-code "GIFT 0000 0002"
expect "voucher taken" 1 "was taken already" "$office" sell $cheap --film $film --voucher gift --voucher-code GIFT00000001
expect "voucher without its code" 2 "voucher_codes" "$office" sell $cheap --film $film --voucher gift
expect "code without its kind" 2 "--voucher" "$office" sell $cheap --film $film --voucher-code GIFT00000003
expect "fewer codes than tickets" 2 "one code for each ticket" "$office" sell $cheap --film $film --count 3 --voucher gift --voucher-code GIFT00000003
expect "discount and voucher" 2 "" "$office" sell $cheap --film $film --discount pupil --voucher gift --voucher-code GIFT00000003
expect "comp with a discount" 2 "" "$office" comp $cheap --film $film --reason press --discount pupil
expect "takings without them" 0 '"gross":"177.60"' "$office" report $cheap --json today

again="--config $config --data $work/again"
expect "sold under a key" 0 "PMT1." "$office" sell $again --film $film --idempotency-key once
mv "$work/out" "$work/once"
expect "the same again" 0 "PMT1." "$office" sell $again --film $film --idempotency-key once
cmp -s "$work/once" "$work/out" || { echo "FAILED: the same key gave another answer"; failures=$((failures + 1)); }
expect "another under that key" 1 "once was used for another request" "$office" sell $again --film $film --count 2 --idempotency-key once

expect "approval while late entry is free" 1 "without an approval" "$office" approve-late-entry 2199-01-01 $at --reference A-1 --supervisor eva
expect "approval of late entry" 0 '"missing": 0' "$office" approve-late-entry 2020-01-01 $at --reference A-1 --supervisor eva
expect "approval that is over" 1 "was good for 48 hours" "$office" approve-late-entry 2020-01-01 $at --reference A-1 --granted 2020-01-10T00:00:00Z --supervisor eva
expect "national records of the day" 0 "national    " "$office" report $at today

# Of another venue's key: forged. (Tickets of yesterday: api_test.cpp, which has a clock of its own.)
"$office" sell --config "$config" --data "$work/other" --film $film >"$work/out2"
forged=$(grep -o 'PMT1[^ ]*' "$work/out2")
expect "forged" 1 "" "$office" redeem $at "$forged" --hall $hall
grep -qi "forged\|signature\|not issued" "$work/out" || { echo "FAILED forged: says $(cat "$work/out")"; failures=$((failures + 1)); }

printf 'sensor,hall,from,to,entered,left\ndoor-1,%s,%s,%s,1,0\n' $hall "$(date -u +%Y-%m-%dT%H:00:00Z)" "$(date -u +%Y-%m-%dT%H:59:00Z)" >"$work/seen.csv"
expect "observations of a file" 0 "1 observations booked" "$office" observe $at "$work/seen.csv"
expect "the same again" 0 "1 observations booked" "$office" observe $at "$work/seen.csv"
echo "sensor,hall" >"$work/seen.csv"
expect "observations without columns" 2 "no column from" "$office" observe $at "$work/seen.csv"
expect "report" 0 "sold        2" "$office" report $at today
expect "report csv" 0 "film_code" "$office" report $at --csv today
expect "report html" 0 "</html>" "$office" report $at --html today
expect "report json" 0 '"totals"' "$office" report $at --json today
expect "report of no date" 2 "" "$office" report $at yesterday
expect "export" 0 "" "$office" export $at "$work/export"
head -1 "$work/export" | grep -q promenade-ledger-1 || { echo "FAILED export header"; failures=$((failures + 1)); }
expect "verify" 0 '"chain_ok":true' "$office" verify $at --json
expect "key add" 0 "pk_" "$office" key add --data "$work/data" circuit --scope read
key=$(grep -o 'pk_.*' "$work/out")
expect "key added twice" 1 "exists" "$office" key add --data "$work/data" circuit --scope read
expect "key of no scope" 2 "no scope" "$office" key add --data "$work/data" x --scope fly
expect "key of a certificate that is none" 2 "not a certificate" "$office" key add --data "$work/data" door-1 --scope redeem --certificate "$config"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=door-1 -keyout "$work/door.key" -out "$work/door.pem" 2>/dev/null
expect "key of a certificate" 0 "is known by the certificate" "$office" key add --data "$work/data" door-1 --scope redeem --certificate "$work/door.pem"
expect "one certificate for two" 1 "is that of the key 'door-1'" "$office" key add --data "$work/data" door-2 --scope redeem --certificate "$work/door.pem"
expect "list of certificates" 0 "redeem  certificate" "$office" key list --data "$work/data"
expect "device port without its files" 2 "--device-" "$office" serve --config "$config" --data "$work/data" --device-port 0
expect "device port with a wrong file" 2 "is not a certificate that can be used" "$office" serve --config "$config" --data "$work/data" --port 0 --poll-port 0 --device-port 0 --device-certificate "$config" --device-key "$work/door.key" --device-ca "$work/door.pem"
expect "reports to nowhere" 3 "Cannot make the folder" "$office" serve --config "$config" --data "$work/data" --port 0 --poll-port 0 --report-to /proc/nothing
expect "output on a full disk" 3 "could not be written in full" bash -c "'$office' report $at today >/dev/full"
expect "key list" 0 "circuit" "$office" key list --data "$work/data"

# Damaged ledgers: each is named, and none is begun anew.
# damaged NAME COMMAND...: a copy of the folder in $work/NAME, changed by the command that runs in it.
damaged() {
  local name=$1
  shift
  cp -r "$work/data" "$work/$name"
  (cd "$work/$name" && "$@")
  expect "$name" 3 "$work/$name/ledger.sqlite" "$office" sell --config "$config" --data "$work/$name" --film $film
  expect "verify of $name" 3 "$work/$name/ledger.sqlite" "$office" verify --config "$config" --data "$work/$name"
  grep -qE "damaged|empty file|other-venue|is of the venue" "$work/out" || { echo "FAILED $name says $(cat "$work/out")"; failures=$((failures + 1)); }
}
damaged cut-in-half bash -c 'truncate -s $(($(stat -c %s ledger.sqlite) / 2)) ledger.sqlite'
damaged cut-to-nothing truncate -s 0 ledger.sqlite
damaged no-ledger bash -c 'yes "these are words" | head -c 9000 >ledger.sqlite'
cp -r "$work/data" "$work/no-key" && rm "$work/no-key/ticket-key"
expect "lost ticket key" 3 "ticket-key is missing" "$office" sell --config "$config" --data "$work/no-key" --film $film
sed 's/^id = "wuxi"/id = "elsewhere"/' "$config" >"$work/elsewhere.toml"
expect "ledger of another venue" 3 "is of the venue wuxi, not elsewhere" "$office" verify --config "$work/elsewhere.toml" --data "$work/data"
expect "rebuild" 0 "made anew" "$office" rebuild $at
expect "verify after the rebuild" 0 '"rebuilt_identical":true' "$office" verify $at --json


# Copies, the way back, and keys.
expect "backup" 0 "whole" "$office" backup $at "$work/copy.sqlite"
expect "backup over a file" 3 "exists" "$office" backup $at "$work/copy.sqlite"
expect "restore of nothing" 3 "cannot be opened" "$office" restore $at "$work/nothing"
expect "sold after the copy" 0 "PMT1." "$office" sell $at --film $film
expect "export for a restore" 0 "" "$office" export $at "$work/after"
expect "restore that loses" 1 "whole events" "$office" restore $at "$work/copy.sqlite"
cp -r "$work/data" "$work/lost" && rm "$work/lost/ledger.sqlite"
expect "restore" 0 "of the export" "$office" restore --config "$config" --data "$work/lost" "$work/copy.sqlite" --events "$work/after"
expect "verify the restored" 0 '"chain_ok":true' "$office" verify --config "$config" --data "$work/lost" --json
cmp -s <("$office" export --config "$config" --data "$work/lost" /dev/stdout) "$work/after" || { echo "FAILED: the restored ledger has other events"; failures=$((failures + 1)); }
rm -rf "$work/lost" && mkdir "$work/lost"
expect "restore without keys" 3 "Put the keys back" "$office" restore --config "$config" --data "$work/lost" "$work/copy.sqlite"
expect "log key rotated" 0 "The log key is now" "$office" rotate-key log $at
expect "ticket key rotated" 0 "Give the halls" "$office" rotate-key tickets $at
expect "rotation of nothing" 2 "" "$office" rotate-key films $at
expect "verify after the rotation" 0 '"rebuilt_identical":true' "$office" verify $at --json
expect "rebuild while verifying" 0 '"first_bad_event":null' "$office" verify $at --json --rebuild

# A server.
"$office" key add --data "$work/data" manager --scope sell,redeem,play,observe,read,close 2>/dev/null >"$work/manager"
manager=$(cat "$work/manager")
# start_server ARGUMENTS...: waits for the ready line; sets server and url; the rest of its output comes on fd 3.
start_server() {
  local line
  url=
  coproc SERVE { exec "$office" serve "$@" 2>&1; }
  server=$SERVE_PID
  exec 3<&"${SERVE[0]}"
  while read -r line <&3; do
    case $line in *"ready on "*) url=${line##*ready on } && break ;; esac
  done
}
# stop_server: asks it to end, gives its exit code, leaves its last words in $work/server.
stop_server() {
  local code
  kill -TERM "$server"
  cat <&3 >"$work/server"
  wait "$server"
  code=$?
  server=0
  exec 3<&-
  return $code
}
start_server $at --port 0 --witness "$work/witness"
[ -n "$url" ] || { echo "FAILED serve"; exit 1; }
expect "second box office" 3 "in use" "$office" serve $at --port 0
expect "command beside a server" 3 "--url" "$office" sell $at --film $film
expect "port in use" 3 "in use" "$office" serve --config "$config" --data "$work/data2" --port "${url##*:}"
expect "sell through the server" 0 "PMT1." "$office" sell --url "$url" --key "$manager" --film $film
expect "wrong key" 1 "not known" "$office" sell --url "$url" --key pk_wrong --film $film
expect "no key" 2 "--key" "$office" sell --url "$url" --film $film
expect "key without scope" 1 "no scope" "$office" sell --url "$url" --key "$key" --film $film
expect "no server" 3 "No server answers" "$office" sell --url http://127.0.0.1:9 --key "$manager" --film $film
expect "no URL" 2 "not the address" "$office" sell --url here --key "$manager" --film $film
expect "report through the server" 0 "sold        4" "$office" report --url "$url" --key "$key" today
expect "page through the server" 0 "</html>" "$office" report --url "$url" --key "$key" --html today
expect "export through the server" 0 "" "$office" export --url "$url" --key "$key" "$work/export2"
for _ in 1 2 3 4 5 6 7 8 9 10; do grep -q checkpoint "$work/witness" && break; sleep 0.5; done  # the keeper's first round
expect "export of a backup beside a server" 0 "whole" "$office" backup $at "$work/copy2.sqlite"
expect "pull of the wrong log key" 1 "do not include" "$circuit" pull "$url" --key "$key" --store "$work/pinned" --log-key "$(printf '0%.0s' $(seq 64))"
expect "pull of a log key that is none" 2 "64 hex digits" "$circuit" pull "$url" --key "$key" --store "$work/pinned" --log-key abc
expect "pull" 0 "signed up to event" "$circuit" pull "$url" --key "$key" --store "$work/circuit" --log-key "$(cat "$work/data/log-key.pub")"
expect "pull again" 0 " 0 new" "$circuit" pull "$url" --key "$key" --store "$work/circuit"
expect "circuit status" 0 "events" "$circuit" status "$work/circuit"
expect "circuit verify" 0 "chain whole" "$circuit" verify "$work/circuit"
expect "circuit export" 0 "events of wuxi" "$circuit" export "$work/circuit" "$work/exported"
expect "circuit without key" 2 "key" "$circuit" pull "$url" --store "$work/circuit"
expect "circuit of wrong key" 1 "not known" "$circuit" pull "$url" --key pk_wrong --store "$work/circuit"
stop_server
code=$?
[ $code = 0 ] && grep -q "stopped at event" "$work/server" || { echo "FAILED graceful stop: $code"; failures=$((failures + 1)); }
expect "verify after the stop" 0 "rebuilt_identical  true" "$office" verify $at
expect "verify beside the witness" 0 "witnessed_events" "$office" verify $at --witness "$work/witness"
"$office" export $at "$work/last" && cmp -s "$work/last" "$work/exported" || { echo "FAILED: the circuit's export is not the venue's"; failures=$((failures + 1)); }

# An old copy in the ledger's place: the witness, told by a server or a command, refuses it.
cp -r "$work/data" "$work/old" && cp "$work/copy.sqlite" "$work/old/ledger.sqlite" && rm -f "$work/old/log-key.next"
expect "verify of an old copy" 1 "its end was cut off" "$office" verify --config "$config" --data "$work/old" --witness "$work/witness"
expect "restore of what the witness refuses" 1 "outside witness refuses" "$office" restore --config "$config" --data "$work/old" "$work/copy.sqlite" --witness "$work/witness"

# Rolled back: an older ledger under the same venue.
rm -rf "$work/data2"
expect "older ledger" 0 "" "$office" sell --config "$config" --data "$work/data2" --film $film
"$office" key add --data "$work/data2" circuit --scope read 2>/dev/null >"$work/key2"
start_server --config "$config" --data "$work/data2" --port 0
expect "venue with another past" 1 "Nothing was changed here" "$circuit" pull "$url" --key "$(cat "$work/key2")" --store "$work/circuit"
stop_server

# A full disk, where this user may mount one: offline, and under a running server that goes on once there is space.
cat >"$work/full.sh" <<'INNER'
set -u
mnt=$1 office=$2 config=$3 film=$4
mount -t tmpfs -o size=600k none "$mnt" || exit 77
fill() { dd if=/dev/zero of="$mnt/fill" bs=1k >/dev/null 2>&1; }
at="--config $config --data $mnt/data"
# The very first opening, on a disk that fills up ever later: refused as full, and well once there is space.
for free in 0 4 8 16 32 64 96; do
  dd if=/dev/zero of="$mnt/fill" bs=1k count=$((600 - free)) >/dev/null 2>&1
  "$office" sell $at --film "$film" >/dev/null 2>"$mnt/../first"
  [ $? = 3 ] && grep -qE "$mnt/data.*(is full|No space left)" "$mnt/../first" || { cat "$mnt/../first"; exit 82; }
  rm -f "$mnt/fill"
  "$office" sell $at --film "$film" >/dev/null 2>&1 && [ -s "$mnt/data/ticket-key.pub" ] || exit 83
  rm -rf "$mnt/data"
done
"$office" sell $at --film "$film" >/dev/null 2>&1 || exit 78
key=$("$office" key add --data "$mnt/data" clerk --scope sell,read 2>/dev/null)
fill
"$office" sell $at --film 001100022026 --count 8 && exit 79
rm -f "$mnt/fill"
coproc SERVE { exec "$office" serve $at --port 0 2>&1; }
server=$SERVE_PID
exec 3<&"${SERVE[0]}"
while read -r line <&3; do case $line in *"ready on "*) url=${line##*ready on } && break ;; esac; done
fill
refused=0
for _ in $(seq 40); do
  "$office" sell --url "$url" --key "$key" --film 001100032026 >/dev/null 2>"$mnt/../sale" || { refused=$?; cat "$mnt/../sale"; break; }
done
rm -f "$mnt/fill"
"$office" sell --url "$url" --key "$key" --film 001100042026 || exit 80
kill -TERM $server
wait $server
"$office" verify $at --json || exit 81
exit $refused
INNER
mkdir -p "$work/mnt"
unshare -rm bash "$work/full.sh" "$work/mnt" "$office" "$config" $film >"$work/out" 2>&1
code=$?
case $code in
  3) [ "$(grep -c "is full" "$work/out")" = 2 ] && grep -q '"rebuilt_identical":true' "$work/out" || { echo "FAILED full disk says:"; cat "$work/out"; failures=$((failures + 1)); } ;;
  1 | 77) echo "full disk: not tried, no mount rights" ;;
  *) echo "FAILED full disk: exit $code"; cat "$work/out"; failures=$((failures + 1)) ;;
esac

[ $failures = 0 ] && echo "all passed"
exit $((failures > 0))
