/* base.h: the compiler attributes that this program uses, and nothing else. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#define NODISCARD         __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NORETURN          _Noreturn

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
