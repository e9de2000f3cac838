//! How the program's allocator is set.

use libmimalloc_sys::{mi_option_set, mi_option_t};

/// `mi_option_purge_delay` in mimalloc's list: for how many milliseconds free memory is kept before
/// the system gets it back. The crate has the next constant of the list, but not this one.
const PURGE_DELAY: mi_option_t = libmimalloc_sys::mi_option_use_numa_nodes - 1;

/// Makes the allocator give free memory back at once, not a second later: under load that second is
/// some megabytes wide. Called before the first thread starts.
#[expect(
    unsafe_code,
    reason = "the library offers its options as C functions alone"
)]
pub fn give_back_at_once() {
    // SAFETY: the function stores a number in a static table, at an index that the table has.
    unsafe { mi_option_set(PURGE_DELAY, 0) };
}

#[cfg(test)]
mod tests {
    use libmimalloc_sys::mi_option_get;

    use super::*;

    #[test]
    #[expect(unsafe_code, reason = "as above")]
    fn the_option_is_the_one_that_is_meant() {
        // SAFETY: reads a number from a static table, at an index that the table has.
        let delay = || unsafe { mi_option_get(PURGE_DELAY) };
        assert_eq!(delay(), 1000, "what mimalloc's own list says");
        give_back_at_once();
        assert_eq!(delay(), 0);
    }
}
