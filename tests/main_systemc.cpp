// Every binary that links libsystemc needs an sc_main(). main() is here too, and not libsystemc's, for one reason: to
// keep the library's banner out of the output of every single test.
#include <gtest/gtest.h>

#include <cstdlib>
#include <systemc>

int main(int argc, char** argv) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  return sc_core::sc_elab_and_sim(argc, argv);
}

int sc_main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
