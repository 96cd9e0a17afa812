"""A terminal client under tmux: what its screen shows, as text."""
import os
import pathlib
import shlex
import subprocess
import tempfile
import time

PATIENCE_S = 20


class Terminal:
    """A program in a tmux of its own, until the block ends."""

    def __init__(self, command, home, columns, rows):
        self.tmux = ["tmux", "-L", os.path.basename(home), "-f", "/dev/null"]
        self.size = ["-x", str(columns), "-y", str(rows)]
        # Both say where a client's settings are; bombadillo asks the password file instead of HOME.
        self.command = shlex.join(["env", "TERM=screen-256color", "LC_ALL=C.UTF-8", f"HOME={home}",
                                   f"XDG_CONFIG_HOME={home}/.config", *command])

    def __enter__(self):
        subprocess.run(self.tmux + ["new-session", "-d", "-s", "client", *self.size, self.command], check=True)
        return self

    def screen(self):
        return subprocess.run(self.tmux + ["capture-pane", "-p", "-t", "client"], capture_output=True,
                              text=True, check=False).stdout

    def wait_for(self, text):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            screen = self.screen()
            # Once more: a client that draws from top to bottom is done a moment later.
            if text in screen and "Loading" not in screen:
                time.sleep(0.5)
                return self.screen()
            time.sleep(0.2)
        return self.screen()

    def __exit__(self, *_):
        subprocess.run(self.tmux + ["kill-server"], check=False)


def in_terminal(*command, columns=100, rows=45, settings=None):
    """A function (url, text) -> what the client shows once text is there, or when patience ends.

    settings: path in the client's home -> text
    """
    def show(url, text, *_):
        with tempfile.TemporaryDirectory(prefix="perigee-client-") as home:
            for path, words in (settings or {}).items():
                file = pathlib.Path(home) / path
                file.parent.mkdir(parents=True)
                file.write_text(words)
            with Terminal([*command, url], home, columns, rows) as terminal:
                return terminal.wait_for(text)
    return show
