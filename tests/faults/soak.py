#!/usr/bin/env python3
"""Ten minutes of everything at once: what `make soak` runs.

usage: soak.py PROGRAM [SECONDS]

Load on both protocols, 2000 live edits, 100 SIGHUPs, 20 certificate replacements, 3000 stalled
connections and random bytes, spread over the time. Prints the figures; fails when a well-formed
request failed, a descriptor leaked, or memory grew by 2 % or more after the first tenth.
"""
import random
import signal
import subprocess
import sys
import threading
import time

from rig import Readers, Rig
from server_fuzz import exchange


class Clock(threading.Thread):
    """Does something `count` times, evenly over the run."""

    def __init__(self, action, count, seconds):
        super().__init__(daemon=True)
        self.action, self.count, self.pause = action, count, seconds / count
        self.done = 0

    def run(self):
        start = time.monotonic()
        for i in range(self.count):
            time.sleep(max(0, start + i * self.pause - time.monotonic()))
            self.action(i)
            self.done += 1


def main():
    program = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 600
    chance = random.Random(1)
    stalled = []
    with Rig(program, posts=100,
             settings="limits: {per_address: 0, handshake_s: 10, request_s: 10}\n") as rig:
        def edit(i):
            rig.write_post(i % 100, f"Edit {i}. " * (50 + i % 100))

        def hang_up(_):
            rig.process.send_signal(signal.SIGHUP)

        def renew(_):
            subprocess.run([rig.program, "cert", "--renew", "-c", rig.folder / "capsule.yaml"], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def stall(i):
            try:
                stream = rig.connect(rig.gemini_port if i % 2 else rig.gopher_port)
                stream.sendall(b"\x16\x03\x01" if i % 3 else b"/half")
                stalled.append(stream)
            except OSError:
                pass
            while len(stalled) > 500:
                stalled.pop(0).close()

        def noise(_):
            try:
                exchange(chance, rig, chance.choice(["gopher", "raw"]))
            except OSError:
                pass

        baseline = rig.descriptors()
        clocks = [Clock(edit, 2000, seconds), Clock(hang_up, 100, seconds), Clock(renew, 20, seconds),
                  Clock(stall, 3000, seconds), Clock(noise, int(seconds * 5), seconds)]
        with Readers(rig, count=4) as readers:
            for clock in clocks:
                clock.start()
            time.sleep(seconds / 10)
            early = max(rig.rss_kib() for _ in range(20) if not time.sleep(0.1))
            for clock in clocks:
                clock.join()
        for stream in stalled:
            stream.close()
        time.sleep(12)
        late, left = rig.rss_kib(), rig.descriptors()
        growth = (late - early) / early
        print(f"requests {readers.done}, failed {len(readers.failed)}")
        print(f"edits {clocks[0].done}, SIGHUPs {clocks[1].done}, certificates {clocks[2].done}, "
              f"stalled {clocks[3].done}, noise {clocks[4].done}")
        print(f"memory after a tenth {early} KiB, at the end {late} KiB: {growth:+.2%}")
        print(f"descriptors before {baseline}, after {left}")
        for fault in readers.failed[:5]:
            print("   ", fault)
        good = not readers.failed and growth < 0.02 and left <= baseline + 1 and rig.alive()
        print("ok soak" if good else "not ok soak")
        sys.exit(not good)


if __name__ == "__main__":
    main()
