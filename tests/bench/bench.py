#!/usr/bin/env python3
"""Measures Perigee beside the bare loop, the peers that Debian has, and itself at other sizes.

usage: bench.py [--program build/perigee] [--tools build/bench] [--only NAME,...] [--quick]
                [--capsules FOLDER] [--json]

Each comparison runs its servers in turn, round by round, and prints medians and ratios of the
same run: machines are noisy, single figures mean little. Nothing here fails a build. Generated
capsules stay in FOLDER for the next run; 100 000 posts take minutes to write.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import time

from harness import (CPUS, LOAD_CPU, SERVER_CPU, Perigee, cpu_per_request, free_port, gemini_get,
                     load, make_capsule, median, minserver, molly_brown)

ROWS = []


def row(work, value, unit, aim=""):
    ROWS.append({"work": work, "value": value, "unit": unit, "aim": aim})
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    print(f"  {work:<58} {text:>10} {unit:<5} {aim}", flush=True)


def date_of(post):
    return re.search(r"^date: (\S+)", post.read_text(), re.M).group(1)


class Bench:
    def __init__(self, args, folder):
        self.program, self.tools = args.program.resolve(), args.tools.resolve()
        self.quick, self.folder = args.quick, pathlib.Path(folder)
        self.kept = args.capsules or self.folder
        self.rounds = 3 if args.quick else 7
        self.capsules = {}

    def capsule(self, posts):
        if posts not in self.capsules:
            folder = self.kept / str(posts)
            folder.mkdir(parents=True, exist_ok=True)
            self.capsules[posts] = make_capsule(self.program, folder, posts)
        return self.capsules[posts]

    def post_urls(self, posts, port, most=None):
        names = sorted((self.capsule(posts) / "content").glob("*.md"))[:most]
        return [f"gemini://localhost:{port}/posts/{name.stem}.gmi" for name in names]

    def page_of(self, server, url):
        """The body of one page in a file: what the bare loop answers."""
        body = gemini_get(server.gemini, url).split(b"\r\n", 1)[1]
        path = self.folder / "page.gmi"
        path.write_bytes(body)
        return path, len(body)

    # --- CPU per request ---

    def gemini(self):
        """One post of about 5 KiB, again and again: full handshakes and resumed ones."""
        capsule, requests = self.capsule(100), 500 if self.quick else 2000
        with Perigee(self.program, capsule, "--workers", 1) as ours:
            urls = self.post_urls(100, ours.gemini)
            url = min(urls, key=lambda u: abs(len(gemini_get(ours.gemini, u)) - 5120))
            body, size = self.page_of(ours, url)
            site = capsule / "molly"
            site.mkdir(exist_ok=True)
            shutil.copy(body, site / "page.gmi")
            floor_port, peer_port = free_port(), free_port()
            with minserver(self.tools, capsule, body, "tls", floor_port) as floor:
                runs = {"perigee": (ours, ours.gemini, url),
                        "floor": (floor, floor_port, f"gemini://localhost:{floor_port}/x")}
                peer = molly_brown(capsule, peer_port)
                if peer:
                    runs["molly-brown"] = (peer.__enter__(), peer_port,
                                           f"gemini://localhost:{peer_port}/page.gmi")
                try:
                    for name, extra in (("full handshake", ()), ("resumed", ("-r",))):
                        self.compare(f"Gemini, {size} bytes, {name}", runs, "gemini", requests, extra)
                finally:
                    if peer:
                        peer.__exit__()

    def compare(self, work, runs, scheme, requests, extra=(), aim="<= 1.00"):
        cpu = {name: [] for name in runs}
        for _ in range(self.rounds):
            for name, (server, port, url) in runs.items():
                cpu[name].append(cpu_per_request(server, self.tools, scheme, port, [url], requests,
                                                 extra=extra))
        for name in runs:
            row(f"{work}: {name}", median(cpu[name]), "us")
        for name in runs:
            if name != "perigee":
                ratio = median([a / b for a, b in zip(cpu["perigee"], cpu[name])])
                row(f"{work}: perigee / {name}", ratio, "x", aim if name == "floor" else "< 1")

    def uncached(self):
        """Posts once after a start, against the same again from the cache.

        The newest are made ahead by the idle server; the others are converted when asked for.
        """
        capsule = self.capsule(1000)
        names = sorted((capsule / "content").glob("*.md"), key=date_of, reverse=True)
        ranges = {"of the 100 newest": names[:100], "of an older post": names[300:]}
        ratios = {work: [] for work in ranges}
        for _ in range(self.rounds):
            with Perigee(self.program, capsule, "--workers", 1) as ours:
                ours.settle()
                for work, posts in ranges.items():
                    urls = [f"gemini://localhost:{ours.gemini}/posts/{post.stem}.gmi"
                            for post in posts]
                    first, again = (cpu_per_request(ours, self.tools, "gemini", ours.gemini, urls,
                                                    len(urls)) for _ in range(2))
                    ratios[work].append(first / again)
        for work in ranges:
            row(f"Gemini, first request {work} / cached", median(ratios[work]), "x", "<= 1.15")

    def gopher(self):
        capsule, requests = self.capsule(100), 2000 if self.quick else 10000
        with Perigee(self.program, capsule, "--workers", 1) as ours:
            name = sorted((capsule / "content").glob("*.md"))[0].stem
            body, size = self.page_of(ours, f"gemini://localhost:{ours.gemini}/posts/{name}.gmi")
            port = free_port()
            with minserver(self.tools, capsule, body, "tcp", port) as floor:
                self.compare(f"Gopher post, {size} bytes",
                             {"perigee": (ours, ours.gopher, f"/posts/{name}.txt"),
                              "floor": (floor, port, "/x")}, "gopher", requests, aim="<= 1.3")

    # --- many at once ---

    def crowd(self):
        with Perigee(self.program, self.capsule(100), cpu=None) as ours:
            urls = self.post_urls(100, ours.gemini)
            reports = [load(self.tools, "gemini", ours.gemini, urls, 4000 if self.quick else 10000,
                            connections=512) for _ in range(3)]
            row("512 clients at once: failed", sum(r["failed"] for r in reports), "", "0")
            row("512 clients at once: p99 / median",
                median([r["p99_ms"] / r["p50_ms"] for r in reports]), "x", "<= 3")

    def sustained(self):
        with Perigee(self.program, self.capsule(100), "--workers", 1) as ours:
            ours.settle()
            urls = self.post_urls(100, ours.gemini)
            report = load(self.tools, "gemini", ours.gemini, urls, 10**7, connections=16,
                          extra=("-T", 5 if self.quick else 30))
            row("full load on one core: p99.9 / median", report["p999_ms"] / report["p50_ms"], "x",
                "< 4")

    def idle(self):
        """Memory of a connection that says nothing, before and after the handshake."""
        count = 1000
        with Perigee(self.program, self.capsule(100), "--workers", 1) as ours:
            url = self.post_urls(100, ours.gemini, 1)
            load(self.tools, "gemini", ours.gemini, url, 200)
            ours.settle()
            before = ours.rss_kib()
            silent = [socket.create_connection(("127.0.0.1", ours.gemini)) for _ in range(count)]
            time.sleep(0.5)
            row("idle connection before the handshake", (ours.rss_kib() - before) / count, "KiB", "<= 1")
            for connection in silent:
                connection.close()
        capsule = self.capsule(100)
        with Perigee(self.program, capsule, "--workers", 1) as ours:
            url = self.post_urls(100, ours.gemini, 1)
            load(self.tools, "gemini", ours.gemini, url, 200)
            body, _ = self.page_of(ours, url[0])
            row("idle connection after the handshake",
                idle_kib(self.tools, ours, ours.gemini, url[0], count), "KiB", "<= 10")
        port = free_port()
        with minserver(self.tools, capsule, body, "tls", port) as floor:
            url = f"gemini://localhost:{port}/x"
            load(self.tools, "gemini", port, [url], 200)
            row("the same in the bare loop", idle_kib(self.tools, floor, port, url, count), "KiB")

    # --- sizes of capsules ---

    def scale(self):
        sizes = (12, 1000) if self.quick else (12, 1000, 10000, 100000)
        aims = {12: "<= 7 MiB", 1000: "<= 8 MiB", 100000: "<= 64 MiB"}
        starts, again = {1000: "<= 30", 100000: "<= 4000"}, {1000: "<= 30", 100000: "<= 1000"}
        listing = {}
        for posts in sizes:
            capsule = self.capsule(posts)
            shutil.rmtree(capsule / "cache", ignore_errors=True)
            with Perigee(self.program, capsule, cpu=None) as ours:
                row(f"{posts} posts: start to ready", ours.ready_ms(), "ms", starts.get(posts, ""))
                ours.settle()
                if posts == 10000:
                    self.edit_to_visible(ours, capsule)
            started, spent = [], []
            for _ in range(3):
                with Perigee(self.program, capsule, cpu=None) as ours:
                    started.append(ours.ready_ms())
                    spent.append(ours.cpu_us() / 1000)
                    ours.settle()
            with Perigee(self.program, capsule, cpu=None) as ours:
                rest = ours.rest_kib() / 1024
            row(f"{posts} posts: the next start", min(started), "ms", again.get(posts, ""))
            row(f"{posts} posts: processor time of it", median(spent), "ms")
            row(f"{posts} posts: memory at rest", rest, "MiB", aims.get(posts, ""))
            if posts in (1000, 100000):
                listing[posts] = self.listing_costs(capsule)
        if 100000 in listing:
            for page in listing[1000]:
                row(f"{page} at 100000 posts / at 1000", listing[100000][page] / listing[1000][page],
                    "x", "<= 2")

    def listing_costs(self, capsule):
        """What making a page costs, without the cache of answers and without TLS."""
        pages = {"home": "/", "keyword page": "/keywords/network/", "feed": "/feed.xml"}
        with Perigee(self.program, capsule, "--workers", 1, settings="uncached.yaml") as server:
            server.settle()
            return {name: median([cpu_per_request(server, self.tools, "gopher", server.gopher,
                                                  [path], 200) for _ in range(5)])
                    for name, path in pages.items()}

    def edit_to_visible(self, server, capsule):
        post = sorted((capsule / "content").glob("*.md"))[4321]
        text = post.read_text()
        url = f"gemini://localhost:{server.gemini}/posts/{post.stem}.gmi"
        times = []
        for turn in range(5):
            mark = f"edited-{turn}"
            post.write_text(text + f"\n{mark}\n")
            start = time.monotonic()
            while mark.encode() not in gemini_get(server.gemini, url):
                if time.monotonic() - start > 5:
                    break
            times.append((time.monotonic() - start) * 1000)
            time.sleep(0.3)
        post.write_text(text)
        row("10000 posts: an edit to visible", median(times), "ms", "<= 50")


    # --- programs of their own ---

    def search(self):
        posts = 1000 if self.quick else 10000
        content = self.capsule(posts) / "content"
        aims = {} if self.quick else {"build": "<= 4", "p99": "<= 5"}
        for place, arguments in ("memory", []), ("file", [self.folder / "index.db"]):
            done = subprocess.run([self.tools / "search_bench", content, *arguments],
                                  stdout=subprocess.PIPE, text=True, check=True)
            for line in done.stdout.splitlines():
                name, value, unit = line.split()
                if unit != "of-questions":
                    row(f"search, index in {place}: {name}", float(value), unit, aims.get(name, ""))
        for cores, cpu in ("one core", SERVER_CPU), ("all cores", None):
            self.beside_indexing(posts, cores, cpu)

    def beside_indexing(self, posts, cores, cpu):
        """Requests while the index is built, against the same when it is there."""
        capsule, log = self.capsule(posts), self.folder / "indexing.log"
        kinds = {"a post": post_selector(capsule), "a question": "/search\tgopher"}
        shutil.rmtree(capsule / "cache", ignore_errors=True)
        with log.open("w") as errors, Perigee(self.program, capsule, cpu=cpu, errors=errors) as ours:
            os.sched_setaffinity(0, {int(LOAD_CPU)})
            beside, end = {kind: [] for kind in kinds}, time.monotonic() + 120
            while "are indexed" not in log.read_text() and time.monotonic() < end:
                for kind, selector in kinds.items():
                    beside[kind].append(gopher_ms(ours.gopher, selector))
            ours.settle()
            print(f"  {log.read_text().strip()}", flush=True)
            row(f"{posts} posts, {cores}: memory at rest with the index", ours.rss_kib() / 1024, "MiB")
            for kind, selector in kinds.items():
                before = sorted(beside[kind])
                after = sorted(gopher_ms(ours.gopher, selector) for _ in before)
                for name, share in ("median", 0.5), ("p99", 0.99):
                    at = int(len(before) * share)
                    row(f"{posts} posts, {cores}: {kind} beside indexing / after, {name}",
                        before[at] / after[at], "x", "<= 2")
            os.sched_setaffinity(0, CPUS)

    def export(self):
        """A copy in files: the first run writes all, the second finds nothing to do."""
        posts = 1000 if self.quick else 10000
        capsule = self.capsule(posts)
        aims = {} if self.quick else {"first": "<= 3", "second": "<= 0.3"}
        for form in ("gopher", "gemini"):
            times = {"first": [], "second": []}
            spent = {"first": [], "second": []}  # by all cores: what other programs do does not count
            for turn in range(3):  # ext4 is slow to use what was deleted just now: new folders
                folder = self.folder / f"copy-{form}-{turn}"
                for run, found in times.items():
                    start, before = time.monotonic(), children_seconds()
                    subprocess.run([self.program, "export", "--to", form, folder, "-c",
                                    capsule / "capsule.yaml"], check=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    found.append(time.monotonic() - start)
                    spent[run].append(children_seconds() - before)
            for run, found in times.items():
                row(f"{posts} posts: {run} export, {form}", median(found), "s", aims.get(run, ""))
                row(f"{posts} posts: {run} export, {form}, processor", median(spent[run]), "s")

    def render(self):
        done = subprocess.run([self.tools / "render_bench", self.capsule(1000) / "content"],
                              stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            print(f"  {line}", flush=True)
            ROWS.append({"work": "render", "line": line})


def post_selector(capsule):
    return f"/posts/{min((capsule / 'content').glob('*.md')).stem}.txt"


def gopher_ms(port, selector):
    """Milliseconds that a request takes, which comes when the server has slept for a moment."""
    time.sleep(0.002)
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(selector.encode() + b"\r\n")
        while connection.recv(65536):
            pass
    return (time.perf_counter() - start) * 1000


def children_seconds():
    """Processor time of all programs that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def idle_kib(tools, server, port, url, count):
    """Resident memory of a connection that has shaken hands and says nothing."""
    server.settle()
    before = server.rss_kib()
    clients = subprocess.Popen(["taskset", "-c", LOAD_CPU, tools / "smolload", "-j", "-p", str(port),
                                "-c", "64", "-i", str(count), "-w", "4", url],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    clients.stderr.readline()  # all are held now
    time.sleep(1)
    grown = server.rss_kib() - before
    clients.communicate()
    return grown / count


def main():
    names = ["gemini", "uncached", "gopher", "crowd", "sustained", "idle", "scale", "search",
             "export", "render"]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("build/perigee"))
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("build/bench"))
    parser.add_argument("--only", default=",".join(names))
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller capsules")
    parser.add_argument("--capsules", type=pathlib.Path, help="where generated capsules are kept")
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="perigee-bench-") as folder:
        bench = Bench(args, folder)
        for name in args.only.split(","):
            if name not in names:
                parser.error(f"unknown measurement {name}: one of {', '.join(names)}")
            print(f"{name}:", flush=True)
            getattr(bench, name)()
    if args.json:
        print(json.dumps(ROWS, indent=1))


if __name__ == "__main__":
    main()
