#!/bin/bash
# A user with meson, which asks pkg-config.
. tools/dist/user.sh

cp "$sources/first_pool.c" "$scratch"
cat >"$scratch/meson.build" <<'END'
project('user', 'c', default_options: ['c_std=c11', 'warning_level=3', 'werror=true'])
executable('shared', 'first_pool.c', dependencies: dependency('pba'))
executable('static', 'first_pool.c', dependencies: dependency('pba', static: true))
END

export HOME=$scratch
meson setup "$scratch/build" "$scratch" && meson compile -C "$scratch/build" || fail "it does not build"
expect_example "$scratch/build/shared" shared
expect_example "$scratch/build/static" static
exit $status
