#!/usr/bin/env python3
"""Posts are edited while they are read: every request succeeds and none sees a half state.

usage: live.py PROGRAM [EDITS [SECONDS]]        default: 200 edits in 20 seconds
"""
import pathlib
import random
import re
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))
from rig import Readers, Rig, check, run_tests, until  # noqa: E402  pylint: disable=C0413

EDITS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 20
POST = ("---\ntitle: Version {n}\ndate: 2021-01-01\n---\nBegin {n}.\n\n" + "Words between. " * 2000
        + "\n\nEnd {n}.\n")


def write_in_place(path, text):
    path.write_text(text)


def write_beside(path, text):
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.rename(path)


def write_with_backup(path, text):
    """As vim does: the old file moves away, the new one is written, the old one goes."""
    backup = path.with_name(path.name + "~")
    if path.exists():
        path.rename(backup)
    path.write_text(text)
    backup.unlink(missing_ok=True)


class VersionReaders(Readers):
    """A page is of one version from its first line to its last."""

    def run(self, seed):
        while not self.stopping:
            path = random.Random(seed + self.done).choice(["/posts/edited.gmi", "/"])
            try:
                answer = self.rig.gemini(path).decode()
                versions = set(re.findall(r"(?:Version|Begin|End) (\d+)", answer))
                whole = path == "/" or "End " in answer
                good = answer.startswith("20 ") and len(versions) == 1 and whole
                fault = None if good else f"{path}: versions {sorted(versions)}: {answer[:60]!r}"
            except OSError as error:
                fault = f"{path}: {error}"
            with self.lock:
                self.done += 1
                if fault:
                    self.failed.append(fault)


def edits_while_reading(program):
    with Rig(program, settings="log: {access: off}\n", start=False) as rig:
        path = rig.content / "edited.md"
        path.write_text(POST.format(n=0))
        rig.start()
        ways = [write_beside, write_in_place, write_with_backup]
        slowest = 0
        with VersionReaders(rig, 2) as versions, Readers(rig, 1) as others:
            began = time.monotonic()
            for n in range(1, EDITS + 1):
                written = time.monotonic()
                ways[n % len(ways)](path, POST.format(n=n))
                if n % 10 == 0:
                    check(until(lambda n=n: f"Version {n}\n".encode() in rig.gemini("/posts/edited.gmi")),
                          f"edit {n} is not visible after 5 s")
                    slowest = max(slowest, time.monotonic() - written)
                time.sleep(max(0, began + n * SECONDS / EDITS - time.monotonic()))
        print(f"# {EDITS} edits, {versions.done + others.done} requests, the slowest edit was visible"
              f" after {slowest * 1000:.0f} ms")
        failed = versions.failed + others.failed
        check(not failed, f"{len(failed)} of {versions.done + others.done}: {failed[:3]}")
        check(rig.stop() == 0, "exit status: " + rig.log_text()[-3000:])


def hangups_while_reading(program):
    with Rig(program, settings="log: {access: off}\n") as rig:
        with Readers(rig, 2) as readers:
            for _ in range(20):
                rig.process.send_signal(signal.SIGHUP)
                time.sleep(0.05)
        check(not readers.failed, f"{len(readers.failed)} of {readers.done}: {readers.failed[:3]}")
        check(rig.stop() == 0, "exit status: " + rig.log_text()[-3000:])


def posts_come_and_go(program):
    with Rig(program, posts=5) as rig:
        path = rig.content / "fresh.md"
        path.write_text("---\ntitle: Fresh\ndate: 2022-01-01\nseries: Faults\n---\nNew.\n")
        check(until(lambda: b"2022-01-01 Fresh" in rig.gemini("/")), "not listed")
        check(rig.gemini("/posts/fresh.gmi").startswith(b"20 "), "not served")
        check(b"Fresh" in rig.gopher("/series/faults/"), "not in its series")
        path.unlink()
        check(until(lambda: rig.gemini("/posts/fresh.gmi").startswith(b"51 ")), "not gone")
        folder = rig.content / "deep" / "er"
        folder.mkdir(parents=True)
        (folder / "nested.md").write_text("---\ntitle: Nested\ndate: 2022-01-02\n---\nNew.\n")
        check(until(lambda: rig.gemini("/posts/nested.gmi").startswith(b"20 ")), "new folders are missed")


def data_files_speak_for_their_posts(program):
    with Rig(program, posts=5) as rig:
        folder = rig.content / "eleventy"
        folder.mkdir()
        (folder / "data.md").write_text("---\ndate: 2022-01-01\n---\nText.\n")
        data = folder / "eleventy.json"
        for way, title in ((write_beside, "Ann"), (write_in_place, "Bob"), (write_with_backup, "Eve")):
            way(data, f'{{"title": "{title}"}}')
            check(until(lambda t=title: f"2022-01-01 {t}\n".encode() in rig.gemini("/")), f"{title} is not seen")
        write_in_place(data, '{"title": ')
        check(until(lambda: "eleventy/eleventy.json:" in rig.log_text()), "no fault is told")
        check(b"2022-01-01 Eve\n" in rig.gemini("/"), "a fault changes the post")
        data.unlink()
        check(until(lambda: b"2022-01-01 Data\n" in rig.gemini("/")), "the file's end is not seen")


def a_post_of_the_future_appears(program):
    with Rig(program) as rig:
        moment = time.gmtime(time.time() + 3)
        (rig.content / "soon.md").write_text(
            f"---\ntitle: Soon\ndate: {time.strftime('%Y-%m-%dT%H:%M:%SZ', moment)}\n---\nNow.\n")
        time.sleep(0.5)
        check(rig.gemini("/posts/soon.gmi").startswith(b"51 "), "shown too early")
        check(until(lambda: rig.gemini("/posts/soon.gmi").startswith(b"20 "), 8), "never shown")


if __name__ == "__main__":
    run_tests([edits_while_reading, hangups_while_reading, posts_come_and_go, data_files_speak_for_their_posts,
               a_post_of_the_future_appears], sys.argv[1:2])
