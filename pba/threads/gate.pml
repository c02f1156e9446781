/* A model of pba/threads/gate.h and of what it guards, for the model checker spin:
 *
 *     spin -run -safety gate.pml           every interleaving: no assertion fails, nothing hangs
 *     spin -run -safety -DNO_BARRIER ...   must find the error: without the closer's barrier
 *     spin -run -safety -DNO_LOOK ...      must find the error: a closer that does not wait
 *     spin -run -safety -DPLAIN_TAG ...    must find the error: a tag looked at, and then written
 *
 * Two threads own a cache each, and use one span that lies in a chunk. Each may free it: behind its
 * gate it exchanges the span's tag from LIVE to IN_THREAD, and puts it into its cache; or allocate it
 * from its cache. Both may hold the span's address, so two frees may race, which is the misuse that
 * must be found. A third thread, with the lock of the pool, closes all gates, takes what is in the
 * caches back into the pool, gives the chunk back when its span is free in the pool, so that its tag
 * must not be touched any more, and opens the gates again.
 *
 * Writes do not show at once: each owner's word is_inside goes through a store buffer, as on x86-64,
 * from which it reaches memory at any later time; a barrier of the closer empties it. (A buffer for
 * the closer would change nothing, for its writes are sequentially consistent.) */

#define OWNERS 2
#define ROUNDS 2

mtype = {LIVE, IN_THREAD, IN_POOL, GONE};

mtype tag = LIVE;       /* of the span */
bool open[OWNERS];      /* the gate has its key */
bool inside[OWNERS];    /* as memory has it */
bool buffered[OWNERS];  /* a write of true to it is on the way */
bool held[OWNERS];      /* the span lies in the owner's cache */
bool knows[OWNERS];     /* the owner has the place of the chunk in its table */
bool drained;           /* the closer is behind the gates */
byte users[OWNERS];     /* the owner really is behind its gate */
byte frees;             /* that were taken for right, less allocations: never more than 1 */
byte reported;          /* double frees */
bool lock;
byte done;

/* What is in the buffer reaches memory at some time. */
active[OWNERS] proctype Buffer() {
    byte i = _pid;
end:
    do
    :: atomic {buffered[i] -> inside[i] = true; buffered[i] = false}
    :: done == OWNERS + 1 -> break
    od
}

inline enter(i) {
    buffered[i] = true
}

/* Leaving is a write as well, and comes after the other one. */
inline leave(i) {
    atomic {users[i] = 0; !buffered[i] -> inside[i] = false}
}

inline free_in_cache(i) {
#ifdef PLAIN_TAG
    if
    :: tag == LIVE -> tag = IN_THREAD; taken = true
    :: else -> taken = false
    fi;
#else
    atomic {
        assert(tag != GONE);
        if
        :: tag == LIVE -> tag = IN_THREAD; taken = true; frees++
        :: else -> taken = false
        fi
    }
#endif
#ifdef PLAIN_TAG
    if
    :: taken -> frees++
    :: else
    fi;
#endif
    assert(frees <= 1);
    if
    :: taken -> assert(!held[i]); held[i] = true
    :: else -> reported++
    fi
}

inline alloc_from_cache(i) {
    assert(tag == IN_THREAD);
    held[i] = false;
    atomic {tag = LIVE; frees--}
}

proctype Owner(byte i) {
    byte round = 0;
    bool taken;
    do
    :: round < ROUNDS ->
        round++;
        enter(i);
        if
        :: open[i] ->
            users[i] = 1;
            assert(!drained);
            if
            :: knows[i] -> free_in_cache(i)
            :: held[i] -> alloc_from_cache(i)
            :: skip
            fi;
            assert(!drained);
            leave(i)
        :: else -> leave(i)
        fi
    :: else -> break
    od;
    done++
}

inline shut_all() {
    open[0] = false;
    open[1] = false;
#ifndef NO_BARRIER
    atomic {
        inside[0] = inside[0] || buffered[0];
        buffered[0] = false;
        inside[1] = inside[1] || buffered[1];
        buffered[1] = false
    }
#endif
#ifndef NO_LOOK
    !inside[0];
    !inside[1];
#endif
    drained = true;
    assert(users[0] == 0 && users[1] == 0)
}

proctype Closer() {
    byte round = 0;
    do
    :: round < ROUNDS ->
        round++;
        atomic {!lock -> lock = true};
        shut_all();
        assert(!(held[0] && held[1]));
        if
        :: held[0] || held[1] ->
            assert(tag == IN_THREAD);
            held[0] = false;
            held[1] = false;
            tag = IN_POOL
        :: else
        fi;
        if
        :: tag == IN_POOL ->
            knows[0] = false;
            knows[1] = false;
            tag = GONE
        :: skip
        fi;
        drained = false;
        open[0] = true;
        open[1] = true;
        lock = false
    :: else -> break
    od;
    done++
}

init {
    atomic {
        open[0] = true;
        open[1] = true;
        knows[0] = true;
        knows[1] = true;
        run Owner(0);
        run Owner(1);
        run Closer()
    }
}
