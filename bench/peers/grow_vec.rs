//! Appends to a Vec, as the other programs of bench/peers/grow.h do to theirs.
use std::{env, fs};

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, now: *mut Timespec) -> i32;
}

/// The processor time of this thread in nanoseconds; std has no name for that clock, the C library does.
fn thread_ns() -> f64 {
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    let mut now = Timespec { seconds: 0, nanoseconds: 0 };
    let status = unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut now) };
    assert_eq!(status, 0);
    now.seconds as f64 * 1e9 + now.nanoseconds as f64
}

/// The KiB behind a word in a file of /proc, in bytes.
fn bytes_in_file(path: &str, word: &str) -> u64 {
    let text = fs::read_to_string(path).expect("the system tells");
    let line = text.lines().find(|line| line.starts_with(word)).expect("it is told");
    let kib: u64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number");
    kib * 1024
}

fn main() {
    let count: u32 = env::args().nth(1).and_then(|number| number.parse().ok()).expect("a number of appends");
    let mut numbers = Vec::new();
    let resident = bytes_in_file("/proc/self/smaps_rollup", "Rss:");
    let start = thread_ns();
    for i in 0..count {
        numbers.push(i);
    }
    let ns = thread_ns() - start;
    let peak = bytes_in_file("/proc/self/status", "VmHWM:") - resident;
    assert!(numbers.iter().copied().eq(0..count));
    println!("ns {:.4}\npeak {}", ns / f64::from(count), peak);
}
