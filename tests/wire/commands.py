#!/usr/bin/env python3
"""The commands as people and their scripts use them: output, exit status, signals.

usage: commands.py PROGRAM [WORD]...
"""
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))
from rig import Rig, check, run_tests, until  # noqa: E402  pylint: disable=C0413

COMMANDS = ("serve", "render", "check", "new", "cert", "export")


def run(program, *arguments, status=0, text="", **options):
    """Runs a command that must end with this status; gives (stdout, stderr)."""
    done = subprocess.run([program, *map(str, arguments)], input=text, capture_output=True, text=True,
                          timeout=30, check=False, **options)
    check(done.returncode == status, f"{arguments}: status {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def help_and_version(program):
    out, err = run(program, "--version")
    check(re.fullmatch(r"perigee \d+\.\d+\.\d+\n", out) and not err, out + err)
    out, err = run(program, "--help")
    check(all(name in out for name in COMMANDS) and not err, out + err)
    for name in COMMANDS:
        out, err = run(program, name, "--help")
        check(out.startswith(f"usage: perigee {name} ") and "Example:" in out and not err, out + err)


def wrong_usage_is_one_line_and_status_2(program):
    for arguments in ([], ["dance"], ["serve", "--dance"], ["serve", "--workers"], ["serve", "--workers", "0"],
                      ["serve", "x"], ["render"], ["render", "--to", "html", "-"], ["new"], ["new", "a", "b"],
                      ["new", "???"], ["check", "x"], ["cert", "-q"], ["render", "/nowhere.md"]):
        with Rig(program, start=False) as rig:
            (rig.folder / "capsule").mkdir()
            (rig.folder / "capsule.yaml").rename(rig.folder / "capsule" / "capsule.yaml")
            out, err = run(program, *arguments, status=2, cwd=rig.folder)
            check(not out and len(err.splitlines()) == 1, f"{arguments}: {out}{err}")


def settings_are_found_in_their_usual_place(program):
    with Rig(program, start=False) as rig:
        _, err = run(program, "check", status=2, cwd=rig.folder)
        check("-c FILE" in err, err)
        (rig.folder / "capsule").mkdir()
        rig.content.rename(rig.folder / "capsule" / "content")
        (rig.folder / "capsule.yaml").rename(rig.folder / "capsule" / "capsule.yaml")
        run(program, "check", cwd=rig.folder)


def new_posts(program):
    with Rig(program, posts=0, start=False) as rig:
        config = rig.folder / "capsule.yaml"
        out, _ = run(program, "new", 'What "it" does: a test', "--series", "Old & new", "--keyword", "C++",
                     "-k", "linear algebra", "-c", config)
        path = pathlib.Path(out.strip())
        check(path.name == "what-it-does-a-test.md" and path.exists(), out)
        text = path.read_text()
        check('title: "What \\"it\\" does: a test"\n' in text and 'series: "Old & new"\n' in text, text)
        check("  - C++\n  - linear algebra\n" in text and "draft: true\n" in text, text)
        run(program, "check", "-c", config)
        _, err = run(program, "new", "what it does, a test", "-c", config, status=2)
        check("what-it-does-a-test.md" in err and path.read_text() == text, err)
        rig.start()
        check(rig.gemini("/posts/what-it-does-a-test.gmi").startswith(b"51 "), "a draft is served")
        path.write_text(text.replace("draft: true\n", ""))
        check(until(lambda: b'# What "it" does: a test\n' in rig.gemini("/posts/what-it-does-a-test.gmi")),
              "not published")


def rendering(program):
    post = "---\ntitle: T\ndate: 2020-01-02\n---\nSee [this](other.md).\n"
    out, err = run(program, "render", "-", text=post)
    check(out.startswith("# T\n") and "2020-01-02" in out and "=> other.md this" in out and not err, out)
    out, _ = run(program, "render", "--to", "gopher", "-", text=post)
    check("See this[1]." in out or "this" in out and "=>" not in out, out)
    out, _ = run(program, "render", "-", text="---\ndate: 2020-05-25\ntags: [AI, ai]\n---\n# One\n\nText\n")
    check(out == "# One\n\n2020-05-25\n=> /keywords/ai/ Keyword: AI\n\nText\n", out)
    with Rig(program, posts=1, start=False) as rig:
        (rig.content / "2020-02-03-named.md").write_text("---\ntitle: Named\n---\nx\n")
        out, _ = run(program, "render", rig.content / "2020-02-03-named.md")
        check(out == "# Named\n\n2020-02-03\n\nx\n", out)
    out, _ = run(program, "render", "-", text="Only text.\n")
    check(out == "Only text.\n", out)
    with Rig(program) as rig:
        for name in ("two.md", "three.md"):
            (rig.content / name).write_text("---\ntitle: Also\ndate: 2020-01-03\ntags: [Odd word]\n---\nx\n")
        (rig.content / "one.md").write_text("---\ntitle: One\ndate: 2020-01-02\nkeyword: odd_word\n---\n"
                                            "See [this](post-3.md).\n")
        (rig.content / "one.json").write_text('{"license": "CC0", "tags": ["beside"]}')
        out, _ = run(program, "render", "-c", rig.folder / "capsule.yaml", rig.content / "one.md")
        check("beside" in out, f"what its data file says is missing: {out}")
        check("=> /posts/post-3.gmi this" in out and "Keyword: Odd word\n" in out, out)
        check(until(lambda: rig.gemini("/posts/one.gmi").partition(b"\r\n")[2].startswith(out.encode())),
              "not as it is served")


def a_missing_content_folder_is_shown_where_it_is_named(program):
    with Rig(program, posts=1, start=False) as rig:
        config = rig.folder / "capsule.yaml"
        lines = [line for line in config.read_text().splitlines() if not line.startswith("content")]
        config.write_text("\n".join([*lines, "content: nowhere"]) + "\n")
        place = f"capsule.yaml:{len(lines) + 1}:10: content: "
        for command in (["check"], ["serve", "--gemini", "127.0.0.1:0", "--gopher", "off"],
                        ["render", rig.content / "post-0.md"], ["export", "--to", "gopher", rig.folder / "out"]):
            out, err = run(program, *command, "-c", config, status=2)
            check(not out and len(err.splitlines()) == 1 and place in err, f"{command}: {out}{err}")


def checking(program):
    with Rig(program, posts=2, start=False) as rig:
        config = rig.folder / "capsule.yaml"
        out, _ = run(program, "check", "-c", config)
        check(out == "", out)
        (rig.content / "faulty.md").write_text(
            "---\ntitle: Faulty\ndate: 2020-01-02\nkeyword: [a\n---\nA [link](nowhere.md),\n"
            "an ![](large.bin), and [a file](missing.png).\n\n```\n![](in-code.png)\n```\n"
            "\n{{< unheard of=1 >}}in{{< /unheard >}} {% if x %}{{< details \"a\" >}}\n")
        (rig.content / "one.md").write_text("---\ntitle: One\ndate: 2020-01-02\n---\n")
        (rig.content / "sub").mkdir()
        (rig.content / "sub" / "one.md").write_text("---\ntitle: One\ndate: 2020-01-03\n---\n")
        out, _ = run(program, "check", "-c", config, status=1)
        for place in ("faulty.md:5:1: ", "faulty.md:6:10: ", "faulty.md:7:4: ", "faulty.md:7:33: ",
                      "faulty.md:13:1: ", "one.md"):
            check(place in out, f"no {place} in {out}")
        check("in-code" not in out and len(out.splitlines()) == 6, out)


def certificates(program):
    with Rig(program, settings="hosts: [localhost, example.org]\n", start=False) as rig:
        config = rig.folder / "capsule.yaml"
        config.write_text(config.read_text().replace("hosts: [localhost]\n", ""))
        out, _ = run(program, "cert", "-c", config)
        check("localhost (made now)\n" in out and "example.org (made now)\n" in out, out)
        key = rig.folder / "certs" / "localhost.key"
        check(key.stat().st_mode & 0o777 == 0o600, oct(key.stat().st_mode))
        before, old = key.read_bytes(), (rig.folder / "certs" / "localhost.crt").read_bytes()
        run(program, "cert", "--renew", "-c", config)
        check(key.read_bytes() == before, "the key has changed")
        check((rig.folder / "certs" / "localhost.crt").read_bytes() != old, "not renewed")
        text = subprocess.run(["openssl", "x509", "-noout", "-text", "-in",
                               rig.folder / "certs" / "localhost.crt"], capture_output=True, text=True,
                              check=True).stdout
        check("DNS:localhost" in text and "prime256v1" in text, text)


def the_first_lines_say_where_it_is(program):
    with Rig(program, posts=4) as rig:
        check(re.fullmatch(r"gemini gemini://localhost:(\d+)/ \(127\.0\.0\.1:\1\)", rig.lines[0]), rig.lines[0])
        check(re.fullmatch(r"gopher gopher://localhost:(\d+)/ \(127\.0\.0\.1:\1\)", rig.lines[1]), rig.lines[1])
        check(re.fullmatch(r"ready: 4 posts, 1 series, 2 keywords in \d+ ms", rig.lines[2]), rig.lines[2])
        check(len(rig.lines) == 3, rig.lines)
        check(rig.stop() == 0, "exit status")
    with Rig(program, options=["--gopher", "off"]) as rig:
        check(len(rig.lines) == 2, rig.lines)
        check(b"gopher://" not in rig.gemini("/"), "home links what is not served")
    with Rig(program, settings="gemini: {port: 1965}\n", options=["--host", "example.net"]) as rig:
        check(rig.lines[0].startswith("gemini gemini://example.net:1965/ (127.0.0.1:"), rig.lines[0])


def drafts_are_shown_when_asked(program):
    with Rig(program, start=False, options=["--drafts"]) as rig:
        (rig.content / "draft.md").write_text("---\ntitle: Draft\ndate: 2020-01-01\ndraft: true\n---\n")
        (rig.content / "future.md").write_text("---\ntitle: Future\ndate: 2999-01-01\n---\n")
        rig.start()
        check(rig.gemini("/posts/draft.gmi").startswith(b"20 "), "no draft")
        check(rig.gemini("/posts/future.gmi").startswith(b"20 "), "no post of the future")


def several_capsules_in_one_process(program):
    with Rig(program, start=False) as first, Rig(program, start=False) as second:
        text = (first.folder / "capsule.yaml").read_text()
        (first.folder / "capsule.yaml").write_text(text.replace("Faults", "First"))
        (second.folder / "capsule.yaml").write_text(
            text.replace("Faults", "Second").replace("localhost", "example.org"))
        first.options = ["-c", second.folder / "capsule.yaml"]
        first.start()
        lines = [line for line in first.lines if not line.startswith("ready")]
        check(len(lines) == 4, first.lines)
        gopher = [int(re.search(r":(\d+)\)$", line)[1]) for line in lines if line.startswith("gopher")]

        def title(host):
            raw = first.connect(first.gemini_port)
            with first.context.wrap_socket(raw, server_hostname=host) as stream:
                stream.sendall(f"gemini://{host}:{first.gemini_port}/\r\n".encode())
                shown = ssl.DER_cert_to_PEM_cert(stream.getpeercert(True))
                return re.search("# (.*)", first.read_all(stream).decode())[1], shown

        check(title("localhost")[0] == "First" and title("example.org")[0] == "Second", "wrong capsules")
        check(title("localhost")[1] != title("example.org")[1], "one certificate for both names")
        titles = []
        for port in gopher:
            with first.connect(port) as stream:
                stream.sendall(b"\r\n")
                titles.append(first.read_all(stream).split(b"\t")[0].decode())
        check("First" in titles[0] and "Second" in titles[1], titles)


def the_access_log(program):
    with Rig(program, settings="log: {access: access.log, addresses: short}\n") as rig:
        log = rig.folder / "access.log"
        rig.gemini("/posts/post-3.gmi")
        rig.gemini("/posts/post-3.gmi")
        rig.gopher("/a\x1bb c")
        rig.gopher("")
        check(until(lambda: log.exists() and len(log.read_text().splitlines()) == 4), "not four lines")
        lines = log.read_text().splitlines()
        time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.0 "
        # Each worker's lines are in their order; those of several workers may be mixed.
        pages = [line for line in lines if re.fullmatch(time + r"gemini /posts/post-3\.gmi 20 \d+ \d+", line)]
        check(len(pages) == 2 and pages[0].split()[5] == pages[1].split()[5], lines)
        for wanted in (r"gopher /a\\x1bb\\x20c (51|59) \d+ \d+", r"gopher / 20 \d+ \d+"):
            check([line for line in lines if re.fullmatch(time + wanted, line)], f"no {wanted}: {lines}")
        log.rename(rig.folder / "access.log.1")
        rig.process.send_signal(signal.SIGHUP)
        check(until(log.exists), "not opened anew")
        rig.gopher("")
        check(until(lambda: len(log.read_text().splitlines()) == 1), "no line in the new file")
        rig.configure("log: {access: access.log, addresses: none}\n")
        rig.process.send_signal(signal.SIGHUP)
        check(until(lambda: rig.gopher("") and " - gopher / 20 " in log.read_text()), "an address")


def systemd_is_told(program):
    with Rig(program, start=False) as rig, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bus:
        path = str(rig.folder / "notify")
        bus.bind(path)
        bus.settimeout(10)
        os.environ["NOTIFY_SOCKET"] = path
        try:
            rig.start()
        finally:
            del os.environ["NOTIFY_SOCKET"]
        check(bus.recv(500) == b"READY=1", "not ready")
        rig.process.send_signal(signal.SIGHUP)
        check(re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+", bus.recv(500)), "not reloading")
        check(bus.recv(500) == b"READY=1", "not ready again")
        check(rig.stop() == 0, "exit status")
        check(bus.recv(500) == b"STOPPING=1", "not stopping")


def a_tls_session_is_resumed(program):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with Rig(program) as rig:
            rig.context.minimum_version = rig.context.maximum_version = version
            request = f"gemini://localhost:{rig.gemini_port}/\r\n".encode()
            with rig.tls() as stream:
                stream.sendall(request)
                rig.read_all(stream)
                session = stream.session
            raw = rig.connect(rig.gemini_port)
            with rig.context.wrap_socket(raw, server_hostname="localhost", session=session) as stream:
                stream.sendall(request)
                check(rig.read_all(stream).startswith(b"20 "), "not answered")
                check(stream.session_reused, f"not resumed: {version}")


if __name__ == "__main__":
    run_tests([help_and_version, wrong_usage_is_one_line_and_status_2, settings_are_found_in_their_usual_place,
               new_posts, rendering, a_missing_content_folder_is_shown_where_it_is_named, checking,
               certificates, the_first_lines_say_where_it_is, drafts_are_shown_when_asked, several_capsules_in_one_process, the_access_log,
               systemd_is_told, a_tls_session_is_resumed],
              [str(pathlib.Path(sys.argv[1]).resolve()), *sys.argv[2:]])
