// The system calls by which the page allocator takes and gives back memory, watched and refused.
//
// The linker puts these calls of the whole test program before the real ones (--wrap). While a
// PageCalls lives, each is counted, can be refused, and is written down: which addresses are
// mapped. What no machine for tests need have, huge pages and NUMA nodes, can be simulated.
#ifndef TESTING_PAGES_PAGE_CALLS_H_
#define TESTING_PAGES_PAGE_CALLS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace ba_testing {

class PageCalls {
  public:
    PageCalls();
    ~PageCalls(); // fails the test if something is still mapped, and unmaps it

    PageCalls(const PageCalls &) = delete;
    PageCalls &operator=(const PageCalls &) = delete;

    // Refuses a call, by the name of its function ("mbind" for that system call), with an errno,
    // each time or only the nth time from now.
    void refuse(const std::string &call, int error);
    void refuse_nth(const std::string &call, std::size_t n, int error);
    // Refuses each call of these.
    void refuse_all_of(const std::set<std::string> &calls, int error);
    // Refuses the nth call of any kind from now, but for munmap, with ENOMEM.
    void refuse_nth_of_all(std::size_t n);
    void refuse_none();

    // Huge pages: ordinary memory with the right alignment. Nodes: the call succeeds.
    void simulate_huge_pages();
    void simulate_nodes();
    // mmap takes no notice of the address that it is asked for, but maps at so many bytes behind a
    // multiple of an alignment.
    void map_at(std::size_t offset, std::size_t alignment);

    std::size_t made(const std::string &call) const; // how often since the last refuse...()
    std::size_t refused() const;                     // how many of any kind
    std::size_t mapped() const;                      // bytes of addresses now
    void expect_lost(std::size_t bytes);             // bytes that are right to be left at the end

    // What the last calls were given.
    int last_mmap_flags = 0;
    int last_advice = 0;
    std::size_t last_advice_length = 0;
    unsigned last_node = 0;
    std::size_t last_node_length = 0;
    unsigned long last_node_policy = 0;
    unsigned long last_node_bits = 0;

    // For the wrappers.
    static PageCalls *watching();
    bool refuses(const std::string &call);
    void add(void *start, std::size_t length);
    void remove(void *start, std::size_t length);
    bool simulates_huge_pages() const { return simulates_huge_pages_; }
    bool simulates_nodes() const { return simulates_nodes_; }
    struct Place {
        std::size_t offset;
        std::size_t alignment; // 0: wherever the system maps
    };
    Place place() const { return place_; }

  private:
    void refuse_when(std::function<int(const std::string &)> refusal);

    std::function<int(const std::string &)> refusal_; // an errno, or 0
    std::map<std::string, std::size_t> made_;
    std::map<char *, char *> mapped_; // start -> end
    std::size_t refused_ = 0;
    std::size_t lost_ = 0;
    bool simulates_huge_pages_ = false;
    bool simulates_nodes_ = false;
    Place place_ = {0, 0};
};

} // namespace ba_testing

#endif // TESTING_PAGES_PAGE_CALLS_H_
