"""What all measurements need: capsules to serve, servers to start, load to put on them.

CPU time is the server's own, of all its threads; memory is its resident set.
The server is pinned to the first processor and the load to the last, so that neither is counted
for the other. Everything listens on loopback and ends with the measurement.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CPUS = sorted(os.sched_getaffinity(0))
SERVER_CPU, LOAD_CPU = str(CPUS[0]), str(CPUS[-1])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A server process on one processor; ends with the `with` block."""

    def __init__(self, command, ready=None, port=None, cpu=SERVER_CPU, errors=subprocess.DEVNULL):
        self.command = [str(word) for word in command]
        self.ready, self.port, self.cpu = ready, port, cpu
        self.lines, self.errors = [], errors

    def __enter__(self):
        pin = ["taskset", "-c", self.cpu] if self.cpu else []
        self.started = time.monotonic()
        self.process = subprocess.Popen(pin + self.command, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True)
        if self.ready:
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))
                if re.match(self.ready, line):
                    break
            else:
                raise RuntimeError(f"{self.command[0]} ended before it was ready")
        else:
            self.wait_for_port()
        self.ready_after = time.monotonic() - self.started
        return self

    def wait_for_port(self):
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.025)
        raise RuntimeError(f"{self.command[0]} does not listen on {self.port}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_us(self):
        """Of all its threads, those that have ended too: Linux's clock of another process."""
        return time.clock_gettime_ns(~self.process.pid << 3 | 2) / 1000

    def settle(self, seconds=180):
        """Waits until the server does nothing: indexes are built, memory is given back."""
        before, end = self.cpu_us(), time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.7)
            now = self.cpu_us()
            if now - before < 1000:
                return
            before = now

    def rest_kib(self):
        """Resident memory at rest: it is given back when two looks, 3 s apart, saw no request."""
        self.settle()
        time.sleep(11)
        return self.rss_kib()

    def status_kib(self, field):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+)", text, re.M).group(1))

    def rss_kib(self):
        return self.status_kib("VmRSS")


class Perigee(Server):
    """The server under test on a capsule folder, with its two ports."""

    def __init__(self, program, capsule, *options, settings="capsule.yaml", **how):
        super().__init__([program, "serve", "-c", capsule / settings,
                          "--gemini", "127.0.0.1:0", "--gopher", "127.0.0.1:0", *options],
                         ready=r"ready: ", **how)

    def __enter__(self):
        super().__enter__()
        for line in self.lines:
            found = re.match(r"(gemini|gopher) .* \((?:.*):(\d+)\)$", line)
            if found:
                setattr(self, found.group(1), int(found.group(2)))
        return self

    def ready_ms(self):
        return float(re.search(r" in ([\d.]+) ms", self.lines[-1]).group(1))


def minserver(tools, capsule, body, kind, port):
    tls = [capsule / "certs/localhost.crt", capsule / "certs/localhost.key", 1] if kind == "tls" else []
    return Server([tools / "minserver", port, kind, body, *tls], port=port)


def molly_brown(capsule, port):
    """The peer that Debian has; None where it is not installed."""
    program = shutil.which("molly-brown")
    if not program:
        return None
    root = capsule / "molly"
    config = capsule / "molly.conf"
    config.write_text(f'Port = {port}\nHostname = "localhost"\nDocBase = "{root}/"\n'
                      f'CertPath = "{capsule}/certs/localhost.crt"\nKeyPath = "{capsule}/certs/localhost.key"\n'
                      f'AccessLog = "/dev/null"\nErrorLog = "/dev/null"\n')
    return Server([program, "-c", config], port=port)


def make_capsule(program, folder, posts, seed="1"):
    """A capsule of generated posts; its certificate is made by the program itself.

    `uncached.yaml` keeps no answers, so that every request does its whole work.
    """
    folder = pathlib.Path(folder)
    content = folder / "content"
    if not content.exists():
        subprocess.run(["python3", HERE / "gencorpus.py", "--posts", str(posts), "--seed", seed,
                        "--out", content], check=True)
    for name, limits in ("capsule.yaml", ""), ("uncached.yaml", ", cache_bytes: 0"):
        (folder / name).write_text(
            "title: Bench\nhosts: [localhost]\ncontent: content\ncertificates: certs\n"
            "log: {access: off}\n"
            f"limits: {{per_address: 0, connections: 0, handshake_s: 120{limits}}}\n")
    subprocess.run([program, "cert", "-c", folder / "capsule.yaml"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


def load(tools, scheme, port, urls, requests, connections=8, extra=()):
    """Runs the load generator and gives its JSON report."""
    with tempfile.NamedTemporaryFile("w", suffix=".urls") as file:
        file.write("\n".join(urls) + "\n")
        file.flush()
        done = subprocess.run(["taskset", "-c", LOAD_CPU, tools / "smolload", "-j", "-s", scheme,
                               "-p", str(port), "-c", str(connections), "-n", str(requests),
                               *map(str, extra), "-f", file.name],
                              stdout=subprocess.PIPE, text=True, check=False)
    report = json.loads(done.stdout)
    if report["failed"]:
        raise RuntimeError(f"{report['failed']} requests failed: {report['fails']}")
    return report


def cpu_per_request(server, tools, scheme, port, urls, requests, **options):
    before = server.cpu_us()
    load(tools, scheme, port, urls, requests, **options)
    return (server.cpu_us() - before) / requests


def median(values):
    return statistics.median(values)


def gemini_get(port, url, host="localhost"):
    """One whole answer over TLS, for latencies that are not a matter of load."""
    import ssl
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname=host) as tls:
            tls.sendall(url.encode() + b"\r\n")
            parts = []
            while part := tls.recv(65536):
                parts.append(part)
    return b"".join(parts)
