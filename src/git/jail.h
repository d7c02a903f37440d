/* jail.h: inside git/ only: system calls that reading a repository does not need. */
#ifndef GIT_JAIL_H
#define GIT_JAIL_H

/*
 * From now on this process starts no program, makes no socket, signals no other process, opens no file for
 * writing, and changes no name, owner or mode: each such call fails with EPERM. Where the kernel or the
 * processor has no such filter (seccomp(2)), nothing happens.
 */
void jail_enter(void);

#endif
