#!/usr/bin/env python3
"""What goes wrong on a small machine that is left alone: one test for each, on a live server.

usage: faults.py PROGRAM [WORD]...
"""
import os
import pathlib
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import time

from rig import Readers, Rig, check, run_tests, until


HERE = pathlib.Path(__file__).resolve().parent


def descriptors_used_up_leave_an_idle_server(program):
    """With ulimit -n 64 and 90 idle clients: no spinning, no growing log, the next one is served."""
    with Rig(program, descriptors=64, options=["--workers", "1"]) as rig:
        idle = [rig.connect(rig.gemini_port) for _ in range(90)]
        time.sleep(1.5)
        before, log = rig.cpu_s(), rig.log.stat().st_size
        time.sleep(3)
        used = (rig.cpu_s() - before) / 3
        check(used < 0.02, f"{used:.1%} of a processor while nothing can be done")
        check(rig.log.stat().st_size - log < 10240, "the log grows")
        check(rig.alive(), "the process has ended")
        for client in idle[:60]:
            client.close()
        check(until(rig.answers, 10), "not served although descriptors are free")
        for client in idle[60:]:
            client.close()


def waiting_clients_are_served_in_order(program):
    """Clients that wait for a descriptor get their answer once there is one."""
    with Rig(program, descriptors=64, options=["--workers", "1"]) as rig:
        idle = [rig.connect(rig.gopher_port) for _ in range(70)]
        time.sleep(1.5)
        late = rig.connect(rig.gopher_port, 20)
        late.sendall(b"\r\n")
        for client in idle:
            client.close()
        check(rig.read_all(late).endswith(b".\r\n"), "the waiting client got nothing")
        late.close()


def a_full_disk_does_not_stop_serving(program):
    """A file-size limit of 0 stands for the full disk: the access log cannot be written."""
    with Rig(program, settings="log: {access: access.log}\n", start=False) as rig:
        subprocess.run([rig.program, "cert", "-c", rig.folder / "capsule.yaml"], check=True,
                       stdout=subprocess.DEVNULL)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            rig.log = pathlib.Path("/dev/null")
            rig.start()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        check(all(rig.answers() for _ in range(5)), "not served")
        check(rig.alive(), "ended")


def no_certificate_on_a_full_disk_is_said(program):
    with Rig(program, start=False) as rig:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        done = subprocess.run(
            [rig.program, "serve", "-c", rig.folder / "capsule.yaml", "--gemini", "127.0.0.1:0",
             "--gopher", "off"], capture_output=True, text=True, timeout=20, check=False,
            preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))))
        check(done.returncode == 2, f"exit status {done.returncode}")
        check("localhost." in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr)
        left = [p.name for p in (rig.folder / "certs").glob("*")] if (rig.folder / "certs").exists() else []
        check(left == [], f"left behind: {left}")


def a_content_folder_that_goes_and_comes_back(program):
    """Removed: the last catalogue stays. Back as a new folder: it is served (or a line says restart)."""
    with Rig(program) as rig:
        away = rig.folder / "away"
        rig.content.rename(away)
        time.sleep(1)
        check(rig.gemini("/").startswith(b"20 "), "home is gone with the folder")
        rig.content.mkdir()
        (rig.content / "fresh.md").write_text("---\ntitle: Fresh\ndate: 2021-01-01\n---\nNew.\n")
        seen = until(lambda: rig.gemini("/posts/fresh.gmi").startswith(b"20 "), 8)
        check(seen or "restart" in rig.log_text(), "neither served nor explained")


def an_unreadable_content_folder_keeps_the_last_catalogue(program):
    with Rig(program) as rig:
        shutil.rmtree(rig.content)
        rig.content.write_text("a file where the folder was")
        time.sleep(1)
        check(rig.answers(), "not served")
        check(rig.alive(), "ended")


def a_file_that_changes_while_it_is_read(program):
    """A growing or shrinking attachment never hangs a reader nor sends more than was promised."""
    with Rig(program) as rig:
        for size in (8 << 20, 1 << 10):
            path = rig.content / "moving.bin"
            path.write_bytes(b"x" * (4 << 20))
            check(until(lambda: rig.gemini("/moving.bin").startswith(b"20 ")), "never there")
            with rig.tls() as stream:
                stream.sendall(f"gemini://localhost:{rig.gemini_port}/moving.bin\r\n".encode())
                stream.recv(1000)
                os.truncate(path, size)
                got = len(rig.read_all(stream))
            check(got <= 4 << 20, f"{got} bytes")
        check(rig.answers(), "not served afterwards")


def ten_thousand_events_at_once(program):
    """More changes than inotify's queue holds: the last state is what is served."""
    with Rig(program) as rig:
        queue = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        scratch = rig.content / "notes.txt"
        for i in range(queue // 2 + 1000):
            scratch.write_text(str(i))
        rig.write_post(3, "After the storm. " * 20)
        check(until(lambda: b"After the storm." in rig.gemini("/posts/post-3.gmi"), 10),
              "the last edit is not visible")


def a_storm_of_hangups(program):
    """100 SIGHUPs in 5 s under load: no request fails."""
    with Rig(program) as rig:
        with Readers(rig) as readers:
            for _ in range(100):
                rig.process.send_signal(signal.SIGHUP)
                time.sleep(0.05)
        check(readers.done > 50, f"only {readers.done} requests")
        check(not readers.failed, f"{len(readers.failed)} of {readers.done}: {readers.failed[:3]}")


def edits_while_reading(program):
    """200 edits in 20 s by rename and in place: no request fails, none sees half a page."""
    with Rig(program) as rig:
        with Readers(rig) as readers:
            for turn in range(200):
                if turn % 2:
                    rig.write_post(turn % 20, f"Edit {turn}. " * 100)
                else:
                    (rig.content / f"post-{turn % 20}.md").write_text(rig.post_text(turn % 20))
                time.sleep(0.1)
        check(not readers.failed, f"{len(readers.failed)} of {readers.done}: {readers.failed[:3]}")


def clients_that_vanish_at_every_state(program):
    with Rig(program, options=["--workers", "1"]) as rig:
        baseline = rig.descriptors()
        for _ in range(30):
            rig.connect(rig.gemini_port).close()                     # before the first byte
            with rig.connect(rig.gemini_port) as half:               # in the handshake
                half.sendall(b"\x16\x03\x01\x02\x00\x01")
            with rig.tls() as stream:                                # after it
                pass
            with rig.tls() as stream:                                # in the request
                stream.sendall(b"gemini://local")
            stream = rig.tls()                                       # in the answer, by reset
            stream.sendall(f"gemini://localhost:{rig.gemini_port}/large.bin\r\n".encode())
            stream.recv(10)
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            stream.close()
            with rig.connect(rig.gopher_port) as plain:
                plain.sendall(b"/large.bin\r\n")
                plain.recv(10)
        check(rig.answers(), "not served")
        check(until(lambda: rig.descriptors() <= baseline + 1, 15), "descriptors are kept")


def a_slow_reader_of_a_large_file(program):
    """Slower than response_s in all, but never idle that long: it gets every byte."""
    with Rig(program, settings="limits: {response_s: 2}\n") as rig:
        want = (rig.content / "large.bin").read_bytes()
        with rig.connect(rig.gopher_port) as stream:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            stream.sendall(b"/large.bin\r\n")
            got = bytearray()
            start = time.monotonic()
            while part := stream.recv(65536):
                got += part
                if time.monotonic() - start < 4:
                    time.sleep(0.1)
        check(bytes(got) == want, f"{len(got)} of {len(want)} bytes")


def a_reader_that_stops_is_let_go(program):
    with Rig(program, settings="limits: {response_s: 2}\n") as rig:
        stream = rig.connect(rig.gopher_port)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        baseline = rig.descriptors()
        stream.sendall(b"/large.bin\r\n")
        check(until(lambda: rig.descriptors() > baseline), "not begun")
        check(until(lambda: rig.descriptors() <= baseline, 12), "held for ever")
        stream.close()


def deadlines_of_silent_clients(program):
    """Nothing, half a handshake, half a request: each is let go, and a half request is answered 59."""
    with Rig(program, settings="limits: {handshake_s: 1, request_s: 2}\n") as rig:
        silent, half = rig.connect(rig.gemini_port, 15), rig.connect(rig.gemini_port, 15)
        half.sendall(b"\x16\x03\x01\x02\x00\x01")
        with rig.tls() as begun:
            begun.sendall(b"gemini://localhost/ab")
            check(rig.read_all(begun).startswith(b"59 "), "no 59 at the deadline")
        check(silent.recv(1) == b"" and half.recv(10) in (b"", half.recv(0)), "not closed")
        silent.close()
        half.close()


def a_browser_whose_headers_never_end(program):
    """GOPH-81: two seconds, then it is told where the capsule is, whatever else requests may take."""
    with Rig(program, settings="limits: {request_s: 60}\n") as rig:
        with rig.connect(rig.gopher_port, 20) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            check(rig.read_all(stream).startswith(b"HTTP/1.1 400 "), "no page for it")
        check(rig.answers(), "not served")


def an_answer_to_a_bare_line_feed_waits(program):
    """GEM-16, GEM-141: a request ended by LF alone is none; no answer for 5 s, then 59 or an end."""
    with Rig(program) as rig, rig.tls(timeout=20) as stream:
        stream.sendall(f"gemini://localhost:{rig.gemini_port}/\n".encode())
        start = time.monotonic()
        answer = rig.read_all(stream)
        check(time.monotonic() - start >= 5, "answered within 5 s")
        check(answer == b"" or answer.startswith(b"59 "), repr(answer[:40]))


def half_open_handshakes(program):
    """2000 of them at once: others are served meanwhile, and all are let go."""
    with Rig(program, settings="limits: {handshake_s: 3, per_address: 0}\n") as rig:
        baseline = rig.descriptors()
        halves = []
        for _ in range(2000):
            half = rig.connect(rig.gemini_port)
            half.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc")
            halves.append(half)
        start = time.monotonic()
        check(rig.answers(), "not served")
        check(time.monotonic() - start < 2, "served late")
        check(until(lambda: rig.descriptors() <= baseline + 2, 15), "they are kept")
        for half in halves:
            half.close()


def five_thousand_idle_connections(program):
    with Rig(program, settings="limits: {request_s: 60, handshake_s: 60, per_address: 0}\n") as rig:
        idle = []
        for _ in range(5000):
            idle.append(rig.tls(timeout=20))
        start = time.monotonic()
        check(rig.answers(), "not served")
        check(time.monotonic() - start < 2, "served late")
        kib = rig.rss_kib()
        check(kib < 250 * 1024, f"{kib} KiB")
        for stream in idle:
            stream.close()


def a_request_without_an_end(program):
    """100 000 lines: answered 59 at the limit, the answer is not lost to a reset."""
    with Rig(program) as rig:
        with rig.tls() as stream:
            try:
                for _ in range(100):
                    stream.sendall(b"x" * 1000 + b"\n")
            except (ssl.SSLError, OSError):
                pass
            check(rig.read_all(stream).startswith(b"59 "), "no 59")
        check(rig.answers(), "not served")


def too_many_from_one_address(program):
    """Over the cap: Gemini answers 44 or 41, Gopher a type-3 line; room again, service again."""
    with Rig(program, settings="limits: {per_address: 20}\n") as rig:
        idle = [rig.connect(rig.gemini_port) for _ in range(20)]
        time.sleep(1.5)
        check(rig.gemini("/")[:3] in (b"44 ", b"41 "), "Gemini does not refuse")
        check(rig.gopher("").startswith(b"3"), "Gopher does not refuse")
        for client in idle:
            client.close()
        check(until(rig.answers), "not served afterwards")


def killed_and_started_again(program):
    """kill -9: the same certificate, the same pages."""
    with Rig(program) as rig:
        def state():
            with rig.tls() as stream:
                certificate = stream.getpeercert(True)
            return certificate, rig.gemini("/posts/post-3.gmi")
        before = state()
        rig.stop(signal.SIGKILL)
        rig.start()
        check(state() == before, "not the same")


def certificates_are_replaced_while_serving(program):
    """Twenty new pairs under load: open connections go on, new ones see the new certificate."""
    with Rig(program) as rig:
        def shown():
            with rig.tls() as stream:
                return stream.getpeercert(True)
        with Readers(rig) as readers, rig.tls(timeout=30) as held:
            for turn in range(20):
                before = shown()
                subprocess.run([rig.program, "cert", "--renew", "-c", rig.folder / "capsule.yaml"],
                               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                rig.process.send_signal(signal.SIGHUP)
                check(until(lambda: shown() != before), f"replacement {turn} is not shown")
                if turn == 5:
                    held.sendall(f"gemini://localhost:{rig.gemini_port}/\r\n".encode())
                    check(rig.read_all(held).startswith(b"20 "), "the open connection was lost")
        check(not readers.failed, f"{readers.failed[:3]}")


def a_new_pair_is_taken_without_a_signal(program):
    with Rig(program) as rig:
        def shown():
            with rig.tls() as stream:
                return stream.getpeercert(True)
        before = shown()
        subprocess.run([rig.program, "cert", "--renew", "-c", rig.folder / "capsule.yaml"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        check(until(lambda: shown() != before, 10), "the new pair is not shown")


def an_unusable_certificate_keeps_the_old_one(program):
    with Rig(program) as rig:
        (rig.folder / "certs/localhost.crt").write_text("no certificate\n")
        rig.process.send_signal(signal.SIGHUP)
        check(until(lambda: "localhost.crt" in rig.log_text()), "not reported")
        check(rig.answers(), "not served with the old one")


def broken_settings_at_hangup_keep_the_old_ones(program):
    with Rig(program) as rig:
        rig.configure("nonsense: true\n")
        rig.process.send_signal(signal.SIGHUP)
        check(until(lambda: "capsule.yaml:5:1" in rig.log_text()), "not reported with its place")
        check(rig.answers(), "not served with the old ones")
        rig.configure("description: Mended\n")
        rig.process.send_signal(signal.SIGHUP)
        check(until(lambda: b"Mended" in rig.gemini("/")), "the mended settings are not used")


def the_clock_jumps_there_and_back(program):
    """A day ahead and a year back: posts come and go by the clock, deadlines do not know of it."""
    with Rig(program, start=False) as rig:
        library = rig.folder / "clock_shift.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, HERE / "clock_shift.c"], check=True)
        shift = rig.content / ".clock"
        shift.write_text("0")
        tomorrow = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 43200))
        (rig.content / "later.md").write_text(f"---\ntitle: Later\ndate: {tomorrow}\n---\nText.\n")
        rig.environment = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(shift)}
        rig.start()
        check(rig.gemini("/posts/later.gmi").startswith(b"51 "), "published before its time")
        shift.write_text("86400")
        check(until(lambda: rig.gemini("/posts/later.gmi").startswith(b"20 "), 5), "not published in time")
        with rig.tls(timeout=20) as held:
            shift.write_text(str(-365 * 86400))
            time.sleep(2)
            held.sendall(f"gemini://localhost:{rig.gemini_port}/\r\n".encode())
            check(rig.read_all(held).startswith(b"20 "), "an open connection was cut off")
        check(rig.answers() and rig.alive(), "not served after the jump back")


def what_a_hangup_cannot_change_is_said(program):
    with Rig(program, settings="limits: {request_s: 5}\n") as rig:
        rig.process.send_signal(signal.SIGHUP)
        check(until(lambda: "read anew" in rig.log_text()), "not read anew")
        check("next start" not in rig.log_text(), "said although nothing has changed")
        rig.configure("limits: {request_s: 7}\n")
        rig.process.send_signal(signal.SIGHUP)
        check(until(lambda: "next start" in rig.log_text()), "not said")
        check(rig.answers(), "not served")


def termination_finishes_open_answers(program):
    with Rig(program) as rig:
        stream = rig.connect(rig.gopher_port, 20)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        stream.sendall(b"/large.bin\r\n")
        got = len(stream.recv(1000))
        rig.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        got += len(rig.read_all(stream))
        check(got == 4 << 20, f"{got} bytes")
        check(rig.process.wait(12) == 0, "exit status")
        stream.close()


TESTS = [descriptors_used_up_leave_an_idle_server, waiting_clients_are_served_in_order,
         a_full_disk_does_not_stop_serving, no_certificate_on_a_full_disk_is_said,
         a_content_folder_that_goes_and_comes_back, an_unreadable_content_folder_keeps_the_last_catalogue,
         a_file_that_changes_while_it_is_read, ten_thousand_events_at_once, a_storm_of_hangups,
         edits_while_reading, clients_that_vanish_at_every_state, a_slow_reader_of_a_large_file,
         a_reader_that_stops_is_let_go, deadlines_of_silent_clients, a_browser_whose_headers_never_end,
         an_answer_to_a_bare_line_feed_waits,
         half_open_handshakes, five_thousand_idle_connections, a_request_without_an_end,
         too_many_from_one_address, killed_and_started_again, certificates_are_replaced_while_serving,
         a_new_pair_is_taken_without_a_signal, an_unusable_certificate_keeps_the_old_one, broken_settings_at_hangup_keep_the_old_ones,
         the_clock_jumps_there_and_back, what_a_hangup_cannot_change_is_said, termination_finishes_open_answers]

if __name__ == "__main__":
    run_tests(TESTS)
