# Sourced by tools/bazel and tools/setup: where is a Bazel?

# Prints the path of the first command `$1` in PATH that is not the file `$2`; fails if there is none.
command_other_than() {
  (
    IFS=:
    for directory in $PATH; do
      candidate=${directory:-.}/$1
      if [ -f "$candidate" ] && [ -x "$candidate" ] && ! [ "$candidate" -ef "$2" ]; then
        echo "$candidate"
        exit 0
      fi
    done
    exit 1
  )
}

# Prints the path of a Bazel: Debian's first, because it needs no network; then whatever is called
# bazel, other than `$1`, this repository's own tools/bazel; then Bazelisk. Fails if there is none.
find_bazel() {
  command_other_than bazel-4 "$1" || command_other_than bazel "$1" || command_other_than bazelisk "$1"
}
