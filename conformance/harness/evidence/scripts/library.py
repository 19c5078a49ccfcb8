"""What every script begins with: the functions of sh that its lines call."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAMES = re.compile(r'"\$(HEADER_\d+)"')


def beginning(about: Iterable[str], lines: Iterable[str], headers: Iterable[str]) -> str:
    """The part of a script before its first request, with those functions that its lines need.

    `about` are comments; `headers` are the words that a removal sends beside the key.
    """
    text = "\n".join(lines)
    needed = ["BASE_URL", "WORKOS_API_KEY", *sorted(set(NAMES.findall(text)))]
    shown = HEAD.format(
        about="\n".join(f"# {line}" for line in about),
        variables=", ".join(f"${name}" for name in needed),
        unset=" || ".join(f'[ -z "${{{name}:-}}" ]' for name in needed),
        names=", ".join(needed),
        headers="".join(f" --header {header}" for header in headers),
    )
    called = {name for name in ON_DEMAND if re.search(rf"(^|\$\(){name} ", text, re.MULTILINE)}
    return shown + "".join(body for name, body in ON_DEMAND.items() if name in called)


HEAD = """\
#!/bin/sh
{about}
# Exits 1 when the fault shows, 0 when it does not, 2 when that cannot be told.
# Needs sh, curl, {variables}; removes what it creates, as far as reading it shows that.
set -u
if {unset}; then
    echo "set {names}" >&2
    exit 2
fi
token=$(od -An -N5 -tx1 /dev/urandom | tr -d ' \\n' | tr 0-9 g-p)
folder=$(mktemp -d) || exit 2
head=$folder/head body=$folder/body sent=$folder/sent
trap remove EXIT
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
    echo "cannot tell: status $status" >&2
    exit 2
}}

# keep_id N: prints the id in the N-th place of a response that succeeded, and notes it for the removal.
keep_id() {{
    case $status in 2??) ;; *) return ;; esac
    tr -d '\\n\\r' < "$body" | tr '{{,' '\\n\\n' | sed -n 's/^ *"id" *: *"\\([^"]*\\)".*/\\1/p' | sed -n "$1p" |
        tee -a "$folder/created"
}}

# by_id METHOD: sends a request to what has the id; prints the body and the status.
by_id() {{
    curl --silent --globoff --path-as-is --max-time 60 --request "$1" "$BASE_URL/organizations/$id" \\
        --dump-header "$head" --write-out ' %{{http_code}}' --header "authorization: Bearer $WORKOS_API_KEY"{headers} \\
        < /dev/null
}}

# patiently METHOD: the same, and once more after a 429.
patiently() {{
    answer=$(by_id "$1")
    case $answer in *" 429") pause >&2 && answer=$(by_id "$1") ;; esac
    echo "$answer"
}}

# A create may be answered with the id of somebody else: only what shows the token is removed.
remove() {{
    [ ! -f "$folder/created" ] || while read -r id; do
        case $id in "" | *[!A-Za-z0-9_.~:-]* | . | ..) shown="" ;; *) shown=$(patiently GET) ;; esac
        case $shown in
            *"$token"*) patiently DELETE > "$folder/removed" ;;
            *" 404" | *" 410") ;;
            *) echo "not removed, as reading it does not show what was created: $id" | tr -cd '[:print:]\n' >&2 ;;
        esac
    done < "$folder/created"
    rm -rf "$folder"
}}

fault() {{
    echo "the fault shows: $*"
    exit 1
}}

no_fault() {{
    echo "the fault does not show"
    exit 0
}}

"""

ON_DEMAND = {
    "body_has": r"""# body_has TEXT...: whether one of the texts is in the body, without spaces around : and ,
body_has() {
    compact=$(tr -d '\n\r' < "$body" | sed 's/ *\([:,]\) */\1/g')
    for text in "$@"; do
        case $compact in *"$text"*) return 0 ;; esac
    done
    return 1
}

""",
    "form_in_body": r"""# form_in_body PATTERN: whether the body, without spaces around : and , has a text of this form
form_in_body() {
    compact=$(tr -d '\n\r' < "$body" | sed 's/ *\([:,]\) */\1/g')
    case $compact in *$1*) return 0 ;; esac
    return 1
}

""",
    "value_of": r"""# value_of FIELD N: prints the text in the N-th field of this name in the body.
value_of() {
    tr -d '\n\r' < "$body" | tr '{,' '\n\n' | sed -n "s/^ *\"$1\" *: *\"\([^\"]*\)\".*/\1/p" | sed -n "$2p"
}

""",
    "body_begins": r"""# body_begins TEXT...: whether the body begins with one of the texts.
body_begins() {
    shown=$(tr -d ' \t\n\r' < "$body")
    for text in "$@"; do
        case $shown in "$text"*) return 0 ;; esac
    done
    return 1
}

""",
    "in_order": r"""# in_order TEXT...: whether the texts stand in the body, one behind the other.
in_order() {
    rest=$(tr -d '\n\r' < "$body" | sed 's/ *\([:,]\) */\1/g')
    for text in "$@"; do
        case $rest in *"$text"*) rest=${rest#*"$text"} ;; *) return 1 ;; esac
    done
}

""",
    "at_most": r"""# at_most NUMBER: whether the page holds no more organizations than that.
at_most() {
    number=$(tr -d ' \n\r' < "$body" | sed 's/"object":"organization"/\n&\n/g' | grep -c '^"object":"organization"$')
    [ "$number" -le "$1" ]
}

""",
    "has_header": r"""has_header() {
    grep -qi "^$1:" "$head"
}

""",
    "header_begins": r"""# header_begins NAME TEXT: whether the value of the header begins with the text.
header_begins() {
    grep -qi "^$1: *$2" "$head"
}

""",
}
"""Functions by name, for scripts that call them."""
