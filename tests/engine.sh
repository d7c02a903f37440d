# A Docker engine of a test's own, to be read by `.`: start_engine wants $work, a folder of the test's own on a file
# system that is not an overlay, and sets $docker, the client's command. Needs no bridge, no firewall rule, no registry.
# shellcheck shell=sh disable=SC2154
pids=

# Prints why there can be no engine here, or nothing.
no_engine_because() {
	[ -f /etc/debian_version ] || echo 'not a Debian machine'
	[ "$(id -u)" -eq 0 ] || echo 'not root: dockerd wants it'
	caps=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
	[ $((0x$caps >> 21 & 1)) -eq 1 ] || echo 'no CAP_SYS_ADMIN: nothing can be mounted'
	free=$(df -Pm "${TMPDIR:-/var/tmp}" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge 3072 ] || echo "only $free MB free in ${TMPDIR:-/var/tmp}, 3072 wanted"
}

within() { # within SECONDS COMMAND...: until it succeeds
	for _ in $(seq "$(($1 * 10))"); do
		shift_command "$@" && return
		sleep 0.1
	done
	echo "waited $1 s for: $2"
	return 1
}
shift_command() {
	shift
	"$@" >/dev/null 2>&1
}

# In a container with a hierarchy of cgroups of its own (cgroup v2) the processes are in its root, where none may be
# when its controllers are handed on to containers (Documentation/admin-guide/cgroup-v2.rst, "No Internal Process
# Constraint").
leave_cgroup_root() {
	root=/sys/fs/cgroup
	if [ ! -f /.dockerenv ] || [ ! -w $root/cgroup.subtree_control ]; then
		return 0
	fi
	mkdir -p $root/init
	while read -r pid; do
		echo "$pid" >$root/init/cgroup.procs 2>/dev/null || : # it has ended
	done <$root/cgroup.procs
	sed 's/ / +/g; s/^/+/' $root/cgroup.controllers >$root/cgroup.subtree_control || :
}

start_engine() {
	leave_cgroup_root
	docker="/usr/bin/docker -H unix://$work/docker.sock" # another client may be first on PATH
	mkdir -p "$work/try/upper" "$work/try/work" "$work/try/all"
	driver=vfs # where the file system itself is an overlay, as in a container
	mount -t overlay overlay -o "lowerdir=/etc,upperdir=$work/try/upper,workdir=$work/try/work" "$work/try/all" \
		2>/dev/null && umount "$work/try/all" && driver=overlay2
	dockerd --host "unix://$work/docker.sock" --data-root "$work/data" --exec-root "$work/exec" \
		--pidfile "$work/docker.pid" --iptables=false --ip6tables=false --bridge=none \
		--storage-driver $driver >"$work/dockerd.log" 2>&1 &
	pids="$! $pids"
	# shellcheck disable=SC2086 # $docker is two words and more
	within 60 $docker version || {
		tail -n 20 "$work/dockerd.log"
		return 1
	}
}

# Ends what was started, the newest first, and removes $work.
stop_engine() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	umount "$work/exec/netns/default" 2>/dev/null
	rm -rf "$work"
}
