"""Runs commands one after the other and says what they, and all that they have started, have cost.

As a program of its own, so that little is in its memory: what a process peaks at includes what its parent held when
it was forked. It is the reaper of whatever the commands leave behind, whose CPU time would otherwise be counted by
nobody. Reads from standard input {"commands": [[word, ...], ...], "log": file, "seconds": most} as JSON, and prints
{"cpu", "wall", "peak", "status": [...], "late"}: seconds, seconds, bytes of the largest process, how each ended.
"""

import ctypes
import json
import os
import signal
import sys
import time

_PR_SET_CHILD_SUBREAPER = 36
# Orphans that are ending get so long; what lives on is killed, and its time counts.
_GRACE = 3.0


def main() -> None:
    """Run what standard input asks for."""
    asked = json.loads(sys.stdin.read())
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    files = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
    cpu, peak, status = 0.0, 0, []
    started, late = time.monotonic(), False
    for command in asked["commands"]:
        spent, largest, how, over = _one(command, files, started + asked["seconds"])
        cpu, peak, late = cpu + spent, max(peak, largest), late or over
        status.append(how)
    wall = time.monotonic() - started
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak, "status": status, "late": late}))


def _one(command: list[str], files: list[tuple[int, int, int]], deadline: float) -> tuple[float, int, int, bool]:
    """Run one command; return CPU seconds, bytes of the largest process, exit status, and whether it was too late."""
    main_pid = os.posix_spawnp(command[0], command, os.environ, file_actions=files, setpgroup=0)
    cpu, peak, status, late = 0.0, 0, 0, False
    end = deadline
    while True:
        try:
            pid, how, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return cpu, peak, status, late
        if pid:
            cpu += used.ru_utime + used.ru_stime
            peak = max(peak, used.ru_maxrss << 10)
            if pid == main_pid:
                status, end = os.waitstatus_to_exitcode(how), time.monotonic() + _GRACE
            continue
        if time.monotonic() > end:
            late = late or end == deadline
            for child in _children():
                os.kill(child, signal.SIGKILL)
        time.sleep(0.002)


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
        return [int(pid) for pid in file.read().split()]


if __name__ == "__main__":
    main()
