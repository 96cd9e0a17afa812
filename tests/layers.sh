#!/bin/sh
# Who may include whom, and which library stays behind which fence (docs/architecture.md).
# One line a rule: "ok RULE" or "not ok RULE: where".
set -u
cd "$(dirname "$0")/.."
failed=0

# verdict RULE PLACES: a rule holds when nothing speaks against it.
verdict() {
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		failed=1
		echo "not ok $1: $(echo "$2" | tr '\n' ' ')"
	fi
}

# layer NAME ALLOWED...: what the files of src/NAME may include of ours.
layer() {
	layer=$1
	shift
	allowed=$(echo "$layer $*" | tr ' ' '|')
	verdict "$layer includes only: $layer $*" \
	    "$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"' -r "src/$layer" 2>/dev/null |
		grep -vE "\"($allowed)/")"
}

layer base
layer math base
layer document math base
layer content document math base
layer render document math base
layer wire base
layer net base
layer site content render wire document math base
layer command site net content render wire document math base

# What a folder keeps to itself: headers that say "Private to FOLDER/".
for header in $(grep -rlE '^ \* Private to [a-z]+/' src --include='*.h' | sort); do
	owner=$(sed -nE 's,^ \* Private to ([a-z]+)/.*,\1,p' "$header")
	verdict "${header#src/} only in $owner/" \
	    "$(grep -n "\"${header#src/}\"" -r src | grep -v "^src/$owner/")"
done

# fence LIBRARY HEADERS WHERE: the only files that may see a library's headers.
fence() {
	verdict "$1 only in $3" \
	    "$(grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]+[<\"]($2)" -r src |
		grep -vE "^src/($3):")"
}

fence md4c 'md4c' 'document/markdown\.c'
fence libyaml 'yaml\.h' 'content/yaml\.c'
fence OpenSSL 'openssl/' 'net/[a-z_]+\.[ch]|command/cert\.c'
fence libevent 'event2/|event\.h|evutil' 'net/[a-z_]+\.[ch]|command/serve[a-z_]*\.[ch]'
fence SQLite 'sqlite3' 'content/search(_[a-z]+)?\.[ch]'
fence utf8proc 'utf8proc' 'base/utf8\.c'
fence libidn2 'idn2' 'base/idn\.c'
fence libseccomp 'seccomp\.h' 'net/sandbox\.c'
fence libsystemd 'systemd/' 'command/notify\.c'

# Functions that cannot know the size of what they write, or the end of a number.
verdict "no strcpy, strcat, sprintf, vsprintf, strtok, atoi, gets" \
    "$(grep -nE '(^|[^_[:alnum:]])(strcpy|strcat|stpcpy|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atof|gets)[[:space:]]*\(' -r src)"
verdict "no PATH_MAX, alloca, system, popen" \
    "$(grep -nE '(^|[^_[:alnum:]])(PATH_MAX|alloca[[:space:]]*\(|system[[:space:]]*\(|popen[[:space:]]*\()' -r src)"
verdict "exit only in main.c and command/" \
    "$(grep -nE '(^|[^_[:alnum:]])_?exit[[:space:]]*\(' -r src | grep -vE '^src/(main\.c|command/|base/memory\.c)')"
# Tables of data may be as long as their data.
verdict "no file over 500 lines but tables" \
    "$(find src -name '*.[ch]' ! -name '*_table*' -exec wc -l {} + |
	awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }')"
for header in $(find src -name '*.h' | sort); do
	verdict "$header opens by saying what it is for" \
	    "$(head -n 2 "$header" | grep -qE '^ \* [a-z0-9_]+ - ' || echo "$header:1")"
done

exit $failed
