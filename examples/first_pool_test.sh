#!/bin/sh
# The example says what the README says that it says.
examples/first_pool | diff examples/first_pool.txt -
