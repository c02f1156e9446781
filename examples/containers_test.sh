#!/bin/sh
# The example says what the guide says that it says.
set -eu
expected="more than 100 numbers: 1
and then: a stated limit, or what a count can hold, would be passed
in use: 0"
said=$(examples/containers)
[ "$said" = "$expected" ] || { echo "It says:"; echo "$said"; exit 1; }
