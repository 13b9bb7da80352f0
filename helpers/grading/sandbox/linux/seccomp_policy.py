"""Which system calls confined code may not make. EPERM rather than death: a legitimate try just gets an error.

Both backends refuse what reaches into other processes, loads code into the kernel, or changes what the sandbox
is made of. Without namespaces much more is refused, since there the kernel checks only the user's number: what
Landlock does not cover (modes, owners, times and attributes of files; signals; watching folders). Nor may space on
the disk be reserved there: that is done at once, before the supervisor could notice, while writing takes its time.
"""

import errno

from helpers.grading.sandbox.linux.seccomp import Rule, no_bit_of, none_of, only, pretend

NAMESPACE_FLAGS = 0x7E020000  # CLONE_NEW*, all that fit into clone's flags
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # put words into a terminal's mouth
HARMLESS_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIO(N)CLEX
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY = 8, 10, 15, 1024, 1026
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10
SOCK_STREAM, SOCK_SEQPACKET = 1, 5
COMMON_PROTOCOLS = (0, 6, 17)  # the family's own choice, TCP, UDP
RLIMIT_CORE = 4
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
O_TRUNC_AND_ACCESS, O_TRUNC = 0o1003, 0o1000

REFUSED = """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise process_mrelease migrate_pages move_pages
    keyctl add_key request_key bpf perf_event_open userfaultfd
    mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr statmount
    listmount unshare setns open_by_handle_at name_to_handle_at io_uring_setup io_uring_enter io_uring_register
    kexec_load kexec_file_load init_module finit_module delete_module quotactl quotactl_fd swapon swapoff reboot acct
    syslog settimeofday clock_settime clock_adjtime adjtimex iopl ioperm modify_ldt uselib sysfs ustat lookup_dcookie
    vhangup sethostname setdomainname lsm_set_self_attr fanotify_init fanotify_mark
"""
MISSING = "clone3 memfd_create memfd_secret"  # programs then use the older call, or a file
REFUSED_WITHOUT_NAMESPACES = """
    shmget shmat shmctl semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink
    socket connect bind sendmsg sendmmsg truncate inotify_add_watch chown fchown lchown fchownat setsid setpgid
"""
PRETENDED = "chmod fchmod fchmodat fchmodat2"  # shutil.copy must not fail
TIMES = {"utime": 1, "utimes": 1, "futimesat": 2, "utimensat": 2}  # argument with the times; null: pathlib's touch
UNSUPPORTED = """
    fallocate
    setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
"""
SIGNALS_BY_PROCESS = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")


def list_rules() -> list[Rule]:
    """Return what both backends refuse."""
    return [
        *_always(REFUSED, errno.EPERM),
        *_always(MISSING, errno.ENOSYS),
        *_always("sync syncfs", 0),  # would slow down everybody else
        ("clone", errno.EPERM, (no_bit_of(0, NAMESPACE_FLAGS),)),
        ("personality", errno.EPERM, (only(0, (0, 0xFFFFFFFF)),)),
        ("prlimit64", errno.EPERM, (only(0, (0,)), none_of(1, (RLIMIT_CORE,)))),
        ("setrlimit", errno.EPERM, (none_of(0, (RLIMIT_CORE,)),)),
        *((name, errno.EPERM, (only(0, (0,)),)) for name in ("sched_setscheduler", "sched_setparam", "sched_setattr")),
        ("sched_setaffinity", errno.EPERM, (only(0, (0,)),)),
        ("setpriority", errno.EPERM, (only(0, (0,)), only(1, (0,)))),
        ("ioprio_set", errno.EPERM, (only(0, (1,)), only(1, (0,)))),
    ]


def list_namespaces_rules() -> list[Rule]:
    """Return what is refused within namespaces: network families among them that namespaces do not separate."""
    return [
        *list_rules(),
        ("socket", errno.EAFNOSUPPORT, (only(0, (AF_UNIX, AF_INET, AF_INET6)), only(2, COMMON_PROTOCOLS))),
        ("socketpair", errno.EAFNOSUPPORT, (only(0, (AF_UNIX,)),)),
        ("ioctl", errno.EPERM, (none_of(1, (TIOCSTI, TIOCLINUX)),)),
        ("fcntl", errno.EPERM, (none_of(1, (F_SETLEASE, F_NOTIFY)),)),
    ]


def list_landlock_rules(*, own_process: int | None) -> list[Rule]:
    """Return what is refused beside Landlock; with `own_process`, signals to any other process as well."""
    opening = (errno.EPERM, (none_of(1, (O_TRUNC,), mask=O_TRUNC_AND_ACCESS),))
    rules = [
        *list_rules(),
        *_always(REFUSED_WITHOUT_NAMESPACES, errno.EPERM),
        *_always(PRETENDED, 0),
        *((name, errno.EPERM, (none_of(at, (0,)), pretend)) for name, at in TIMES.items()),
        *_always(UNSUPPORTED, errno.EOPNOTSUPP),
        ("socketpair", errno.EPERM, (only(0, (AF_UNIX,)), only(1, (SOCK_STREAM, SOCK_SEQPACKET), mask=0xF))),
        ("ioctl", errno.ENOTTY, (only(1, HARMLESS_IOCTLS),)),
        ("fcntl", errno.EPERM, (none_of(1, (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY)),)),
        ("prctl", errno.EPERM, (none_of(0, (PR_SET_PDEATHSIG, PR_SET_DUMPABLE)),)),
        ("open", *opening),  # opened for reading, and emptied: the older Landlocks allow that
        ("openat", errno.EPERM, (none_of(2, (O_TRUNC,), mask=O_TRUNC_AND_ACCESS),)),
        ("openat2", errno.ENOSYS, ()),
        ("umask", errno.EPERM, (no_bit_of(0, 0o700),)),  # no folder that the supervisor could not look into
        ("mkdir", errno.EPERM, (only(1, (0o700,), mask=0o700),)),
        ("mkdirat", errno.EPERM, (only(2, (0o700,), mask=0o700),)),
    ]
    if own_process is not None:
        rules += [(name, errno.EPERM, (only(0, (own_process,)),)) for name in SIGNALS_BY_PROCESS]
        rules += _always("tkill pidfd_send_signal", errno.EPERM)
    return rules


def _always(names: str, error: int) -> list[Rule]:
    return [(name, error, ()) for name in names.split()]
