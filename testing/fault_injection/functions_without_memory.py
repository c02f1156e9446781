"""The public functions that are no row of the harness, by the reason why not. Keep it short: what an allocator, a pool or
a buffer does is a row, also if it needs no memory."""

REASONS = {
    "Values of one or two words: makes one, or reads one.": """
        ba_align ba_align_of ba_alignment_is_valid ba_bytes ba_is_aligned
        ba_layout_make ba_layout_of ba_layout_with_alignment
        ba_length_of_array ba_length_round_up
        ba_length_result_error ba_length_result_is_none ba_length_result_length ba_length_result_none
        ba_length_result_of
        ba_memory_error ba_memory_is_none ba_memory_length ba_memory_none ba_memory_of ba_memory_pointer
        ba_array_count ba_array_empty
        ba_call_site_is_none ba_call_site_none ba_call_site_of_address ba_call_site_of_text
        ba_error_is_refusal ba_error_of ba_failed
        ba_failing_plan_every ba_failing_plan_from ba_failing_plan_none ba_failing_plan_nth ba_failing_plan_when
        pba_threshold_flat pba_threshold_percent
    """,
    "Allocators as values of two words: makes one of its parts or of another one.": """
        ba_allocator_grants ba_allocator_of ba_as_allocator ba_block_allocator_of
        ba_any_allocator_of ba_any_allocator_of_exact ba_any_allocator_of_whole
    """,
    "Constants, and checks of arguments: pure functions.": """
        ba_check_alloc ba_check_memory ba_check_resize
        ba_error_message ba_error_name
        NAME_block_size NAME_options
        pba_cached_pool_block_size pba_locked_pool_block_size pba_pool_block_size
        pba_options_check pba_options_default pba_options_error_message pba_options_have_periods
    """,
    "Notes a call site for the call that follows, which is a row.": """
        pba_pool_at
    """,
    "Operations of the parent, for tables of operations: rows of every forwarding allocator.": """
        ba_forward_block_size ba_forward_discard ba_forward_owns
    """,
    "Reports, to a handler that is not ours, a file or a buffer of the caller.": """
        ba_call_site_format ba_log_to_file ba_misuse_default ba_misuse_format ba_misuse_reject ba_misuse_report
        ba_source_line
        ba_misuse_set_handler ba_misuse_set_severity ba_misuse_severity ba_severity_now ba_severity_own
        ba_buffer_allocator_set_severity ba_guarded_allocator_set_severity ba_tracking_allocator_set_severity
    """,
    "Says to tools what becomes of memory that is there.": """
        ba_instrument_acquire ba_instrument_add_root ba_instrument_alloc ba_instrument_free ba_instrument_inspect ba_instrument_is_free
        ba_instrument_is_watched ba_instrument_release ba_instrument_remove_root ba_instrument_return
    """,
    "Makes a lock of a caller's mutex or word.": """
        ba_c11_lock ba_pthread_lock ba_spin_lock
    """,
    "Calls the caller's lock.": """
        ba_lock_acquire ba_lock_release ba_locked_allocator_lock ba_locked_allocator_unlock
        NAME_lock NAME_unlock pba_locked_pool_lock pba_locked_pool_unlock
    """,
    "No backing: a caller's buffer is all there is. Its end is tried in //block_allocator:buffer_allocator_test.": """
        ba_buffer_allocator_allocator ba_buffer_allocator_block_allocator ba_buffer_allocator_capacity
        ba_buffer_allocator_init ba_buffer_allocator_release ba_buffer_allocator_reset ba_buffer_allocator_used
    """,
    "No backing but the C library, which does not refuse on demand.": """
        ba_libc_allocator ba_libc_block_allocator
    """,
    "No backing but the system. Each of its refusals is tried in //block_allocator:page_allocator_test.": """
        ba_page_allocator ba_page_block_allocator ba_pages_allocator ba_pages_block_allocator ba_pages_init
    """,
}

NAMES = {name for names in REASONS.values() for name in names.split()}
