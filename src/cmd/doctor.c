/* doctor: address, TLS, version, login, permissions, clock. */
#include "doctor/doctor.h"
#include "cmd/command_table.h"

int
cmd_doctor(struct run *run, struct err *err)
{
	return doctor_run(run, err);
}
