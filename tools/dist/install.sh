#!/bin/bash
# Installs what //:dist built: tools/bazel run //:install -- PREFIX
set -eu

usage() {
  cat <<'END'
Usage: tools/bazel run //:install -- PREFIX

Installs the headers, the static and the shared library, the files for pkg-config and CMake, and the
documentation below PREFIX, an absolute path such as /usr/local. Where DESTDIR is set, below
$DESTDIR/PREFIX instead, as for a package. What is installed may be moved.
END
}

stop() {
  echo "install: $*" >&2
  exit 1
}

wrong_use() {
  echo "install: $*" >&2
  usage >&2
  exit 2
}

(($# == 1)) || wrong_use "there must be one PREFIX, and there are $# arguments"
case $1 in
  --help | -h) usage && exit 0 ;;
  -*) wrong_use "there is no option $1" ;;
  /*) prefix=$1 ;;
  *) wrong_use "PREFIX must be an absolute path, and \"$1\" is none" ;;
esac
destdir=${DESTDIR:-}
[[ -z $destdir || $destdir == /* ]] || wrong_use "DESTDIR must be an absolute path, and \"$destdir\" is none"

destination=${destdir%/}$prefix
archive=$(echo dist/*-linux-*.tar.gz)
[[ -f $archive ]] || stop "there is no $archive in $PWD: this is run by tools/bazel run //:install"
umask 022
mkdir -p "$destination" || stop "cannot make the folder $destination"
[[ -w $destination ]] || stop "cannot write into $destination"
tar --extract --file="$archive" --directory="$destination" --strip-components=1 --no-same-owner ||
  stop "cannot install all of it into $destination"
echo "installed into $destination"
