import subprocess
import unittest

from tree import CheckTest

HOMES = ["/" + name + "/" for name in ("home", "root", "work")]  # not spelled out: this file is checked too


class Paths(CheckTest):
    check = "check-paths"

    def setUp(self):
        super().setUp()
        self.put({"README.md": "relative/work/here, https://example.org/home/page, ${x}/root/y, build/release\n"})

    def test_relative_paths_and_addresses_are_accepted(self):
        self.accepts()

    def test_each_absolute_path_is_found_with_file_and_line(self):
        for home in HOMES:
            for before in ("", "cd ", '"', "(", "=", "-I"):
                with self.subTest(home=home, before=before):
                    self.put({"scripts/x": f"#\n{before}{home}me\n"})
                    self.refuses("scripts/x:2:")

    def test_in_a_clone_ignored_files_do_not_count_but_new_ones_do(self):
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.put({".gitignore": "/build/\n", "build/log": HOMES[0] + "me\n"})
        self.accepts()
        self.put({"new": HOMES[0] + "me\n"})
        self.refuses("new:1:")


if __name__ == "__main__":
    unittest.main()
