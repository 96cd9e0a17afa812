"""A server in trouble: what the fault tests start, feed, starve and watch.

    with Rig(program) as rig:
        rig.gemini("/")              # b"20 text/gemini..."
        rig.gopher("/posts/a.txt")
        rig.cpu_s(), rig.rss_kib(), rig.descriptors()

Everything is on loopback and in a temporary folder; the process ends with the block.
"""
import contextlib
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

POST = """---
title: {title}
date: 2020-0{month}-1{day}
series: Faults
keyword: [machine_learning, faults]
---
Text of {title} with a [link](https://example.org/) and $x^2$.

{body}
"""


def client_context(version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if version:
        context.minimum_version = context.maximum_version = version
    return context


class Rig:
    def __init__(self, program, posts=20, settings="", options=(), descriptors=None, start=True):
        self.program = str(pathlib.Path(program).resolve())
        self.options, self.settings, self.limit = list(options), settings, descriptors
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="perigee-faults-"))
        self.content = self.folder / "content"
        self.log = self.folder / "stderr.log"
        self.process, self.context, self.environment = None, client_context(), {}
        self.content.mkdir()
        for i in range(posts):
            self.write_post(i)
        (self.content / "large.bin").write_bytes(random.Random(1).randbytes(4 << 20))
        self.configure(settings)
        if start:
            self.start()

    def configure(self, settings):
        (self.folder / "capsule.yaml").write_text(
            "title: Faults\nhosts: [localhost]\ncontent: content\ncertificates: certs\n" + settings)

    def post_text(self, i, body=""):
        return POST.format(title=f"Post {i}", month=i % 9 + 1, day=i % 10, body=body or "Words. " * 200)

    def write_post(self, i, body=""):
        """As editors do: written beside, then renamed."""
        beside = self.content / f".post-{i}.new"
        beside.write_text(self.post_text(i, body))
        beside.rename(self.content / f"post-{i}.md")

    def start(self):
        def limits():
            if self.limit:
                resource.setrlimit(resource.RLIMIT_NOFILE, (self.limit, self.limit))
        self.errors = open(self.log, "ab")
        self.process = subprocess.Popen(
            [self.program, "serve", "-c", self.folder / "capsule.yaml", "--gemini", "127.0.0.1:0",
             "--gopher", "127.0.0.1:0", *self.options],
            stdout=subprocess.PIPE, stderr=self.errors, text=True, preexec_fn=limits,
            env={**os.environ, **self.environment})
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if found := re.match(r"(gemini|gopher) .*:(\d+)\)$", line):
                setattr(self, f"{found[1]}_port", int(found[2]))
            if line.startswith("ready: "):
                break
        else:
            raise RuntimeError("not ready: " + self.log.read_text(errors="replace"))
        return self

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        return status

    def alive(self):
        return self.process.poll() is None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.returncode is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- asking ---

    def connect(self, port, timeout=10):
        return socket.create_connection(("127.0.0.1", port), timeout)

    def tls(self, port=None, timeout=10, context=None):
        raw = self.connect(port or self.gemini_port, timeout)
        try:
            return (context or self.context).wrap_socket(raw, server_hostname="localhost")
        except OSError:
            raw.close()
            raise

    @staticmethod
    def read_all(stream):
        parts = []
        while part := stream.recv(65536):
            parts.append(part)
        return b"".join(parts)

    def gemini(self, path, timeout=10):
        with self.tls(timeout=timeout) as stream:
            stream.sendall(f"gemini://localhost:{self.gemini_port}{path}\r\n".encode())
            return self.read_all(stream)

    def gopher(self, selector, timeout=10):
        with self.connect(self.gopher_port, timeout) as stream:
            stream.sendall(selector.encode() + b"\r\n")
            return self.read_all(stream)

    def answers(self):
        """Whether both spaces are served as they should be now."""
        return self.gemini("/").startswith(b"20 ") and self.gopher("").endswith(b"\r\n.\r\n")

    # --- watching ---

    def cpu_s(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_kib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def log_text(self):
        return self.log.read_text(errors="replace")


class Readers:
    """Threads that read pages all the time; `failed` holds what was not as it should be."""

    def __init__(self, rig, count=2, paths=("/", "/posts/post-3.gmi", "/series/faults/", "/archive/"),
                 selectors=("", "/posts/post-3.txt", "/series/faults/")):
        self.rig, self.paths, self.selectors = rig, paths, selectors
        self.done, self.failed, self.stopping = 0, [], False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def run(self, seed):
        chance = random.Random(seed)
        while not self.stopping:
            try:
                if chance.random() < 0.5:
                    path = chance.choice(self.paths)
                    answer = self.rig.gemini(path)
                    good = answer.startswith(b"20 ") and answer.endswith(b"\n")
                else:
                    path = chance.choice(self.selectors)
                    answer = self.rig.gopher(path)
                    good = answer.endswith(b"\r\n") and not answer.startswith(b"3")
                fault = None if good else f"{path}: {answer[:80]!r}"
            except OSError as error:
                fault = f"{path}: {error}"
            with self.lock:
                self.done += 1
                if fault:
                    self.failed.append(fault)

    def __exit__(self, *_):
        self.stopping = True
        for thread in self.threads:
            thread.join()


def until(condition, seconds=5, pause=0.02):
    """Whether it becomes true in time; errors of the network count as not yet."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if condition():
                return True
        if time.monotonic() > end:
            return False
        time.sleep(pause)


def run_tests(tests, arguments=None):
    """Runs functions of one program argument; prints a line for each; exits 1 when one failed."""
    arguments = sys.argv[1:] if arguments is None else arguments
    program, words = arguments[0], arguments[1:]
    failed = False
    for test in tests:
        if words and not any(word in test.__name__ for word in words):
            continue
        try:
            test(program)
            print(f"ok {test.__name__}", flush=True)
        except Exception as fault:  # pylint: disable=broad-except
            failed = True
            print(f"not ok {test.__name__}: {type(fault).__name__}: {fault}", flush=True)
    sys.exit(failed)


def check(condition, why=""):
    if not condition:
        raise AssertionError(why)
