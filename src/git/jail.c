/* for syscall numbers and prctl(), which POSIX does not have */
#define _DEFAULT_SOURCE

#include "git/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/base.h"

#if defined(__x86_64__)
#define JAIL_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define JAIL_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef JAIL_ARCH

static const uint32_t refused[] = {
	SYS_execve,
	SYS_execveat,
	SYS_socket,
	SYS_connect,
	SYS_bind,
	SYS_kill,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_unlinkat,
	SYS_renameat2,
	SYS_mkdirat,
	SYS_linkat,
	SYS_symlinkat,
	SYS_mknodat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_fchown,
	SYS_fchownat,
	SYS_truncate,
	SYS_mount,
	SYS_setxattr,
	SYS_fsetxattr,
	SYS_bpf,
	SYS_io_uring_setup,
#ifdef SYS_openat2 /* its flags are in memory, where a filter cannot look; libc makes no use of it */
	SYS_openat2,
#endif
#ifdef __x86_64__ /* the calls that newer processors do without */
	SYS_unlink,
	SYS_rename,
	SYS_renameat,
	SYS_mkdir,
	SYS_rmdir,
	SYS_link,
	SYS_symlink,
	SYS_mknod,
	SYS_chmod,
	SYS_chown,
	SYS_lchown,
	SYS_creat,
	SYS_open,
#endif
};

enum { MOST = 16 + 2 * COUNT_OF(refused) };

struct program {
	struct sock_filter code[MOST];
	unsigned short count;
};

static void
add_instruction(struct program *p, uint16_t code, uint8_t yes, uint8_t no, uint32_t value)
{
	p->code[p->count++] = (struct sock_filter){ code, yes, no, value };
}

static void
add_load(struct program *p, size_t offset)
{
	add_instruction(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void
add_return(struct program *p, uint32_t verdict)
{
	add_instruction(p, BPF_RET | BPF_K, 0, 0, verdict);
}

/* Refuses what is opened with a right to write; the lower half of the argument is first on both processors. */
static void
add_open(struct program *p)
{
	add_instruction(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_openat);
	add_load(p, offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t));
	add_instruction(p, BPF_JMP | BPF_JSET | BPF_K, 0, 1, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
	add_return(p, SECCOMP_RET_ERRNO | EPERM);
}

void
jail_enter(void)
{
	struct program p = { .count = 0 };
	struct sock_fprog whole = { .filter = p.code };

	add_load(&p, offsetof(struct seccomp_data, arch));
	add_instruction(&p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, JAIL_ARCH);
	add_return(&p, SECCOMP_RET_KILL_PROCESS);
	add_load(&p, offsetof(struct seccomp_data, nr));
	/* x32's numbers on x86-64; no call has one that large elsewhere */
	add_instruction(&p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
	add_return(&p, SECCOMP_RET_ERRNO | EPERM);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		add_instruction(&p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, refused[i]);
		add_return(&p, SECCOMP_RET_ERRNO | EPERM);
	}
	add_open(&p);
	add_return(&p, SECCOMP_RET_ALLOW);
	whole.len = p.count;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0)
		(void)prctl(PR_SET_SECCOMP, (unsigned long)SECCOMP_MODE_FILTER, &whole, 0UL, 0UL);
}

#else

void
jail_enter(void)
{
}

#endif
