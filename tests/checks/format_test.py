import shutil
import unittest

from tree import SCRIPTS, CheckTest


class Format(CheckTest):
    check = "check-format"

    def setUp(self):
        super().setUp()
        shutil.copy(SCRIPTS.parent / ".clang-format", self.root)
        self.put({"sim/base/good.h": "#pragma once\n\nint good();\n", "tests/base/good_test.cpp": "int good();\n"})

    def test_formatted_files_are_accepted(self):
        self.accepts()

    def test_an_unformatted_header_is_found(self):
        self.put({"sim/base/bad.h": "#pragma once\n\nint   bad( );\n"})
        self.refuses("sim/base/bad.h:3", "--fix")

    def test_an_unformatted_test_is_found(self):
        self.put({"tests/base/bad_test.cpp": "int   bad( );\n"})
        self.refuses("tests/base/bad_test.cpp:1")

    def test_a_tree_without_sources_is_refused(self):
        shutil.rmtree(self.root / "sim")
        shutil.rmtree(self.root / "tests")
        self.refuses("neither sim nor tests")


if __name__ == "__main__":
    unittest.main()
