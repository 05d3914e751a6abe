"""A miniature source tree to run a check on: what every test of a check begins with."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"


class CheckTest(unittest.TestCase):
    check = ""  # name of the script

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)

    def put(self, files):
        """files: path -> content"""
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")

    def run_check(self):
        result = subprocess.run([SCRIPTS / self.check, self.root], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, check=False)
        return result.returncode, result.stdout

    def accepts(self):
        status, output = self.run_check()
        self.assertEqual(status, 0, output)

    def refuses(self, *texts):
        """The check fails, for the expected reason, and like a check: not by a crash."""
        status, output = self.run_check()
        self.assertEqual(status, 1, output)
        self.assertNotIn("Traceback", output)
        for text in texts:
            self.assertIn(text, output)
