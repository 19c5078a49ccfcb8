"""Functions of sh that look at responses, for the scripts that call them."""

from __future__ import annotations

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
    "fields": r"""# fields: prints the body with one value in each line, behind its place: .data[].name "Acme"
fields() {
    tr '\n\r\t' '   ' < "$body" | LC_ALL=C awk '
        function place() { return depth ? outer[depth] (is_array[depth] ? "[]" : "." key[depth]) : "" }
        { text = text $0 }
        END {
            while (match(text, /^ *("([^"\\]|\\.)*"|[][{},:]|[^][{},: "]+)/)) {
                word = substr(text, 1, RLENGTH)
                text = substr(text, RLENGTH + 1)
                sub(/^ */, "", word)
                if (word == ",") is_key = !is_array[depth]
                else if (word == ":") is_key = 0
                else if (word ~ /^[]}]/) depth--
                else if (is_key) key[depth] = substr(word, 2, length(word) - 2)
                else print place() " " word
                if (word !~ /^[[{]/) continue
                outer[depth + 1] = place()
                is_array[++depth] = word == "["
                is_key = word == "{"
            }
        }'
}

""",
    "values": r"""# values PLACE: prints the values in a place such as .data[].id, one in each line.
values() {
    fields | place="$1 " LC_ALL=C awk '
        index($0, ENVIRON["place"]) == 1 { print substr($0, length(ENVIRON["place"]) + 1) }'
}

""",
    "value": r"""# value PLACE [N]: prints the text in the first or N-th value of a place.
value() {
    values "$1" | sed -n "${2:-1}s/^\"\(.*\)\"\$/\1/p"
}

""",
    "keep_id": r"""# keep_id: prints the id in a response that succeeded, and notes it for the removal.
keep_id() {
    case $status in 2??) ;; *) return ;; esac
    made=$(value .id)
    [ -n "$made" ] || : > "$folder/without_id"
    printf '%s\n' "$made" | tee -a "$folder/created"
}

""",
    "tell_made": r"""# tell_made: names what an update may have made, which stays: it may be somebody else's.
tell_made() {
    case $status in 2??) echo "may have been made by this update, and stays: $(value .id)" >&2 ;; esac
}

""",
    "field_is": r"""# field_is PLACE VALUE...: whether one of the values is in the place.
field_is() {
    place=$1
    shift
    for value in "$@"; do
        values "$place" | grep -qxF -e "$value" && return
    done
    return 1
}

""",
    "each_has": r"""# each_has PLACE FIELD: whether each value in the place is an object that has the field.
each_has() {
    [ "$(values "$1" | grep -c '')" = "$(values "$1.$2" | grep -c '')" ]
}

""",
    "all_differ": r"""# all_differ PLACE: whether no two values in the place are the same.
all_differ() {
    [ -z "$(values "$1" | sort | uniq -d)" ]
}

""",
    "later": r"""# later PLACE TIME: whether the time in the place is later than this one.
later() {
    shown=$(values "$1")
    [ "$shown" != "$2" ] && [ "$(printf '%s\n' "$shown" "$2" | LC_ALL=C sort | tail -n 1)" = "$shown" ]
}

""",
    "keep_status": r"""keep_status() {
    echo "$status" >> "$folder/statuses"
}

""",
    "beside": r"""# beside NUMBER METHOD PATH [option of curl]...: sends it in the background, with files of its own.
beside() {
    (
        head=$folder/head$1 body=$folder/body$1 number=$1
        shift
        request "$@"
        keep_status
        [ "$method" != POST ] || keep_id > "$folder/id$number"
    ) &
}

""",
    "successes": r"""# successes NUMBER: whether no more requests than that have succeeded.
successes() {
    [ "$(grep -c '^2' "$folder/statuses")" -le "$1" ]
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
"""By name."""
