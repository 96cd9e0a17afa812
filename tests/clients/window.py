"""Kristall, a client with windows, on a display of its own: its text by the clipboard, and a picture."""
import os
import pathlib
import subprocess
import tempfile
import time

from terminal import PATIENCE_S

WIDTH, HEIGHT = 900, 1200

# The start page brings the address: on the command line it leaves the tab blank. Gopher is off by default.
SETTINGS = """[General]
start_page={url}
text_decoration=true

[Protocols]
gemini=true
gopher=true
"""


class Display:
    """An X server without a screen, until the block ends."""

    def __enter__(self):
        ours, its = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(its), "-nolisten", "tcp",
                                        "-screen", "0", f"{WIDTH}x{HEIGHT}x24"], pass_fds=[its],
                                       stderr=subprocess.DEVNULL)
        os.close(its)
        with os.fdopen(ours) as number:
            return ":" + number.readline().strip()

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


class Kristall:
    """The client with one page, until the block ends."""

    def __init__(self, url, display, home):
        settings = pathlib.Path(home, ".config/kristall/config.ini")
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS.format(url=url))
        self.log = pathlib.Path(home, "log")
        self.environment = {"PATH": os.environ["PATH"], "HOME": home, "XDG_RUNTIME_DIR": home, "DISPLAY": display,
                            "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}

    def __enter__(self):
        with open(self.log, "w") as log:
            self.client = subprocess.Popen(["kristall", "--isolated"], env=self.environment, stdout=log,
                                           stderr=subprocess.STDOUT)
        return self

    def tell(self, *command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout

    def fill_display(self):
        """True when there is a window."""
        names = self.tell("xdotool", "search", "--onlyvisible", "--name", "Kristall").split()
        if names:
            self.tell("xdotool", "windowmove", names[-1], "0", "0", "windowsize", names[-1], str(WIDTH), str(HEIGHT))
        return bool(names)

    def wait_for_page(self):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.client.poll() is None:
            if "Loaded " in self.log.read_text() and self.fill_display():
                time.sleep(1)  # it says so before it draws
                return
            time.sleep(0.1)

    def text(self):
        """All of the page, as a reader would copy it."""
        self.tell("xdotool", "mousemove", str(WIDTH // 2), str(HEIGHT // 2), "click", "1", "key", "ctrl+a", "key", "ctrl+c")
        time.sleep(0.5)
        return self.tell("timeout", "5", "xclip", "-out", "-selection", "clipboard")

    def __exit__(self, *_):
        self.client.terminate()
        self.client.wait()


def in_window(url, _, picture):
    """What Kristall shows of a page, as text; the window is saved in `picture`."""
    with Display() as display, tempfile.TemporaryDirectory(prefix="perigee-client-") as home, \
         Kristall(url, display, home) as kristall:
        kristall.wait_for_page()
        kristall.tell("import", "-window", "root", str(picture))
        return kristall.text()
