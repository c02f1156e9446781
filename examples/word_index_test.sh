#!/bin/sh
# What the example says of small texts, of what cannot be read, and of 100 MB.
set -eu
word_index=$PWD/examples/word_index
world=$(mktemp -d "$TEST_TMPDIR/word_index.XXXXXX")
cd "$world"
unset BUILD_WORKING_DIRECTORY
failed=0

fail() {
  echo "FAILED: $1"
  head -n 50 "$world/out" | sed 's/^/  out: /'
  head -n 50 "$world/err" | sed 's/^/  err: /'
  failed=1
}

# run STATUS ARGUMENT...: keeps what the example says in the files out and err.
run() {
  wanted=$1; shift
  status=0
  "$word_index" "$@" >"$world/out" 2>"$world/err" || status=$?
  [ "$status" = "$wanted" ] || fail "$*: status $status, not $wanted"
}
says() { grep -Fqx -- "$2" "$world/$1" || fail "$1 has no line: $2"; }
says_only() { [ "$(cat "$world/$1")" = "$2" ] || fail "$1 is not only: $2"; }
says_nothing() { [ ! -s "$world/$1" ] || fail "$1 is not empty"; }
# The last line but for the time.
says_totals() { grep -q "^$1; [0-9][0-9.]* seconds\$" "$world/out" || fail "out has no totals: $1"; }

# A small tree: order of files, case, more than one on a line, letters of UTF-8, no line end.
mkdir -p texts/b/empty texts/none
printf 'The cat and the dog.\nThe END' >texts/a
printf '\nthe the\n\303\204pfel, \303\244pfel! x1y\r\nCat\n' >texts/b/c
printf 'and so on\n' >texts/b.txt
ln -s ../texts texts/loop
run 0 -n 4 -w THE texts
sed 's/[0-9.]* seconds$/SECONDS/' out >masked
cat >expected <<'END'
The most frequent words
       5  the              texts/a:1 texts/a:2 texts/b/c:2
       2  and              texts/a:1 texts/b.txt:1
       2  cat              texts/a:1 texts/b/c:4
       1  dog              texts/a:1

Memory, in bytes
pool     block     payload      in use        peak  chunks  fragmentation  largest free
large    65536     1048576      393216      458752       1            30%        458752
medium    1024       65536       17408       19456       1             0%         48128
small       64       16384         960        1088       1            20%         12288

72 bytes in 3 files: 17 words, 11 distinct; SECONDS

the: count 5, lines 3
  texts/a:1
  texts/a:2
  texts/b/c:2
END
cmp expected masked || fail "a small tree"
says_only err 'word_index: texts/b/empty: an empty directory
word_index: texts/none: an empty directory'

# Words, by number and by name.
run 0 -n 0 -w nowhere texts/a
says out 'nowhere: count 0, lines 0'
run 0 -n 100 texts/b/c
says out "$(printf '       1  \303\204pfel            texts/b/c:3')"
says out "$(printf '       1  \303\244pfel            texts/b/c:3')"
says out '       1  x                texts/b/c:3'
says out '       1  cat              texts/b/c:4'

# Names of which a terminal must not obey a part, and a directory with a slash behind it.
mkdir odd
echo word >"$(printf 'odd/\033[1m')"
run 0 odd/
says out '       1  word             odd/?[1m:1'
says_nothing err
echo word | run 0 /dev/stdin
says out '       1  word             /dev/stdin:1'

# Words across the ends of what is read at a time, and one longer than that.
awk 'BEGIN { for (i = 0; i < 65533; i++) printf "."; print " across"; for (i = 0; i < 65528; i++) printf "-" }' >pieces
printf 'end\nAFTER' >>pieces
run 0 -w across pieces
says out 'across: count 1, lines 1'
says out '  pieces:1'
says out '       1  end              pieces:2'
says out '       1  after            pieces:3'
head -c 200000 /dev/zero | tr '\0' W >long
run 0 long
says_totals '200000 bytes in 1 file: 1 words, 1 distinct'
says out "       1  $(printf 'w%.0s' $(seq 1 64))... long:1"

# By default, and as "bazel run" starts it: elsewhere, with a word on where the user stands.
mkdir -p project/docs/sub
echo readme >project/README.md
echo one >project/docs/1.md
echo two >project/docs/2.md
echo other >project/docs/other.txt
(cd / && BUILD_WORKING_DIRECTORY=$world/project "$word_index") >out 2>err || fail "where the user stands"
says_totals '15 bytes in 3 files: 3 words, 3 distinct'
says out '       1  two              docs/2.md:1'
says_nothing err
status=0
BUILD_WORKING_DIRECTORY=$world/gone "$word_index" >out 2>err || status=$?
[ "$status" = 1 ] || fail "a place that is gone: status $status"
says err "word_index: $world/gone: No such file or directory"
run 1
says err 'word_index: README.md: No such file or directory'
says err 'word_index: docs: No such file or directory'

# Texts without words are no error, but said.
: >nothing
printf '1 2 3\n' >numbers
mkdir empty
run 0 nothing numbers empty
says_only err 'word_index: nothing: an empty file
word_index: numbers: no words in this file
word_index: empty: an empty directory
word_index: there is no word to be indexed'
says_totals '6 bytes in 2 files: 0 words, 0 distinct'

# What cannot be read is left out, and all the rest is there.
printf 'before\nthe\000after\n' >binary
run 1 missing texts/a binary texts/a/under '' numbers
says_only err 'word_index: missing: No such file or directory
word_index: binary: binary data, not read on from line 2
word_index: texts/a/under: Not a directory
word_index: : No such file or directory
word_index: numbers: no words in this file'
says out '       4  the              texts/a:1 texts/a:2 binary:2'
says out '       1  before           binary:1'
long=$(printf 'n%.0s' $(seq 1 255))
mkdir deep
(cd deep && for _ in $(seq 1 20); do mkdir "$long" && cd -P "$long"; done)
run 1 deep texts/a
grep -q '^word_index: deep/nnn.*: File name too long$' err || fail "a path that is too long"
says_totals '28 bytes in 1 file: 7 words, 5 distinct'

# Permissions. They do not bind root, unless it gives its privilege away.
mkdir -p closed/door
echo hidden >closed/file
echo open >closed/open
chmod 0 closed/door closed/file
unprivileged=
[ "$(id -u)" != 0 ] || unprivileged='setpriv --bounding-set=-dac_override,-dac_read_search'
if $unprivileged ls closed/door >out 2>err; then
  echo "The tests of permissions were left out: nothing is closed to this user."
elif ! $unprivileged true 2>err; then
  echo "The tests of permissions were left out: root cannot give its privilege away here."
else
  status=0
  $unprivileged "$word_index" closed >out 2>err || status=$?
  [ "$status" = 1 ] || fail "a tree with closed parts: status $status"
  says_only err 'word_index: closed/door: Permission denied
word_index: closed/file: Permission denied'
  says out '       1  open             closed/open:1'
fi
chmod 700 closed/door

# Wrong usage.
usage='usage: word_index [-n N] [-w WORD] [-m MIB] [FILE | DIRECTORY]...'
for wrong in -x -n -nx -n-1 -n1x '-n 1' -n99999999999999999999 -m99999999999999999999 '-wtwo words' -w1 -w; do
  run 2 "$wrong"
  says_nothing out
  says_only err "$usage"
done
run 2 -w '' texts/a
says_only err "$usage"

# The output.
if [ -w /dev/full ]; then
  status=0
  "$word_index" texts/a >/dev/full 2>err || status=$?
  [ "$status" = 1 ] || fail "a full device: status $status"
  says_only err 'word_index: not all of the output could be written'
fi

# 100 MB: texts again and again, each line with a word that changes, and one at the end.
cat >generate <<'END'
function letters(n,  s) {
  do {
    s = s substr("abcdefghij", n % 10 + 1, 1)
    n = int(n / 10)
  } while (n > 0)
  return s
}
BEGIN {
  many = split("pools of blocks are merged when they are freed|a list grows in place|" \
               "or moves the pages, and only then copies|the slice keeps what it has|" \
               "the allocator is known to the type, nobody names it", line, "|")
  for (round = 0; bytes < 100000000; round++) {
    for (i = 1; i <= many; i++) {
      text = line[i] " " letters(round % 40000)
      print text
      bytes += length(text) + 1
    }
  }
  print "needle"
}
END
LC_ALL=C awk -f generate >big
lines=$(wc -l <big)
run 0 -m 768 -n 3 -w needle big
says_nothing err
says_totals '100000127 bytes in 1 file: 19675769 words, 40033 distinct'
says out ' 1830304  the              big:3 big:4 big:5 ...'
says out '  big:'"$lines"
says out 'needle: count 1, lines 1'
tail -n 4 out

# Too little memory, at the start, while reading, and for the directories.
for mebibytes in 0 1 2 5 20 100; do
  run 1 -m $mebibytes big
  says_nothing out
  grep -Eq '^word_index: out of memory at (the start|big): ' err || fail "-m $mebibytes: no message"
done
run 0 -m 8 texts/a

rm big
exit $failed
