/* What a machine may tell a process wrongly: what time it is, and where a name leads. Loaded before the C library; each
   answer comes from a file, so that a test changes it while the process runs. The monotonic clock tells the truth. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The words in the file that the variable names; none: the empty text. */
static void told(const char *variable, char *words, size_t size) {
    const char *path = getenv(variable);
    words[0] = 0;
    if (path == NULL) {
        return;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    ssize_t length = read(file, words, size - 1);
    words[length > 0 ? length : 0] = 0;
    close(file);
}

/* By how many seconds the clock is wrong. */
static long wrong_by(void) {
    char words[32];
    told("YUI_LIE_CLOCK", words, sizeof words);
    return atol(words);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (failed == 0 && clock == CLOCK_REALTIME) {
        now->tv_sec += wrong_by();
    }
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0) {
        return -1;
    }
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now != NULL) {
        *now = exact.tv_sec;
    }
    return exact.tv_sec;
}

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static const char ending[] = ".lies.example";
    look_up *truth = (look_up *)dlsym(RTLD_NEXT, "getaddrinfo");
    char words[64];
    size_t length = name == NULL ? 0 : strlen(name);
    if (length < sizeof ending || strcmp(name + length - (sizeof ending - 1), ending) != 0) {
        return truth(name, service, hints, found);
    }
    told("YUI_LIE_NAMES", words, sizeof words);
    if (strcmp(words, "unknown") == 0) {
        return EAI_NONAME;
    }
    if (strcmp(words, "failing") == 0) {
        return EAI_AGAIN;
    }
    if (strcmp(words, "slow") == 0) {
        sleep(60);
        return EAI_AGAIN;
    }
    return truth(words, service, hints, found);
}
