# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# How tests/run runs one suite and counts it. Sourced; needs $logs (a folder).
#
# A suite is a command. Counted are: the result lines of ctest; else the last line of its output of
# the form "N passed, N failed, N skipped". Exit 77 is one skipped test, its last line says why. A
# suite that fails without a failed test, or that ends well without a test, is one failed test.

: "${logs:?set by the script that sources this}"

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

# count_log LOG STATUS: prints "passed failed skipped".
count_log() {
	awk -v status="$2" '
		/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
			if (/ Passed /) ctest_passed++
			else if (/\*\*\*(Skipped|Not Run \(Disabled\))/) ctest_skipped++
			else ctest_failed++
			next
		}
		/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
			passed = $1; failed = $3; skipped = $5
		}
		END {
			if (ctest_passed + ctest_failed + ctest_skipped > 0) {
				passed = ctest_passed; failed = ctest_failed; skipped = ctest_skipped
			} else if (status == 77 && passed + failed == 0) {
				print 0, 0, 1
				exit
			}
			if (passed + failed + skipped == 0 || (status != 0 && failed == 0))
				failed++
			print passed + 0, failed + 0, skipped + 0
		}' "$1"
}

# failures LOG: the names of what failed, or the end of the log.
failures() {
	grep -E '^ *[0-9]+/[0-9]+ Test +#[0-9]+: ' "$1" | grep -vE ' Passed |\*\*\*Skipped|\(Disabled\)' ||
		grep -E '^not ok|: error: |: warning: |^ERROR|^FAIL' "$1" | head -n 20 ||
		tail -n 20 "$1"
}

# progress NAME LOG PID: every half minute how far the build, or ctest, of suite PID is. A pipe that
# nobody writes to is waited for, not a sleep: that would outlive this and keep the output open.
progress() {
	local far
	while kill -0 "$3" 2>/dev/null; do
		read -rt 30 <> <(:)
		far=$(grep -oE '^ *[0-9]+/[0-9]+ Test|^\[ *[0-9]+%\]' "$2" | tail -n 1)
		[ -z "$far" ] || say "$1: ${far# } ..."
	done
}

# stop_suite: end the suite that runs; timeout passes it on to all that the suite has started.
stop_suite() {
	[ -z "${suite_pid:-}" ] || kill "$suite_pid" "$progress_pid" 2>/dev/null
}

# suite NAME LIMIT_S CMD...: run it with its output in $logs/NAME.log, print one line. Its exit status
# is 0 when nothing failed.
suite() {
	local name=$1 limit=$2 start=$SECONDS status=0 passed failed skipped log=$logs/$1.log
	shift 2
	# In the background, so that a signal to this shell is not held up; see stop_suite.
	timeout -k 10 "$limit" "$@" </dev/null >"$log" 2>&1 &
	suite_pid=$!
	progress "$name" "$log" "$suite_pid" &
	progress_pid=$!
	wait "$suite_pid" || status=$?
	kill "$progress_pid" 2>/dev/null
	wait "$progress_pid" 2>/dev/null
	[ $status -ne 124 ] || echo "stopped after $limit s" >>"$log"
	read -r passed failed skipped < <(count_log "$log" "$status")
	echo "$passed $failed $skipped" >"$logs/$name.count"
	if [ "$status" -eq 77 ]; then
		say "$name: skipped: $(tail -n 1 "$log")"
	else
		say "$name: $passed passed, $failed failed, $skipped skipped, $((SECONDS - start)) s"
	fi
	[ "$failed" -gt 0 ] || return 0
	failures "$log" | sed 's/^/         /'
	echo "         log: $log"
	return 1
}

# skip NAME WHY: a suite that cannot run here.
skip() {
	echo "0 0 1" >"$logs/$1.count"
	say "$1: skipped: $2"
}

# closing_line: the sum over all suites. Exit status 0 when something passed and nothing failed.
closing_line() {
	local passed failed skipped
	read -r passed failed skipped < <(cat "$logs"/*.count |
		awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
