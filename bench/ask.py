"""Ask the fleet question of the example folder, as the README shows it, and keep what the terminal said.

python bench/ask.py         measures and rewrites the record and the README's transcript
"""

import subprocess
import sys

from records import ROOT, write

from labkit.baseline import QUESTION

COMMAND = f'.venv/bin/python -m labkit ask --docs examples/fleet "{QUESTION}"'
BEGIN, END = "<!-- transcript of bench/ask.py -->\n```console\n", "```\n<!-- end -->"


def transcript(said: str) -> str:
    """The README's block for what the command printed."""
    return f"{BEGIN}$ {COMMAND}\n{said}{END}"


def main() -> None:
    """Run the command twice, the first time to warm the caches, and keep the second."""
    arguments = [sys.executable, "-m", "labkit", "ask", "--docs", "examples/fleet", QUESTION]
    for _ in range(2):
        said = subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    write("ask", {"command": COMMAND, "said": said})
    readme = (ROOT / "README.md").read_text()
    before, rest = readme.split(BEGIN)
    (ROOT / "README.md").write_text(before + transcript(said) + rest.split(END, 1)[1])


if __name__ == "__main__":
    main()
