"""What every script begins with: the functions of sh that its lines call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conformance.harness.evidence.scripts.functions import ON_DEMAND

NAMES = re.compile(r'"\$(HEADER_\d+)"')


def whole(about: Iterable[str], lines: Sequence[str], headers: Iterable[str]) -> str:
    """A script: what it is about, its lines, and behind them the functions that they call.

    `about` are comments; `headers` are the words that a removal sends beside the key.
    """
    text = "\n".join(lines)
    creates = "keep_id" in _called_by(text)
    needed = ["BASE_URL", "WORKOS_API_KEY", *sorted(set(NAMES.findall(text)))]
    beginning = BEGINNING.format(
        about="\n".join(f"# {line}" for line in about),
        variables=", ".join(f"${name}" for name in needed),
        steps="\n".join(f"    {line}" if line else "" for line in lines).lstrip("\n"),
    )
    rest = REST.format(
        unset=" || ".join(f'[ -z "${{{name}:-}}" ]' for name in needed),
        names=", ".join(needed),
        upper_token=IN_CAPITALS if "$upper_token" in text else "",
        cleanup="remove" if creates else "'rm -rf \"$folder\"'",
    )
    removal = REMOVAL.format(headers="".join(f" --header {header}" for header in headers)) if creates else ""
    called = _called_by(text + removal)
    return beginning + rest + "".join(body for name, body in ON_DEMAND.items() if name in called) + removal + "steps\n"


def _called_by(text: str) -> set[str]:
    """The functions that a text calls, and those that these call."""
    called: set[str] = set()
    while found := {name for name in ON_DEMAND if name not in called and _calls(name, text)}:
        called |= found
        text += "".join(ON_DEMAND[name] for name in found)
    return called


def _calls(name: str, text: str) -> bool:
    """Whether the function stands where a shell expects a command."""
    return bool(re.search(rf"(^ *|[$]\(|[{{|] ){name}\b(?!\()", text, re.MULTILINE))


BEGINNING = """\
#!/bin/sh
{about}
# Exits 1 when the fault shows, 0 when it does not, 2 when that cannot be told.
# Needs sh, curl, {variables}. Removes what it has created.

steps() {{
{steps}
}}

"""

REST = """\
# From here on: what the steps call.
set -u
if {unset}; then
    echo "set {names}" >&2
    exit 2
fi
token=$(od -An -N5 -tx1 /dev/urandom | tr -d ' \\n' | tr 0-9 g-p)
{upper_token}folder=$(mktemp -d) || exit 2
head=$folder/head body=$folder/body sent=$folder/sent
trap {cleanup} EXIT
trap 'exit 2' HUP INT TERM

# request METHOD PATH [option of curl]...: sends it; sets $status, 000 without a response.
request() {{
    method=$1 path=$2 waits=2
    shift 2
    while :; do
        status=$(curl --silent --globoff --path-as-is --max-time 60 --request "$method" --dump-header "$head" \\
            --output "$body" --write-out '%{{http_code}}' "$BASE_URL$path" "$@") || status=000
        echo "$method $path -> $status"
        if [ "$status" != 429 ] || [ "$waits" = 0 ]; then return; fi
        waits=$((waits - 1))
        pause
    done
}}

# pause: waits as long as a 429 asks, one minute at most.
pause() {{
    seconds=$(tr -d '\\r' < "$head" | grep -i '^retry-after: *[0-9][0-9]*$' | tr -cd 0-9)
    if [ "${{seconds:-60}}" -gt 60 ]; then seconds=60; fi
    echo "waiting ${{seconds:=60}} s: too many requests"
    sleep "$seconds"
}}

# must_be DIGIT: the status begins with it, or nothing can be told.
must_be() {{
    case $status in "$1"??) ;; *) cannot_tell ;; esac
}}

cannot_tell() {{
    echo "cannot tell whether the fault shows: $method $path was answered with $status" >&2
    exit 2
}}

# fault TEXT: shows the beginning of the last response, says by what the fault shows, and what this script is about.
fault() {{
    [ ! -f "$body" ] || head -c 2000 "$body" | tr -cd '[:print:]\\n'
    printf '\\n%s\\n' "the fault shows: $*"
    sed -n '2,3s/^# //p' "$0" 2> /dev/null
    exit 1
}}

no_fault() {{
    echo "the fault does not show"
    exit 0
}}

"""

IN_CAPITALS = 'upper_token=$(printf %s "$token" | tr a-z A-Z)\n'

REMOVAL = """\
# authorized [option of curl]... PATH: a request with the key.
authorized() {{
    curl --silent --globoff --path-as-is --max-time 60 --dump-header "$head" \\
        --header "authorization: Bearer $WORKOS_API_KEY"{headers} "$@" < /dev/null
}}

# by_id METHOD: sends a request to what has the id, a second time after a 429; prints the body and the status.
by_id() {{
    for attempt in 1 2; do
        answer=$(authorized --request "$1" --write-out ' %{{http_code}}' "$BASE_URL/organizations/$id")
        case $attempt$answer in 1*" 429") pause >&2 ;; *) break ;; esac
    done
    echo "$answer"
}}

# find_own: prints the ids of what a search for the token lists, for creates that showed no id.
find_own() {{
    authorized --output "$body" "$BASE_URL/organizations?limit=100&search=$token"
    values '.data[].id' | tr -d '"'
    echo "a create showed no id: what it made has $token in its name, and may still be there" >&2
}}

# A create may be answered with the id of somebody else: only what shows the token is removed.
remove() {{
    [ ! -f "$folder/without_id" ] || find_own >> "$folder/created"
    [ ! -f "$folder/created" ] || while read -r id; do
        case $id in "" | *[!A-Za-z0-9_.~:-]* | . | ..) shown="" ;; *) shown=$(by_id GET) ;; esac
        case $shown in
            *"$token"*) by_id DELETE > "$folder/removed" ;;
            *" 404" | *" 410") ;;
            *) echo "not removed, as reading it does not show what was created: $id" | tr -cd '[:print:]\\n' >&2 ;;
        esac
    done < "$folder/created"
    rm -rf "$folder"
}}

"""
"""What scripts have that create something."""
