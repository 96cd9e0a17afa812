#!/bin/sh
# The conversations of tests/wire under valgrind: no error, no byte lost.
#
# usage: tests/faults/valgrind.sh PROGRAM
#
# The sandbox is off: valgrind makes code while it runs, which seccomp forbids.
set -eu
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/perigee" <<EOF
#!/bin/sh
exec valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite \
	--log-file="$folder/log.%p" --error-exitcode=99 "$program" "\$@"
EOF
chmod +x "$folder/perigee"
export PERIGEE_UNCONFINED=1
status=0
python3 "$(dirname "$0")/../wire/wire.py" "$folder/perigee" || status=1
# Lines of -- are valgrind's own: it does not know openat2(), and we do without it there.
if grep -h '^==' "$folder"/log.*; then
	echo 'not ok valgrind: see above'
	exit 1
fi
[ "$status" = 0 ] && echo 'ok valgrind: no error, no leak'
exit "$status"
