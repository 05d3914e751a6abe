// Co-simulates the verilated models in shared objects that are given at run time: mutant_bench MODEL.so SEED TRANSFERS.
// So a mutant costs one verilation and the compilation of its model; the bench is built once. Status 0: RTL and cycle
// body are equal; 1: they differ; 2: the run could not be made.
#include <dlfcn.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "cosim/cosim.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: mutant_bench MODEL.so SEED TRANSFERS\n";
    return 2;
  }
  if (dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL) == nullptr) {  // its static initialiser registers the model
    std::cerr << dlerror() << "\n";
    return 2;
  }
  lutetia::CosimOptions options;
  options.variant = "mutant";
  options.seed = std::strtoull(argv[2], nullptr, 10);
  options.transactions = std::strtoull(argv[3], nullptr, 10);
  options.failure_waveforms.clear();
  const lutetia::CosimReport report = lutetia::run_cosim(options, std::cout);
  if (!report.problems.empty()) return 2;
  return report.passed() ? 0 : 1;
}

/// libsystemc, which the units bring along, wants one.
extern "C" int sc_main(int, char**) {
  return 2;
}
