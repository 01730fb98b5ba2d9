#!/usr/bin/env bash
# Runs a project on Slipway from a CI job: submit, print what it prints while it runs, exit as it did.
#
#   examples/ci.sh FOLDER [more options for curl ...]
#   examples/ci.sh examples/normal-squares --form-string arguments=2026-01-31 -F 'config=@prod.ini;filename=data/data_source.ini'
#
# New pipelines take the client, which sends only what changed: see ci/ beside this. This script stays for those whose options are curl's.
#
# It may be run again after any failure, also when it was killed: the same work is never submitted twice, because every try carries
# the same Idempotency-Key. The job itself goes on while nobody waits for it.
#
#   SLIPWAY_URL       where the service is; http://localhost:8080 when not set
#   SLIPWAY_TOKEN     the token, where the service wants one; it never becomes part of a command line
#   SLIPWAY_KEY       the Idempotency-Key; when not set it is made of the CI job (GitHub, GitLab, Jenkins), the git commit, the
#                     project's files and the options. Set another one to run the same thing once more.
#   SLIPWAY_PATIENCE  for how many seconds in a row the service may be unreachable; 300 when not set
#   SLIPWAY_LOG_PATIENCE  for how many seconds after the end the logs may take to come; 600 when not set
#
# Exit status: 0 when the job SUCCEEDED; when it FAILED, the project's own exit status or 1; 2 when it was CANCELLED;
# 64 wrong usage; 65 the service refused the submission; 69 the service was not reachable for too long: run this again.
# What the project printed goes to stdout, and its stderr and the progress to stderr; where Spark joins the two streams (in every mode on EMR),
# stdout has both. Of a job that is tried again, every attempt's, one after the other.
set -euo pipefail

url=${SLIPWAY_URL:-http://localhost:8080}
url=${url%/}
patience=${SLIPWAY_PATIENCE:-300}
log_patience=${SLIPWAY_LOG_PATIENCE:-600}

say() { printf 'ci.sh: %s\n' "$*" >&2; }
stop() { say "${*:2}"; exit "$1"; }

[ $# -ge 1 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0" >&2; exit 64; }
folder=${1%/}
shift
[ -d "$folder" ] || stop 64 "$folder is not a folder"
for tool in curl python3; do
    command -v "$tool" >/dev/null || stop 64 "$tool is not installed"
done
work=$(mktemp -d)
followers=
# shellcheck disable=SC2086 # several processes are several words
trap 'kill $followers 2>/dev/null || true; rm -rf "$work"' EXIT

# The token goes through a pipe: a command line can be read by everybody on the machine, a file stays when this is killed.
token() { if [ -n "${SLIPWAY_TOKEN:-}" ]; then printf 'Authorization: Bearer %s\n' "$SLIPWAY_TOKEN"; fi; }

# Sends one request; leaves the answer in $work/body and $work/head, its status in $status (000: there was none).
call() {
    local result=0
    : >"$work/body" >"$work/head"
    status=$(curl -sS --connect-timeout 10 -H @<(token) -o "$work/body" -D "$work/head" -w '%{http_code}' "$@" \
        2>"$work/error") || result=$?
    case $result in
        1 | 2 | 3 | 26 | 37) stop 64 "$(cat "$work/error")" ;; # a wrong option, address or file: no try will help
    esac
    [ -n "$status" ] || status=000
    if [ "$result" -ne 0 ] && [ "${status#4}" = "$status" ]; then
        status=000
    fi
}

# Repeats a request while the service is away or busy; every one of them may be repeated.
request() {
    local deadline=$((SECONDS + patience)) pause
    while call "$@"; do
        case $status in
            000 | 408 | 429 | 5??) ;;
            *) return ;;
        esac
        [ "$SECONDS" -lt "$deadline" ] || stop 69 "no answer from $url for $patience s (last: $status $(cat "$work/error"))"
        pause=$(header retry-after)
        case $pause in '' | *[!0-9]*) pause=2 ;; esac
        say "no answer yet ($status $(head -n 1 "$work/error")), trying again in $pause s"
        sleep "$pause"
    done
}

header() { tr -d '\r' <"$work/head" | awk -v name="$1:" 'tolower($1) == name { sub(/^[^:]*: */, ""); value = $0 } END { print value }'; }

# Prints one value of the JSON answer; nothing for null and for what is not there.
field() {
    python3 - "$work/body" "$@" <<'PYTHON'
import json, sys
try:
    value = json.load(open(sys.argv[1], encoding="utf-8"))
    for name in sys.argv[2:]:
        value = value[int(name) if isinstance(value, list) else name]
except (ValueError, LookupError, TypeError):
    value = None
print("" if value is None else value)
PYTHON
}

# Packs the folder and prints what its content comes to.
pack() {
    python3 - "$folder" "$work/project.zip" <<'PYTHON'
import hashlib, os, sys, zipfile
folder, archive = sys.argv[1:]
left_out = {".git", "__pycache__", ".venv", ".DS_Store"}
content = hashlib.sha256()
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - left_out)
        for name in sorted(set(files) - left_out):
            path = os.path.join(where, name)
            inside = os.path.relpath(path, folder).replace(os.sep, "/")
            with open(path, "rb") as file:
                data = file.read()
            entry = zipfile.ZipInfo(inside, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100755 if os.access(path, os.X_OK) else 0o100644) << 16
            packed.writestr(entry, data, zipfile.ZIP_DEFLATED)
            content.update(("%s %o %d " % (inside, entry.external_attr >> 16, len(data))).encode("utf-8", "surrogateescape"))
            content.update(data)
print(content.hexdigest())
PYTHON
}

# The number of the CI run without that of its attempt, so that "run again" finds the same job. Files among the options count by content.
key() {
    python3 - "$(git -C "$folder" rev-parse HEAD 2>/dev/null || true)" "$@" <<'PYTHON'
import hashlib, os, re, sys
ci = ["GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_JOB", "CI_PROJECT_PATH", "CI_PIPELINE_ID", "CI_JOB_NAME", "BUILD_TAG"]
parts = [os.environ.get(name, "") for name in ci] + sys.argv[1:]
for option in sys.argv[1:]:
    for path in re.findall(r"=[@<]([^;]+)", option):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                parts.append(hashlib.sha256(file.read()).hexdigest())
print("ci-" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:40])
PYTHON
}

submit() {
    local content name
    content=$(pack)
    SLIPWAY_KEY=${SLIPWAY_KEY:-$(key "$content" "$@")}
    name=$(basename "$(cd "$folder" && pwd)")
    request -H "Idempotency-Key: $SLIPWAY_KEY" -F "project=@$work/project.zip;filename=\"$name.zip\"" "$@" "$url/jobs"
    case $status in
        202) say "submitted $(field links self)" ;;
        200) say "was submitted before: $(field links self)" ;;
        *) stop 65 "refused ($status): $(field title) $(field detail) $(cat "$work/body")" ;;
    esac
    job=$(field id)
    [ -n "$job" ] || stop 65 "what answers at $url is not Slipway"
}

# Prints one log of an attempt as the attempt prints it, to its end. A connection that breaks off, or that says nothing for a minute and may
# be a dead one, is followed by another one from the next byte on.
follow_log() {
    local offset=0 result code size
    while true; do
        result=0
        curl -s -N --fail --connect-timeout 10 --speed-limit 1 --speed-time 60 -H @<(token) -w '%{stderr}%{http_code} %{size_download}\n' \
            "$url/jobs/$job/logs/$1?follow=true&attempt=$2&offset=$offset" 2>"$work/$1.end" &
        wait $! || result=$?
        read -r code size <"$work/$1.end" || return 0
        if [ "$code" = 200 ]; then offset=$((offset + size)); fi
        case $result,$code in
            0,* | 23,*) return 0 ;; # all of it, or nobody reads what is printed
            22,408 | 22,429 | 22,5??) ;;
            22,*) return 0 ;; # it will never be there
        esac
        sleep 2
    done
}

begin_logs() {
    attempt=$1
    (trap 'kill $! 2>/dev/null; exit 0' TERM; follow_log stdout "$1") &
    followers=$!
    (trap 'kill $! 2>/dev/null; exit 0' TERM; follow_log stderr "$1" >&2) &
    followers="$followers $!"
}

# A cluster that collects logs has the rest of them some minutes after the end.
end_logs() {
    local deadline=$((SECONDS + log_patience)) each
    for each in $followers; do
        while kill -0 "$each" 2>/dev/null; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                say "the end of the logs is still not there after $log_patience s: $url/jobs/$job/logs"
                kill "$each" 2>/dev/null || true
            fi
            sleep 0.2
        done
    done
    followers=
}

# One open request at a time: the service answers it when the job changes.
follow() {
    local tag="" state="" last
    while true; do
        request --max-time 90 -H 'Prefer: wait=30' -H "If-None-Match: ${tag:-\"-\"}" "$url/jobs/$job"
        case $status in
            304) continue ;;
            200) tag=$(header etag) ;;
            *) stop 65 "job $job cannot be read ($status): $(cat "$work/body")" ;;
        esac
        if [ "$(field state)" != "$state" ]; then
            state=$(field state)
            say "$state $(field reason code) $(field reason message)"
        fi
        last=$(field runs -1 attempt)
        if [ -z "$attempt" ]; then begin_logs "${last:-1}"; fi
        exit_status=$(field runs -1 exitStatus)
        while [ "${last:-1}" -gt "$attempt" ]; do
            end_logs
            say "attempt $((attempt + 1)) begins"
            begin_logs $((attempt + 1))
        done
        case $state in SUCCEEDED | FAILED | CANCELLED) break ;; esac
    done
    end=$state
}

# A cluster that collects logs knows from them why a job failed, and with which exit status; looked for as long as more may come, 300 s at most.
learn_why() {
    local deadline=$((SECONDS + 300)) tag="" pending=True
    while [ "$pending" = True ] && [ -z "$exit_status" ] && [ "$SECONDS" -lt "$deadline" ]; do
        request --max-time 90 -H 'Prefer: wait=30' -H "If-None-Match: ${tag:-\"-\"}" "$url/jobs/$job"
        case $status in
            304) sleep 2 && continue ;;
            200) tag=$(header etag) ;;
            *) return ;;
        esac
        pending=$(field reason pending)
        exit_status=$(field runs -1 exitStatus)
        say "FAILED $(field reason code) $(field reason message)"
    done
}

attempt=
submit "$@"
follow
end_logs
if [ "$end" = FAILED ]; then learn_why; fi
case $end in
    SUCCEEDED) exit 0 ;;
    CANCELLED) exit 2 ;;
    *) [ "${exit_status:-0}" != 0 ] && exit "$exit_status" || exit 1 ;;
esac
