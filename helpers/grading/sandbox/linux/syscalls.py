"""Numbers of the system calls that the sandbox makes or refuses, on x86-64 and 64-bit ARM.

Python has no names for them, and seccomp filters know only numbers. From 424 on all machines share them.
"""

import platform

_TABLE = """
setrlimit:160/164 sync:162/81 syncfs:306/267
pidfd_open:434/434 setsid:112/157 setpgid:109/154
setfsuid:122/151 setfsgid:123/152
capset:126/91 add_key:248/217 request_key:249/218 keyctl:250/219 bpf:321/280 perf_event_open:298/241
userfaultfd:323/282 ptrace:101/117 process_vm_readv:310/270 process_vm_writev:311/271 kcmp:312/272
pidfd_getfd:438/438 process_madvise:440/440 process_mrelease:448/448 migrate_pages:256/238 move_pages:279/239
mount:165/40 umount2:166/39 pivot_root:155/41 chroot:161/51 move_mount:429/429 open_tree:428/428 fsopen:430/430
fsconfig:431/431 fsmount:432/432 fspick:433/433 mount_setattr:442/442 statmount:457/457 listmount:458/458
unshare:272/97 setns:308/268 clone:56/220 clone3:435/435 open_by_handle_at:304/265 name_to_handle_at:303/264
io_uring_setup:425/425 io_uring_enter:426/426 io_uring_register:427/427 kexec_load:246/104
kexec_file_load:320/294 init_module:175/105 finit_module:313/273 delete_module:176/106 personality:135/92
memfd_create:319/279 memfd_secret:447/447 quotactl:179/60 quotactl_fd:443/443 swapon:167/224 swapoff:168/225
reboot:169/142 acct:163/89 syslog:103/116 settimeofday:164/170 clock_settime:227/112 clock_adjtime:305/266
adjtimex:159/171 iopl:172/- ioperm:173/- modify_ldt:154/- uselib:134/- sysfs:139/- ustat:136/-
lookup_dcookie:212/18 vhangup:153/58 sethostname:170/161 setdomainname:171/162 lsm_set_self_attr:460/460
fanotify_init:300/262 fanotify_mark:301/263 inotify_add_watch:254/27 ioctl:16/29 fcntl:72/25 prctl:157/167
prlimit64:302/261 setpriority:141/140 ioprio_set:251/30 sched_setaffinity:203/122 sched_setscheduler:144/119
sched_setparam:142/118 sched_setattr:314/274 shmget:29/194 shmat:30/196 shmctl:31/195 semget:64/190 semop:65/193
semctl:66/191 semtimedop:220/192 msgget:68/186 msgsnd:69/189 msgrcv:70/188 msgctl:71/187 mq_open:240/180
mq_unlink:241/181 socket:41/198 socketpair:53/199 connect:42/203 bind:49/200 sendmsg:46/211 sendmmsg:307/269
kill:62/129 tkill:200/130 tgkill:234/131 pidfd_send_signal:424/424 rt_sigqueueinfo:129/138
rt_tgsigqueueinfo:297/240 umask:95/166 mkdir:83/- mkdirat:258/34 chmod:90/- fchmod:91/52 fchmodat:268/53
fchmodat2:452/452 chown:92/- fchown:93/55 lchown:94/- fchownat:260/54 utime:132/- utimes:235/- futimesat:261/-
utimensat:280/88 setxattr:188/5 lsetxattr:189/6 fsetxattr:190/7 removexattr:197/14 lremovexattr:198/15
fremovexattr:199/16 getxattr:191/8 lgetxattr:192/9 fgetxattr:193/10 listxattr:194/11 llistxattr:195/12
flistxattr:196/13 truncate:76/45 fallocate:285/47 open:2/- openat:257/56 openat2:437/437 seccomp:317/277
landlock_create_ruleset:444/444 landlock_add_rule:445/445 landlock_restrict_self:446/446
"""  # name:x86-64/arm64, as in the kernel's own tables; - where a machine has no such call

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the table, architecture in a filter


def find_column() -> int:
    """Return this machine's column of the table; raises OSError on a machine that is not in it."""
    if platform.machine() not in MACHINES:
        raise OSError(f"The sandbox knows x86-64 and 64-bit ARM, not {platform.machine()}.")
    return MACHINES[platform.machine()][0]


def number_calls() -> dict[str, int]:
    """Return name -> number of the calls that this machine has."""
    column, numbers = find_column(), {}
    for entry in _TABLE.split():
        name, _, values = entry.partition(":")
        value = values.split("/")[column]
        if value != "-":
            numbers[name] = int(value)
    return numbers
